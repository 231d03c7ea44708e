"""The advisors' list: filters in the address, searches, export."""

import io
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from openpyxl import Workbook

from applicants import actions, listing
from applicants.models import Application, BulkStep, Decision, Overall, SavedSearch, State
from applicants.queries import free_places
from applicants.views.downloads import csv_file, download
from credpoints.accounts.models import Role
from credpoints.common.cells import safe_cell
from credpoints.http.requests import SignedInRequest
from credpoints.organisations.models import Programme
from credpoints.organisations.rules import is_admin

PER_PAGE = 50


def staffed_programme(request: SignedInRequest, slug: str) -> Programme:
    staffed = Programme.objects.staffed_by(request.user, Role.ADVISOR, Role.PROGRAMME_ADMIN)
    return get_object_or_404(staffed, slug=slug)


def handled(request: SignedInRequest, uuid: UUID) -> Application:
    found = Application.objects.handled_by(request.user)
    return get_object_or_404(
        found.select_related("form_version", "programme", "person__user", "advisor__person"), uuid=uuid
    )


@require_GET
@login_required
def intake(request: SignedInRequest) -> HttpResponse:
    """The programmes whose applications somebody handles; straight to the list when there is one."""
    programmes = Programme.objects.staffed_by(request.user, Role.ADVISOR, Role.PROGRAMME_ADMIN).order_by("pk")
    if not programmes:
        raise Http404
    if len(programmes) == 1:
        return redirect("applicants:applications", programmes[0].slug)
    counts = dict(
        Application.objects.handled_by(request.user)
        .filter(state__in=[State.SUBMITTED, State.IN_REVIEW])
        .values_list("programme")
        .annotate(Count("pk"))
    )
    rows = [{"programme": programme, "waiting": counts.get(programme.pk, 0)} for programme in programmes]
    return render(request, "applicants/intake.html", {"rows": rows})


@require_GET
@login_required
def applications(request: SignedInRequest, slug: str) -> HttpResponse:
    """The list: filter, search, order and page are in the address."""
    programme = staffed_programme(request, slug)
    wanted = listing.Filter.read(request.GET)
    everything = listing.listed(programme, request.user)
    pending = Prefetch("decisions", Decision.objects.filter(released_at=None), to_attr="pending")
    rows = (
        wanted.apply(everything)
        .select_related("person__user", "advisor__person")
        .defer("snapshot")
        .prefetch_related(pending)
    )
    counts = listing.count_by_state(everything)
    page = listing.paginator(rows, wanted, counts, PER_PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    for row in page.object_list:
        row.programme = programme
        row.clock = listing.clock(row, now=now)  # type: ignore[attr-defined]  # for the template
    context = {
        "programme": programme,
        "filter": wanted,
        "page": page,
        "counts": listing.shown_counts(counts, wanted.state),
        "advisors": listing.advisors(programme),
        "results": Overall.choices,
        "sorts": [(key, label) for key, (label, _order) in listing.SORTS.items()],
        "bulk_steps": BulkStep.choices,
        "searches": SavedSearch.objects.filter(user=request.user, programme=programme),
        "free": free_places(programme),
        "query": request.GET.urlencode(),
        "is_admin": is_admin(request.user, programme.pk),
    }
    return render(request, "applicants/applications.html", context)


@require_GET
@login_required
def applications_export(request: SignedInRequest, slug: str, kind: str) -> HttpResponse:
    """The filtered list as CSV or XLSX."""
    programme = staffed_programme(request, slug)
    rows = listing.export_rows(listing.Filter.read(request.GET).apply(listing.listed(programme, request.user)))
    if kind == "csv":
        return csv_file(rows, f"{slug}.csv")
    if kind != "xlsx":
        raise Http404
    book = Workbook(write_only=True)
    sheet = book.create_sheet("applications")
    for row in rows:
        sheet.append([safe_cell(value) for value in row])
    binary = io.BytesIO()
    book.save(binary)
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return download(binary.getvalue(), media_type, f"{slug}.xlsx")


@require_POST
@login_required
def search_save(request: SignedInRequest, slug: str) -> HttpResponse:
    """Keep the present filter under a name, or forget a kept one."""
    programme = staffed_programme(request, slug)
    forget = request.POST.get("forget", "")
    if listing.NUMBER.match(forget):
        SavedSearch.objects.filter(user=request.user, programme=programme, pk=forget).delete()
    elif request.POST.get("name", "").strip():
        actions.save_search(user=request.user, programme=programme, name=request.POST["name"],
                            query=request.POST.get("query", ""))  # fmt: skip
    return redirect(f"{request.path.removesuffix('searches/')}?{request.POST.get('query', '')}")
