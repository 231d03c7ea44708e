"""The register: search, filters, export."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from certificates import queries, register_rows
from certificates.models import Certificate, Kind, State
from certificates.rules import administers_any, keeps_register, may_design_somewhere
from credpoints.http.requests import SignedInRequest

FILTERS = ("q", "state", "kind", "year")


@require_GET
@login_required
def register(request: SignedInRequest) -> HttpResponse:
    """All certificates of the programmes where the person works, with search and filters in the address."""
    if not keeps_register(request.user):
        raise Http404
    wanted = _wanted(request)
    certificates = queries.matching(Certificate.objects.managed_by(request.user).for_pages(), wanted)
    page = Paginator(certificates.order_by("-created_at", "-pk"), 50).get_page(request.GET.get("page"))
    erased = queries.erased(request.user, wanted)
    context = {
        "page": page,
        "rows": [(certificate, queries.tone(certificate)) for certificate in page],
        "erased": erased[: queries.MOST_ERASED],
        "erased_count": len(erased),
        "states": State.choices,
        "kinds": Kind.choices,
        "may_design": may_design_somewhere(request.user),
        "may_revoke_many": administers_any(request.user),
        "is_filtered": any(request.GET.get(name) for name in FILTERS),
    }
    return render(request, "certificates/register.html", context)


@require_GET
@login_required
def export(request: SignedInRequest, form: str) -> HttpResponse:
    """The register as it is filtered, for a spreadsheet."""
    if not keeps_register(request.user) or form not in register_rows.FORMATS:
        raise Http404
    wanted = _wanted(request)
    found = queries.matching(Certificate.objects.managed_by(request.user).for_pages(), wanted)
    # Databases disagree about where "nothing" stands; here what has no number yet comes first.
    found = found.order_by(F("number").asc(nulls_first=True), "pk")
    media_type, write = register_rows.FORMATS[form]
    response = HttpResponse(write(register_rows.rows(found, queries.erased(request.user, wanted))), media_type)
    response["Content-Disposition"] = f'attachment; filename="certificates.{form}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _wanted(request: SignedInRequest) -> dict[str, str]:
    """What the address asks for, without the one character that PostgreSQL takes in no text."""
    return {name: request.GET.get(name, "").replace("\x00", "") for name in FILTERS}
