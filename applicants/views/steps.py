"""Steps and decisions on one application: what they do is read before the click."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from applicants import actions
from applicants.actions.filling import answers_of
from applicants.forms import AskForm, DecisionForm, ReasonForm
from applicants.models import Application, DecisionKind, State
from applicants.pages import blocks
from applicants.queries import free_places
from applicants.views.staff import handled
from applicants.workflow import APPLICATION
from credpoints.http.requests import SignedInRequest
from credpoints.outbox.actions import Letter
from credpoints.workflow import NoLongerPossible, NotAllowed

DIRECT = {"start_review", "mark_consulted"}
WITH_REASON = {"revert", "reopen"}


@require_http_methods(["GET", "POST"])
@login_required
def step(request: SignedInRequest, uuid: UUID, name: str) -> HttpResponse:
    """Take a step after reading what it does: letters can be edited, decisions kept for later."""
    found = handled(request, uuid)
    if name not in APPLICATION.steps or name in {"submit", "answer", "withdraw", "expire"}:
        raise Http404
    if not APPLICATION.steps[name].who(request.user, found):
        raise NotAllowed(APPLICATION.steps[name])
    if not APPLICATION.may(name, found, request.user):
        raise NoLongerPossible(APPLICATION.refusal(found), found)
    if name in DIRECT:
        return _direct(request, found, name)
    if name in WITH_REASON:
        return _with_reason(request, found, name)
    return _ask(request, found) if name == "ask" else _decision(request, found, name)


def _direct(request: SignedInRequest, found: Application, name: str) -> HttpResponse:
    if request.method == "POST":
        taken = {"start_review": actions.start_review, "mark_consulted": actions.mark_consulted}
        taken[name](application=found, by=request.user)
        return redirect(found.dossier_url)
    return render(request, "applicants/step.html", {"application": found, "step": APPLICATION.steps[name]})


def _with_reason(request: SignedInRequest, found: Application, name: str) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        taken = {"revert": actions.revert_application, "reopen": actions.reopen_application}
        taken[name](application=found, by=request.user, reason=form.cleaned_data["reason"])
        return redirect(found.dossier_url)
    context = {"application": found, "step": APPLICATION.steps[name], "form": form}
    return render(request, "applicants/step.html", context, status=422 if form.is_bound else 200)


def _ask(request: SignedInRequest, found: Application) -> HttpResponse:
    form = AskForm(request.POST or None)
    survey = found.form_version.survey
    chosen = request.POST.getlist("addresses")
    nothing_named = request.method == "POST" and not chosen
    if request.method == "POST" and form.is_valid() and not nothing_named:
        places = [place.address for place in survey.visible_fields(answers_of(found))]
        # A question with parts is named by its first part and opened whole.
        addresses = [a for a in places if a in chosen or a.rpartition(".")[0] + ".listening" in chosen]
        actions.ask_for_information(
            application=found, addresses=addresses, text=form.cleaned_data["text"],
            due_on=form.cleaned_data["due_on"], by=request.user,
        )  # fmt: skip
        return redirect(found.dossier_url)
    context = {
        "application": found, "step": APPLICATION.steps["ask"], "form": form, "chosen": chosen,
        "blocks": blocks(survey, answers_of(found)), "nothing_named": nothing_named,
    }  # fmt: skip
    return render(request, "applicants/ask.html", context, status=422 if form.is_bound else 200)


def _decision(request: SignedInRequest, found: Application, name: str) -> HttpResponse:
    draft = actions.letter_for(found, name, reason=request.POST.get("reason", ""))
    initial = {"subject": draft.subject, "body": draft.body, "mails": True}
    form = DecisionForm(request.POST or None, kind=name, initial=initial)
    what = request.POST.get("do", "")
    if request.method == "POST" and what == "draft":
        # Write the letter anew with the reason as it stands now.
        fresh = {**initial, "reason": request.POST.get("reason", "")}
        form = DecisionForm(None, kind=name, initial=fresh)
    elif request.method == "POST" and form.is_valid():
        return _take_decision(request, found, name, form, draft)
    context = {
        "application": found, "step": APPLICATION.steps[name], "form": form, "letter": draft,
        "free": free_places(found.programme) if name == "accept" else None,
    }  # fmt: skip
    return render(request, "applicants/decision.html", context, status=422 if form.is_bound else 200)


def _take_decision(
    request: SignedInRequest, found: Application, name: str, form: DecisionForm, draft: Letter
) -> HttpResponse:
    given = form.cleaned_data
    reason = given.get("reason", "")
    body = given["body"].replace("\r\n", "\n")
    if name == DecisionKind.REJECT and reason not in body and draft.body.strip() != body.strip():
        body = body if reason in body else f"{body.rstrip()}\n\n{reason}\n"
    letter = Letter(to=draft.to, language=draft.language, subject=given["subject"], body=body)
    decision = actions.prepare_decision(
        application=found, kind=name, reason=reason, letter=letter, mails=given["mails"], by=request.user
    )
    if request.POST.get("do") == "later":
        messages.info(request, _("The decision is kept. Nobody but the team sees it until it is released."))
        return redirect(found.dossier_url)
    state = actions.release_decision(decision=decision, by=request.user)
    if name == DecisionKind.ACCEPT and state == State.WAITLISTED:
        messages.warning(
            request,
            _("All %(places)s places are taken: the application is on the waiting list.")
            % {"places": found.programme.places},
        )
    return redirect(found.dossier_url)


@require_POST
@login_required
def decision(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Release or discard the decision that waits."""
    found = handled(request, uuid)
    waiting = get_object_or_404(found.decisions.select_related("application__person", "application__programme"),
                                released_at=None)  # fmt: skip
    if request.POST.get("do") == "discard":
        actions.discard_decision(decision=waiting, by=request.user)
        messages.info(request, _("The prepared decision is discarded."))
    else:
        mails = "mails" in request.POST or "offers_mails" not in request.POST
        actions.release_decision(decision=waiting, by=request.user, mails=mails)
    return redirect(found.dossier_url)
