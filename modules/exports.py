"""Lists as CSV files, with the columns that the page shows."""

import csv
from collections.abc import Iterable

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from credpoints.common.cells import safe_cell
from credpoints.common.translated import text_in
from modules.models import ModuleVersion, Offering
from modules.queries import Participant


def csv_response(name: str, head: list[str], rows: Iterable[Iterable[object]]) -> HttpResponse:
    """A CSV file that spreadsheets open in UTF-8."""
    response = HttpResponse(
        "\ufeff",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    writer = csv.writer(response)
    writer.writerow(head)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return response


def catalogue_csv(versions: Iterable[ModuleVersion]) -> HttpResponse:
    """The modules of a search."""
    head = [
        pgettext("module", "Code"),
        _("Title"),
        _("Provider"),
        _("Credits"),
        _("Hours"),
        _("Level"),
        _("Languages"),
        _("Mode"),
    ]
    rows = (
        (
            version.module.code,
            text_in(version.title),
            text_in(version.module.provider.name),
            f"{version.credits.normalize():f}",
            f"{version.hours.normalize():f}",
            version.eqf_level or "",
            ", ".join(version.languages),
            version.get_mode_display(),
        )
        for version in versions
    )
    return csv_response("catalogue.csv", head, rows)


def group_csv(offering: Offering, lines: Iterable[Participant]) -> HttpResponse:
    """The people of a group with their results."""
    head = [_("Name"), _("E-mail"), _("State"), _("Attempts"), _("Result"), _("Credits")]
    rows = (
        (
            line.enrolment.person,
            line.enrolment.person.mail_address,
            line.enrolment.get_state_display(),
            len(line.results),
            line.results[-1].written if line.results else "",
            f"{line.results[-1].credits.normalize():f}" if line.results else "",
        )
        for line in lines
    )
    return csv_response("group.csv", head, rows)
