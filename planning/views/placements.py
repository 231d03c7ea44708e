"""Practice in a company: arranged by participants and staff, confirmed by the company without an account."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from credpoints.audit.words import history
from credpoints.http.requests import SignedInRequest
from credpoints.workflow import Step
from planning import letters, rules
from planning.actions import placements
from planning.actions.placements import PracticeChanged
from planning.forms import AnswerForm, ObjectionForm, PaperForm, PlacementForm, ReasonForm
from planning.models import Participation, Placement, PlanItem
from planning.models.placements import COUNTING
from planning.practice import differences, practice_line
from planning.workflow import PLACEMENT


# --- With an account -------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@login_required
def practice(request: SignedInRequest, uuid: UUID, key: UUID) -> HttpResponse:
    """Where the practice of one line takes place, what the company has confirmed; a form until it is asked."""
    participations = Participation.objects.visible_to(request.user).for_pages().select_related("plan")
    found = get_object_or_404(participations, uuid=uuid)
    line = practice_line(found, key)
    if line is None:
        raise Http404
    if request.method == "POST":
        return _arrange(request, found, line)
    return render(request, "planning/practice.html", _page(request, found, line))


def _page(request: SignedInRequest, found: Participation, line: PlanItem, **sent: Any) -> dict[str, Any]:
    """Everything the page shows; `sent` are a form that was refused and why."""
    all_of_line = list(Placement.objects.filter(participation=found, line_key=line.key).for_pages())
    placement = next((p for p in all_of_line if p.state in COUNTING), None)
    subject = placement or Placement(participation=found, line_key=line.key, hours=line.hours, title=line.title)
    may_edit = subject.can_be_edited and rules.arranges_practice(request.user, subject)
    return {
        "participation": found,
        "line": line,
        "placement": placement,
        "ended": [p for p in all_of_line if p is not placement],
        "is_own": rules.is_participant(request.user, found),
        "form": _form(found, subject) if may_edit else None,
        "history": history(placement) if placement else [],
        "steps": PLACEMENT.available(placement, request.user) if placement else [],
        **sent,
    }


def _form(found: Participation, subject: Placement, data: Any = None, files: Any = None) -> PlacementForm:
    own = {address.casefold() for address in (found.person.mail_address, found.person.email) if address}
    seen = subject.edition if subject.pk else 0
    return PlacementForm(data, files, instance=subject, own_addresses=own, initial={"seen": seen})


def _arrange(request: SignedInRequest, found: Participation, line: PlanItem) -> HttpResponse:
    form = _form(found, Placement(participation=found, line_key=line.key), request.POST, request.FILES)
    if not form.is_valid():
        return _refused(request, found, line, form)
    try:
        placement = placements.arrange(
            participation=found, line=line, by=request.user, facts=form.facts(),
            seen=form.cleaned_data["seen"] or 0, agreement=form.cleaned_data["agreement_file"],
        )  # fmt: skip
    except PracticeChanged as refusal:
        return _changed_meanwhile(request, found, line, form, refusal.placement)
    except ValidationError as refusal:
        form.add_error("agreement_file", refusal)
        return _refused(request, found, line, form)
    messages.info(request, _("Saved. Nobody has been mailed."))
    return redirect(placement)


def _refused(request: SignedInRequest, found: Participation, line: PlanItem, form: PlacementForm) -> HttpResponse:
    return render(request, "planning/practice.html", _page(request, found, line, form=form), status=422)


def _changed_meanwhile(
    request: SignedInRequest, found: Participation, line: PlanItem, form: PlacementForm, saved: Placement
) -> HttpResponse:
    """Both texts are shown; saving once more replaces the other one."""
    data = request.POST.copy()
    data["seen"] = str(saved.edition if saved.pk else 0)
    again = _form(found, Placement(participation=found, line_key=line.key), data)
    page = _page(request, found, line, form=again, meanwhile=differences(saved, form.facts()))
    return render(request, "planning/practice.html", page, status=409)


@require_http_methods(["GET", "POST"])
@login_required
def practice_step(request: SignedInRequest, uuid: UUID, step: str) -> HttpResponse:
    """Ask the company, take the question back, keep its paper, cancel, set its word aside: asked before it is done."""
    placement = get_object_or_404(Placement.objects.visible_to(request.user).for_pages(), uuid=uuid)
    row = PLACEMENT.steps.get(step)
    if row is None or row.who is rules.is_system:
        raise Http404
    form = _step_form(request, placement, row)
    if request.method == "GET" or (form and not form.is_valid()):
        return _ask_before(request, placement, row, form)
    if isinstance(form, PaperForm):
        return _keep_paper(request, placement, row, form)
    if row.name == "ask":
        return _ask(request, placement, row)
    reason = form.cleaned_data["reason"] if form else ""
    placements.change_placement(placement=placement, step=step, by=request.user, reason=reason)
    return _done(request, placement, row)


def _done(request: SignedInRequest, placement: Placement, row: Step) -> HttpResponse:
    messages.info(request, _("Done: %(step)s.") % {"step": row.label})
    return redirect(placement)


def _ask(request: SignedInRequest, placement: Placement, row: Step) -> HttpResponse:
    """Mail the link, or show it once to staff who hand it on themselves."""
    tell = "tell" in request.POST
    address = placements.ask_company(placement=placement, by=request.user, tell=tell)
    if tell:
        return _done(request, placement, row)
    return render(request, "planning/practice_link.html", {"placement": placement, "address": address})


def _step_form(request: SignedInRequest, placement: Placement, row: Step) -> ReasonForm | PaperForm | None:
    if row.name == "confirm_on_paper":
        return PaperForm(request.POST or None, request.FILES or None, placement=placement)
    return ReasonForm(request.POST or None) if row.needs_reason else None


def _ask_before(
    request: SignedInRequest, placement: Placement, row: Step, form: ReasonForm | PaperForm | None
) -> HttpResponse:
    page = {"placement": placement, "step": row, "form": form, "letters": letters.of_practice(placement, row.name)}
    return render(request, "planning/practice_step.html", page, status=422 if request.method == "POST" else 200)


def _keep_paper(request: SignedInRequest, placement: Placement, row: Step, form: PaperForm) -> HttpResponse:
    try:
        placements.confirm_on_paper(
            placement=placement, by=request.user, answer=form.answer(), scan=form.cleaned_data["scan"],
            tell="tell" in request.POST,
        )  # fmt: skip
    except ValidationError as refusal:
        form.add_error("scan", refusal)
        return _ask_before(request, placement, row, form)
    return _done(request, placement, row)


# --- By the link of a mail: the company has no account, the token stands for it ---------------------------------------
def by_link(view: Callable[[HttpRequest, Placement, str], HttpResponse]) -> Callable[..., HttpResponse]:
    """Find the practice of a mailed link; links that are used, replaced or too old all get the same page."""

    def found(request: HttpRequest, token: str) -> HttpResponse:
        placement = placements.placement_of_link(token)
        if placement is None:
            response = render(request, "planning/practice_gone.html", status=404)
        else:
            response = view(request, placement, token)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return found


@require_http_methods(["GET", "POST"])
@by_link
def confirm_practice(request: HttpRequest, placement: Placement, token: str) -> HttpResponse:
    """The company reads what was arranged and confirms the hours."""
    form = AnswerForm(request.POST or None, placement=placement)
    if request.method == "POST" and form.is_valid():
        placements.confirm(placement=placement, token=token, answer=form.answer())
        return redirect("planning:practice_thanks")
    return _answer_page(request, placement, token, form=form)


@require_POST
@by_link
def object_to_practice(request: HttpRequest, placement: Placement, token: str) -> HttpResponse:
    """The company says that something is not right."""
    form = ObjectionForm(request.POST)
    if form.is_valid():
        placements.object_to(placement=placement, token=token, text=form.cleaned_data["text"])
        return redirect("planning:practice_thanks")
    return _answer_page(request, placement, token, objection_form=form)


def _answer_page(request: HttpRequest, placement: Placement, token: str, **sent: Any) -> HttpResponse:
    page = {
        "placement": placement,
        "token": token,
        "form": AnswerForm(placement=placement),
        "objection_form": ObjectionForm(),
        **sent,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "planning/practice_confirm.html", page, status=status)


@require_GET
def practice_thanks(request: HttpRequest) -> HttpResponse:
    """The company's answer has arrived; the link works no longer."""
    return render(request, "planning/practice_thanks.html")
