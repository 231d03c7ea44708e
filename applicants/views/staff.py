"""Pages of advisors and administrators: list, dossier, steps and decisions."""

import io
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from openpyxl import Workbook

from applicants import actions, listing
from applicants.actions.filling import answers_of
from applicants.actions.review import free_places
from applicants.comparing import changes_since_submission
from applicants.facts import mapped
from applicants.forms import AskForm, CommentForm, DecisionForm, OpinionForm, OpinionRequestForm, ReasonForm
from applicants.models import Application, BulkStep, Decision, DecisionKind, Overall, SavedSearch, State
from applicants.pages import blocks, degree_lines, draw, rounding_of
from applicants.views.downloads import csv_file, download
from applicants.workflow import APPLICATION
from credpoints.accounts.models import Role, User
from credpoints.audit.words import history
from credpoints.http.requests import SignedInRequest
from credpoints.organisations.models import Programme
from credpoints.organisations.rules import is_admin
from credpoints.outbox.actions import Letter
from credpoints.outbox.models import OutboxMessage
from credpoints.workflow import NoLongerPossible, NotAllowed

PER_PAGE = 50
DIRECT = {"start_review", "mark_consulted"}
WITH_REASON = {"revert", "reopen"}


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
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    for row in page.object_list:
        row.programme = programme
    context = {
        "programme": programme,
        "filter": wanted,
        "page": page,
        "counts": listing.state_counts(everything),
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
        sheet.append([listing.safe_cell(value) for value in row])
    binary = io.BytesIO()
    book.save(binary)
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return download(binary.getvalue(), media_type, f"{slug}.xlsx")


@require_POST
@login_required
def search_save(request: SignedInRequest, slug: str) -> HttpResponse:
    """Keep the present filter under a name, or forget a kept one."""
    programme = staffed_programme(request, slug)
    if request.POST.get("forget"):
        SavedSearch.objects.filter(user=request.user, programme=programme, pk=request.POST["forget"]).delete()
    elif request.POST.get("name", "").strip():
        actions.save_search(user=request.user, programme=programme, name=request.POST["name"],
                            query=request.POST.get("query", ""))  # fmt: skip
    return redirect(f"{request.path.removesuffix('searches/')}?{request.POST.get('query', '')}")


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
        actions.release_decision(decision=waiting, by=request.user)
    return redirect(found.dossier_url)


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
