"""The register: search, filters, export."""

import csv

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from certificates import queries
from certificates.models import Certificate, Kind, State
from certificates.rules import administers_any, keeps_register, may_design_somewhere
from credpoints.http.requests import SignedInRequest


@require_GET
@login_required
def register(request: SignedInRequest) -> HttpResponse:
    """All certificates of the programmes where the person works, with search and filters in the address."""
    if not keeps_register(request.user):
        raise Http404
    certificates = queries.found(Certificate.objects.managed_by(request.user).for_pages(), request.GET.dict())
    page = Paginator(certificates.order_by("-created_at", "-pk"), 50).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(certificate, queries.tone(certificate)) for certificate in page],
        "states": State.choices,
        "kinds": Kind.choices,
        "without": queries.without_certificate(request.user)[:20],
        "may_design": may_design_somewhere(request.user),
        "may_revoke_many": administers_any(request.user),
        "is_filtered": any(request.GET.get(name) for name in ("q", "state", "kind", "year")),
    }
    return render(request, "certificates/register.html", context)


@require_GET
@login_required
def export(request: SignedInRequest) -> HttpResponse:
    """The register as it is filtered, for a spreadsheet."""
    if not keeps_register(request.user):
        raise Http404
    found = queries.found(Certificate.objects.managed_by(request.user).for_pages(), request.GET.dict())
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="certificates.csv"'
    response.write("\ufeff")  # so that spreadsheets read it as UTF-8
    writer = csv.writer(response, delimiter=";")
    writer.writerow([_("Number"), _("Holder"), _("Title"), _("Kind"), _("State"), _("Issued on"), "SHA-256"])
    for one in found.order_by("number", "pk"):
        cells = [one.number or "", one.holder_name, one.title, one.get_kind_display(), one.get_state_display()]
        writer.writerow([_harmless(str(cell)) for cell in [*cells, one.issued_on or "", one.pdf_sha256]])
    return response


def _harmless(cell: str) -> str:
    """A name that begins like a formula must not become one in a spreadsheet."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
