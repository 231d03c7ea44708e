"""One page for every step: what it will do, the mail it will send, the reason it needs, and then the step."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from credpoints.accounts.models import User
from credpoints.http.requests import SignedInRequest
from credpoints.outbox import actions as outbox
from credpoints.outbox.actions import Letter
from credpoints.workflow import NoLongerPossible, Step, Workflow
from modules import actions, checklist
from modules.forms import OptionalReasonForm, ReasonForm
from modules.letters import enrolment_facts
from modules.models import Enrolment, ModuleVersion, Offering
from modules.steps import TABLES
from modules.version_steps import effects_of, letter_of

Thing = Enrolment | Offering | ModuleVersion


def step_page(request: SignedInRequest, workflow: Workflow[Any], thing: Thing, name: str) -> HttpResponse:
    """Show a step before it is taken (GET) and take it (POST); 403 and 409 come from the workflow."""
    take = TABLES[type(thing)].get(name)
    if take is None:
        raise Http404
    step = workflow.steps[name]
    if request.method == "GET" and not workflow.may(name, thing, request.user):
        raise NoLongerPossible(workflow.refusal(thing), thing)
    form_class = ReasonForm if step.needs_reason else OptionalReasonForm
    form = form_class(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            take(thing, by=request.user, reason=form.cleaned_data.get("reason", "").strip())
        except (actions.NotReady, actions.EnrolmentRefused, ValidationError) as refusal:
            return _show(request, thing, step, form, status=422, problems=refusal.messages)
        messages.info(request, _("Done: %(step)s.") % {"step": step.label})
        return redirect(thing)
    return _show(request, thing, step, form, status=422 if request.method == "POST" else 200)


def _show(
    request: SignedInRequest,
    thing: Thing,
    step: Step,
    form: ReasonForm | OptionalReasonForm,
    *,
    status: int,
    problems: list[str] | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "thing": thing,
        "step": step,
        "form": form,
        "asks_reason": step.needs_reason or step.danger,
        "letter": _letter(thing, step, request.user),
        "problems": problems or [],
    }
    if isinstance(thing, ModuleVersion):
        missing = checklist.missing(thing) if step.name in {"publish", "submit"} else []
        context |= {"version": thing, "effects": effects_of(thing, step, request.user), "missing": missing}
    return render(request, "modules/step.html", context, status=status)


def _letter(thing: Thing, step: Step, by: User) -> Letter | None:
    """The mail that the step will send, written for the state that it leads to."""
    if isinstance(thing, ModuleVersion):
        return letter_of(thing, step, by)
    if not isinstance(thing, Enrolment):
        return None
    after = Enrolment(
        uuid=thing.uuid, person=thing.person, offering=thing.offering, state=step.target, programme=thing.programme
    )
    reason = "…" if step.needs_reason else ""
    return outbox.write("modules/email/enrolment", to=thing.person, **enrolment_facts(after, reason))
