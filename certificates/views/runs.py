"""Issue runs: put together, look at what would be issued, approve, start, pause, go on."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from certificates import checking, lasting_queries, troubles
from certificates.actions import runs as actions
from certificates.design_forms import RunForm
from certificates.models import Certificate, IssueRun, IssueRunItem, Outcome, RunState, State
from certificates.rules import keeps_register, may_start_run
from certificates.workflow import ISSUE_RUN
from credpoints.accounts.models import Role
from credpoints.audit.words import history
from credpoints.http.requests import SignedInRequest
from credpoints.organisations.models import Programme
from credpoints.outbox import actions as outbox

TONES = {
    RunState.WAITING: "warning",
    RunState.HALF_APPROVED: "warning",
    RunState.PAUSED: "warning",
    RunState.FINISHED: "good",
    RunState.DISCARDED: "neutral",
}
FAILED = ("failed", State.RENDER_FAILED.label)  # no outcome of the run: the run has given the number
STEPS = {
    "check_again": actions.check_again,
    "start": actions.start_run,
    "pause": actions.pause_run,
    "resume": actions.resume_run,
    "discard": actions.discard_run,
}


@require_http_methods(["GET", "POST"])
@login_required
def runs(request: SignedInRequest) -> HttpResponse:
    """All runs of the programmes where the person works; a form begins another."""
    if not keeps_register(request.user):
        raise Http404
    programmes = Programme.objects.staffed_by(request.user, Role.ADVISOR, Role.PROGRAMME_ADMIN)
    form = RunForm(programmes, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(actions.begin_run(**form.cleaned_data, by=request.user))
        except ValidationError as error:
            form.add_error(None, error)
    found = IssueRun.objects.visible_to(request.user).select_related("programme", "created_by__person")
    failed = Q(items__outcome=Outcome.NUMBERED, items__certificate__state=State.RENDER_FAILED)
    counted = found.annotate(size=Count("items"), failures=Count("items", filter=failed))
    page: Page[Any] = Paginator(counted.order_by("-created_at", "-pk"), 25).get_page(request.GET.get("page"))
    rows = [(run, _tone(run, run.failures)) for run in page]
    status = 422 if request.method == "POST" else 200
    return render(request, "certificates/runs.html", {"rows": rows, "page": page, "form": form}, status=status)


@require_GET
@login_required
def run(request: SignedInRequest, uuid: Any) -> HttpResponse:
    """One run: what is ready, what is held back and why, what it will do, how far it is."""
    one = _visible(request, uuid)
    available = {step.name: step for step in ISSUE_RUN.available(one, request.user)}
    counts = one.counts()
    outcome = request.GET.get("outcome", "")
    page = Paginator(_items(one, outcome), 50).get_page(request.GET.get("page"))
    context = {
        "run": one,
        "tone": _tone(one, counts["failed"]),
        "counts": counts,
        "wanted": counts["ready"] + counts["numbered"],
        "is_working": one.state in {RunState.CHECKING, RunState.RUNNING} or bool(counts["under_way"]),
        "page": page,
        "rows": [(item, _why(item)) for item in page],
        "outcome": outcome,
        "outcomes": [(value, label, counts[value]) for value, label in (*Outcome.choices, FAILED) if counts[value]],
        "reasons": _reasons(one),
        "approval": available.get("approve_first") or available.get("approve"),
        "steps": [available[name] for name in STEPS if name in available],
        "may_retry": bool(counts["failed"]) and may_start_run(request.user, one),
        "effects": _effects(one, counts),
        "mails": _mails(one) if counts["ready"] else None,
        "letter": _letter(one),
        "standstill": "" if one.finished_at else lasting_queries.standstill(timezone.now()),
        "history": history(one),
    }
    response = render(request, "certificates/run.html", context)
    if request.headers.get("HX-Request") and not context["is_working"]:
        response.headers["HX-Refresh"] = "true"  # the next step, the table and the history come with the whole page
    return response


@require_POST
@login_required
def take_run_step(request: SignedInRequest, uuid: Any, step: str) -> HttpResponse:
    """Take one of the steps that need nothing but a click."""
    one = _visible(request, uuid)
    if step in {"approve", "approve_first"}:
        actions.approve_run(run=one, by=request.user, digest=request.POST.get("digest", ""))
        messages.info(request, _("You have approved this run."))
    elif step == "retry" and may_start_run(request.user, one):
        count = actions.retry_failed(run=one, by=request.user)
        messages.info(
            request,
            ngettext("%(n)s certificate is tried again.", "%(n)s certificates are tried again.", count) % {"n": count},
        )
    elif step in STEPS:
        STEPS[step](run=one, by=request.user)
    else:
        raise Http404
    return redirect(one)


def _tone(one: IssueRun, failures: int) -> str:
    if one.state == RunState.FINISHED and failures:
        return "warning"
    return TONES.get(RunState(one.state), "current")


def _items(one: IssueRun, outcome: str) -> QuerySet[IssueRunItem]:
    """What the page lists: everything, what has one outcome, or what could not be made."""
    found = one.failed() if outcome == FAILED[0] else one.items.all()
    if outcome in Outcome.values:
        found = found.filter(outcome=outcome)
    return found.select_related("certificate__person", "certificate__programme").order_by("pk")


def _why(item: IssueRunItem) -> list[str]:
    """Why this one is not issued: what is open, what was refused, what failed."""
    findings = [_("open: %(what)s") % {"what": _finding(entry)} for entry in item.findings]
    return [why for why in (*findings, item.refusal, troubles.in_words(item.certificate.render_error)) if why]


def _finding(entry: dict[str, str]) -> str:
    label = str(checking.LABELS.get(entry["key"], _("Refused")))
    return f"{label} ({entry['detail']})" if entry.get("detail") else label


def _reasons(one: IssueRun) -> list[tuple[str, int]]:
    """What holds certificates back, most frequent first."""
    counted: dict[str, int] = {}
    for findings in one.items.filter(outcome=Outcome.HELD_BACK).values_list("findings", flat=True):
        for entry in findings:
            counted[entry["key"]] = counted.get(entry["key"], 0) + 1
    named = [(str(checking.LABELS.get(key, _("Refused"))), count) for key, count in counted.items()]
    return sorted(named, key=lambda pair: -pair[1])


def _effects(one: IssueRun, counts: dict[str, int]) -> list[str]:
    """What starting will do, in numbers."""
    ready = counts["ready"]
    return [
        ngettext("%(n)s certificate gets its number.", "%(n)s certificates get their numbers.", ready) % {"n": ready},
        _mails(one),
    ]


def _mails(one: IssueRun) -> str:
    """How many people this run will write to."""
    mailed = one.items.filter(outcome=Outcome.READY, certificate__person__isnull=False)
    mails = mailed.count() if one.tells_holders else 0
    return ngettext("%(n)s person gets a mail.", "%(n)s people get a mail.", mails) % {"n": mails}


def _letter(one: IssueRun) -> Any:
    """The mail that the first holder would get, as an example."""
    first = one.items.filter(outcome=Outcome.READY, certificate__person__isnull=False).first()
    if first is None or not one.tells_holders:
        return None
    certificate = Certificate.objects.for_pages().get(pk=first.certificate_id)
    holder = certificate.person
    return outbox.write("certificates/email/issued", to=holder, certificate=certificate) if holder else None


def _visible(request: SignedInRequest, uuid: Any) -> IssueRun:
    return get_object_or_404(IssueRun.objects.visible_to(request.user).select_related("programme"), uuid=uuid)
