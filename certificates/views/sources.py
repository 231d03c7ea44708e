"""From what certificates are prepared: plans, courses, all results of a person."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from certificates import actions, queries, source_queries
from certificates.collecting import COURSE_KINDS
from certificates.models import Kind
from certificates.rules import keeps_register
from certificates.source_queries import CourseRow
from credpoints.accounts.models import Person
from credpoints.http.requests import SignedInRequest
from credpoints.organisations.models import Programme

MOST = 50


@require_GET
@login_required
def sources(request: SignedInRequest) -> HttpResponse:
    """What certificates can be begun from, with a search for people whose results are listed."""
    if not keeps_register(request.user):
        raise Http404
    text = request.GET.get("q", "").replace("\x00", "").strip()  # PostgreSQL takes it in no text
    context = {
        "without": queries.without_certificate(request.user)[:MOST],
        "courses": source_queries.courses_of(request.user)[:MOST],
        "people": source_queries.people_with_results(request.user, text),
        "text": text,
    }
    return render(request, "certificates/sources.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def course(request: SignedInRequest, uuid: Any) -> HttpResponse:
    """Everybody in one course, and whose certificate can be begun; drafts for those who are ticked."""
    offering = get_object_or_404(source_queries.courses_of(request.user), uuid=uuid)
    wanted = request.POST.get("kind") or request.GET.get("kind", "")
    kind = wanted if wanted in COURSE_KINDS else Kind.MODULE.value
    rows = source_queries.course_rows(request.user, offering, kind)
    if request.method == "POST":
        ticked = set(request.POST.getlist("enrolment"))
        chosen = [row for row in rows if str(row.enrolment.uuid) in ticked and row.certificate is None]
        if chosen:
            _prepare(request, chosen, kind)
            return redirect("certificates:register")
        messages.info(request, _("Nobody was ticked, so nothing was prepared."))
    context = {
        "offering": offering,
        "kind": kind,
        "kinds": [(one.value, one.label) for one in COURSE_KINDS],
        "rows": rows,
        "ready": sum(1 for row in rows if row.is_ready and row.certificate is None),
    }
    return render(request, "certificates/course.html", context)


@require_POST
@login_required
def transcript(request: SignedInRequest, uuid: Any, slug: str) -> HttpResponse:
    """List all results of one person in one programme."""
    enrolments = source_queries.enrolments_of(request.user)
    person = get_object_or_404(Person.objects.filter(pk__in=enrolments.values("person")), uuid=uuid)
    programme = get_object_or_404(Programme.objects.filter(pk__in=enrolments.values("programme")), slug=slug)
    return redirect(actions.prepare_transcript(person=person, programme=programme, by=request.user))


def _prepare(request: SignedInRequest, chosen: list[CourseRow], kind: str) -> None:
    """One draft each, by programme, and say how many."""
    by_programme: dict[Programme, list[Any]] = {}
    for row in chosen:
        by_programme.setdefault(source_queries.programme_of(row.enrolment), []).append(row.enrolment)
    count = 0
    for programme, enrolments in by_programme.items():
        done = actions.prepare_for_course(enrolments=enrolments, programme=programme, kind=kind, by=request.user)
        count += len(done.drafts)
    messages.info(
        request,
        ngettext("%(n)s certificate is prepared.", "%(n)s certificates are prepared.", count) % {"n": count},
    )
