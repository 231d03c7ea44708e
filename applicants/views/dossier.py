"""The dossier: everything about one application on one page, and what staff note there."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from applicants import actions, listing
from applicants.actions.filling import answers_of
from applicants.comparing import changes_since_submission
from applicants.facts import mapped
from applicants.forms import CommentForm, OpinionForm, OpinionRequestForm, ReasonForm
from applicants.models import Application
from applicants.pages import blocks, degree_lines, draw, rounding_of
from applicants.queries import free_places
from applicants.views.staff import handled
from applicants.workflow import APPLICATION
from credpoints.accounts.models import User
from credpoints.audit.words import history
from credpoints.http.requests import SignedInRequest
from credpoints.outbox.models import OutboxMessage


@require_GET
@login_required
def dossier(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Everything about one application, with the buttons of what is possible now."""
    found = handled(request, uuid)
    return show_dossier(request, found)


def show_dossier(request: SignedInRequest, found: Application, status: int = 200, **more: Any) -> HttpResponse:
    survey = found.form_version.survey
    rounding = rounding_of(found)
    meaning = mapped(survey, found.snapshot)
    answers = _answers_for_staff(found)
    checks = list(found.checks.select_related("decided_by__person"))
    about = Q(object_type=found._meta.label_lower, object_id=found.pk)
    context = {
        "application": found,
        "checks": checks,
        "clock": listing.clock(found, now=timezone.now()),
        "blocks": blocks(survey, answers, staff=True),
        "staff_questions": _staff_questions(found, answers),
        "degrees": degree_lines(meaning.lists.get("degrees", []), rounding),
        "steps": APPLICATION.available(found, request.user),
        "pending": found.decisions.filter(released_at=None).select_related("prepared_by__person").first(),
        "comments": list(found.comments.select_related("author__person")),
        "comment_form": CommentForm(),
        "mails": OutboxMessage.objects.filter(about, secret=False).order_by("-pk")[:20],
        "lines": history(found),
        "changes": changes_since_submission(found),
        "advisors": listing.advisors(found.programme),
        "free": free_places(found.programme),
        "opinions": list(found.opinions.select_related("asked__person", "asked_by__person")),
        "asked_me": found.opinions.filter(asked=request.user, given_at=None).first(),
        "opinion_form": OpinionForm(auto_id="opinion_%s"),
        "opinion_request_form": OpinionRequestForm(colleagues=colleagues(found, request.user)),
        "requests": found.information_requests.order_by("-pk"),
        "waited": listing.waited(found),
        **more,
    }
    return render(request, "applicants/dossier.html", context, status=status)


def colleagues(found: Application, user: User) -> list[User]:
    """Whose second opinion can be asked for."""
    return [advisor for advisor in listing.advisors(found.programme) if advisor != user]


def _answers_for_staff(found: Application) -> dict[str, Any]:
    """What was handed in, and what staff noted themselves."""
    survey = found.form_version.survey
    if not any(question.staff_only for section in survey.sections for question in section.questions):
        return dict(found.snapshot)
    kept = answers_of(found)
    noted = {p.address: kept[p.address] for p in survey.fields(found.snapshot)
             if p.question.staff_only and p.address in kept}  # fmt: skip
    return {**found.snapshot, **noted}


def _staff_questions(found: Application, answers: dict[str, Any]) -> list[Any]:
    """The questions that only staff answer, to be drawn as a form."""
    survey = found.form_version.survey
    return [
        asked
        for section in survey.sections
        for item in draw(survey, section, answers, on=timezone.localdate(), checked=False, open_now=None,
                         rounding=rounding_of(found), staff=True)
        for asked in item.questions
        if asked.controls and asked.is_shown and asked.question.type != "file"
    ]  # fmt: skip


@require_POST
@login_required
def staff_answers(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Keep what staff answered themselves."""
    found = handled(request, uuid)
    survey = found.form_version.survey
    typed: dict[str, Any] = {}
    for address in [name[4:] for name in request.POST if name.startswith("was:")]:
        place = survey.field(address)
        values = request.POST.getlist(address)
        if place and place.question.staff_only:
            typed[address] = values if place.question.type == "multi" else (values[-1] if values else "")
    actions.note_answers(application=found, typed=typed, by=request.user)
    return redirect(f"{found.dossier_url}#staff")


@require_POST
@login_required
def recheck(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Judge the application by the rules as they are now."""
    found = handled(request, uuid)
    actions.recheck(application=found, by=request.user)
    return redirect(f"{found.dossier_url}#checks")


@require_POST
@login_required
def comment(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    found = handled(request, uuid)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return show_dossier(request, found, status=422, comment_form=form)
    actions.comment_on(application=found, by=request.user, **form.cleaned_data)
    return redirect(f"{found.dossier_url}#comments")


@require_POST
@login_required
def advisor(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Let somebody else look after the application."""
    found = handled(request, uuid)
    chosen = next((u for u in listing.advisors(found.programme) if str(u.pk) == request.POST.get("advisor")), None)
    if chosen is None:
        raise Http404
    actions.assign_advisor(application=found, advisor=chosen, by=request.user)
    return redirect(found.dossier_url)


@require_http_methods(["GET", "POST"])
@login_required
def override(request: SignedInRequest, uuid: UUID, key: str) -> HttpResponse:
    """Accept a rule in spite of its finding, with a reason; or let the finding count again."""
    found = handled(request, uuid)
    check = get_object_or_404(found.checks, key=key)
    if request.method == "POST" and "remove" in request.POST:
        actions.remove_override(check=check, by=request.user)
        return redirect(found.dossier_url)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.override_check(check=check, reason=form.cleaned_data["reason"], by=request.user)
        return redirect(f"{found.dossier_url}#checks")
    context = {"application": found, "check": check, "form": form}
    return render(request, "applicants/override.html", context, status=422 if form.is_bound else 200)


@require_POST
@login_required
def rank(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Move one place up or down on the waiting list."""
    found = handled(request, uuid)
    actions.move_on_waiting_list(application=found, up=request.POST.get("do") == "up", by=request.user)
    return redirect(found.dossier_url)
