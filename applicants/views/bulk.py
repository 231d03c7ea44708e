"""One step for many: a page that says what will happen, and one that shows how far it is and what came of it."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applicants import bulking
from applicants.actions.bulk import begin_bulk_run, resume_bulk_run
from applicants.models import BulkRun
from applicants.views.staff import staffed_programme
from credpoints.http.requests import SignedInRequest
from credpoints.jobs.models import Job, JobState
from credpoints.organisations.models import Programme

PER_PAGE = 50


@require_http_methods(["GET", "POST"])
@login_required
def bulk(request: SignedInRequest, slug: str) -> HttpResponse:
    """Before: how many, what changes, who gets mail. The button asks for the run, once. Without a step: all runs."""
    programme = staffed_programme(request, slug)
    asked = bulking.Asked.read(request.POST if request.method == "POST" else request.GET)
    if asked.step is None:
        return _runs(request, programme)
    token = next(iter(bulking.read_uuids([request.POST.get("token", "")])), None)
    running = BulkRun.objects.visible_to(request.user).filter(uuid__in=[token] if token else [], asked_by=request.user)
    if running:
        return redirect(running[0])
    choice = bulking.choice(asked, programme, request.user)
    if not choice.total:
        messages.warning(request, _("Nothing was chosen. Tick applications, or choose all that fit the filter."))
        return _back(programme, asked.query)
    changed = token is not None and request.POST.get("digest") != choice.digest
    if token and not changed and choice.pairs:
        run = begin_bulk_run(programme=programme, step=choice.step, pairs=choice.pairs, left_out=choice.left_out,
                             query=asked.query, uuid=token, by=request.user, mails=asked.mails)  # fmt: skip
        return redirect(run)
    context = {"programme": programme, "asked": asked, "choice": choice, "token": token or uuid4(), "changed": changed}
    return render(request, "applicants/bulk_confirm.html", context, status=409 if changed else 200)


def _runs(request: SignedInRequest, programme: Programme) -> HttpResponse:
    runs = BulkRun.objects.visible_to(request.user).filter(programme=programme).defer("chosen")
    page = Paginator(runs.select_related("asked_by__person"), PER_PAGE).get_page(request.GET.get("page"))
    for run in page.object_list:
        run.programme = programme
    return render(request, "applicants/bulk_runs.html", {"programme": programme, "page": page})


def _back(programme: Programme, query: str) -> HttpResponse:
    return redirect(f"{reverse('applicants:applications', args=[programme.slug])}?{query}")


@require_http_methods(["GET", "POST"])
@login_required
def bulk_run(request: SignedInRequest, slug: str, uuid: UUID) -> HttpResponse:
    """After: how far it is, what was done, what was not and why. The page asks again by itself while work goes on."""
    visible = BulkRun.objects.visible_to(request.user).defer("chosen").select_related("programme", "asked_by__person")
    run = get_object_or_404(visible, programme__slug=slug, uuid=uuid)
    if request.method == "POST":
        resume_bulk_run(run=run, by=request.user)
        return redirect(run)
    counts = run.counts()
    stopped = run.finished_at is None and Job.objects.filter(key=run.job_key, state=JobState.FAILED).exists()
    # What was refused comes first: it is what somebody has to look at.
    items = run.items.select_related("application__person").order_by("-outcome", "pk")
    context = {
        "run": run,
        "counts": counts,
        "through": sum(counts.values()),
        "is_working": run.finished_at is None and not stopped,
        "stopped": stopped,
        "may_resume": stopped and run.asked_by == request.user,
        "page": Paginator(items, PER_PAGE).get_page(request.GET.get("page")),
    }
    response = render(request, "applicants/bulk_run.html", context)
    if request.headers.get("HX-Request") and not context["is_working"]:
        response.headers["HX-Refresh"] = "true"  # the table of results is drawn with the whole page
    return response
