"""The survey: the list of its pages, each page, and what the page saves by itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from applicants import actions
from applicants.actions.documents import PURPOSE
from applicants.actions.filling import answers_of
from applicants.actions.keeping import draft_ends
from applicants.fingerprints import fingerprint
from applicants.models import Application, Institution
from applicants.pages import blocks, documents, draw, rounding_of
from applicants.survey import Field, Section, Survey
from applicants.views.own import (
    conflict_texts,
    is_open,
    keep_for_later,
    own,
    save_page,
    take_file,
    take_kept,
    typed_in,
    uuid_of,
)
from applicants.workflow import APPLICATION
from credpoints.accounts import actions as accounts
from credpoints.files.models import Upload
from credpoints.http.requests import SignedInRequest, user_of

YEAR = 60 * 60 * 24 * 365


@require_GET
@login_required
def application(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Where the application stands: for a draft the list of its pages, later state, next step and answers."""
    staff = Application.objects.handled_by(request.user).exclude(person__user=request.user).filter(uuid=uuid).first()
    if staff:
        return redirect(staff.dossier_url)
    found = own(request, uuid)
    if found.is_draft:
        take_kept(request, found)
        return _task_list(request, found)
    survey = found.form_version.survey
    context = {
        "application": found,
        "checks": found.checks.all(),
        "blocks": blocks(survey, found.snapshot),
        "steps": APPLICATION.available(found, request.user),
        "comments": found.comments.filter(visibility="applicant").select_related("author__person"),
        "request_open": found.information_requests.filter(answered_at=None).first(),
    }
    return render(request, "applicants/application.html", context)


def _task_list(request: SignedInRequest, found: Application) -> HttpResponse:
    answers = answers_of(found)
    survey = found.form_version.survey
    today = timezone.localdate()
    words = {
        "empty": (_("not begun"), "neutral"),
        "begun": (_("begun"), "current"),
        "complete": (_("complete"), "good"),
    }
    shown = survey.shown(answers)
    tasks = []
    for section in survey.sections:
        if shown.section(section):
            word, tone = words[survey.status(section, answers, on=today)]
            tasks.append({"section": section, "word": word, "tone": tone})
    context = {
        "application": found,
        "tasks": tasks,
        "done": sum(task["tone"] == "good" for task in tasks),
        "is_open": is_open(found),
        "ends": draft_ends(found),
    }
    return render(request, "applicants/task_list.html", context)


@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, uuid: UUID, key: str) -> HttpResponse:
    """One page of the survey. Every button saves first, then does its own thing."""
    if user_of(request) is None:
        if request.method == "POST":
            keep_for_later(request, uuid)
        return redirect("applicants:resume", uuid)
    return _section(request, uuid, key)  # type: ignore[arg-type]


def _section(request: SignedInRequest, uuid: UUID, key: str) -> HttpResponse:
    found = own(request, uuid)
    survey = found.form_version.survey
    place = survey.section(key)
    if place is None:
        raise Http404
    if not found.is_draft:
        if request.method == "POST":
            _say_too_late(request, found)
        return redirect(found)
    take_kept(request, found)
    if request.method == "GET":
        actions.remember_place(application=found, section=key)
        return _show(request, found, place, checked="check" in request.GET)
    file_errors = save_page(request, found)
    return _after_saving(request, found, place, file_errors)


def _say_too_late(request: SignedInRequest, found: Application) -> None:
    messages.warning(request, _("This application has been sent already; the page in this window was an older one."))


def _after_saving(
    request: SignedInRequest, found: Application, place: Section, file_errors: Mapping[str, str]
) -> HttpResponse:
    """What the pressed button asks for."""
    what, _colon, value = request.POST.get("do", "next").partition(":")
    if file_errors:
        return _show(request, found, place, checked=False, file_errors=file_errors)
    if what == "language":
        return _switch_language(request, found, place, value)
    page = reverse("applicants:section", args=[found.uuid, place.key])
    if what in {"add", "remove", "up", "down"}:
        item = actions.change_group(application=found, section=place.key, change=what, item=value, by=request.user)
        return redirect(f"{page}#item-{item}" if item else page)
    if what in {"unfile", "upload"}:
        address, _bar, file = value.partition("|")
        if what == "unfile":
            actions.remove_file(application=found, address=address, uuid=uuid_of(file), by=request.user)
        return redirect(f"{page}#files-{address.replace('.', '-')}")
    if what == "overview":
        return redirect(found)
    return _go_on(request, found, place, must_be_complete=what != "skip")


def _switch_language(request: SignedInRequest, found: Application, place: Section, language: str) -> HttpResponse:
    response = redirect("applicants:section", found.uuid, place.key)
    if language in dict(settings.LANGUAGES):
        accounts.change_preferences(user=request.user, language=language, time_zone=request.user.time_zone)
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR, samesite="Lax")
        translation.activate(language)
        messages.info(request, _("Saved. You now read in English."))
    return response


def _go_on(request: SignedInRequest, found: Application, place: Section, *, must_be_complete: bool) -> HttpResponse:
    survey = found.form_version.survey
    answers = answers_of(found)
    if must_be_complete and survey.problems_of(place, answers, on=timezone.localdate()):
        return _show(request, found, place, checked=True)
    shown = [s.key for s in survey.shown_sections(answers)]
    after = shown[shown.index(place.key) + 1 :] if place.key in shown else []
    if after:
        return redirect("applicants:section", found.uuid, after[0])
    return redirect("applicants:review", found.uuid)


def _show(
    request: SignedInRequest,
    found: Application,
    place: Section,
    *,
    checked: bool,
    file_errors: Mapping[str, str] | None = None,
) -> HttpResponse:
    survey = found.form_version.survey
    answers = answers_of(found)
    items = draw(survey, place, answers, on=timezone.localdate(), checked=checked, open_now=None,
                 rounding=rounding_of(found))  # fmt: skip
    errors = _collect_errors(items, file_errors or {})
    shown = survey.shown_sections(answers)
    number = next((n for n, s in enumerate(shown, start=1) if s.key == place.key), 1)
    context = {
        "application": found,
        "section": place,
        "items": items,
        "errors": errors,
        "number": number,
        "total": len(shown),
        "previous": shown[number - 2] if number > 1 else None,
        "may_add": place.repeatable and len(items) < place.max_items,
        "is_open": is_open(found),
        "language_form": "survey",
        "purpose": PURPOSE,
    }
    return render(
        request, "applicants/section.html", context, status=422 if errors and request.method == "POST" else 200
    )


def _collect_errors(items: list[Any], file_errors: Mapping[str, str]) -> list[tuple[str, str, str]]:
    errors = []
    for item in items:
        for asked in item.questions:
            for control in asked.controls:
                control.error = file_errors.get(control.address, control.error)
                if control.error:
                    label = asked.label if len(asked.controls) == 1 else f"{asked.label}: {control.label}"
                    errors.append((control.id, label, control.error))
    return errors


@require_POST
def save(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Autosave: the changed fields of a page. Answers what is saved, since when, and what is shown now."""
    if user_of(request) is None:
        return JsonResponse(
            {"error": _("Your session has ended. What you typed stays on this page; please sign in again."),
             "sign_in": reverse("applicants:resume", args=[uuid])},
            status=401,
        )  # fmt: skip
    return _save(request, uuid)  # type: ignore[arg-type]


def _save(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    found = own(request, uuid)
    survey = found.form_version.survey
    typed, was = typed_in(request, survey)
    saved = actions.save_answers(application=found, typed=typed, was=was, by=request.user)
    answers = answers_of(found)
    return JsonResponse(
        {
            "saved": written_time(saved.at),
            "was": {address: fingerprint(answers.get(address)) for address in typed},
            "shown": _shown(survey, typed, answers),
            "conflicts": conflict_texts(survey, saved),
            "refused": saved.refused,
        }
    )


def _shown(survey: Survey, typed: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, bool]:
    """Which questions of the typed places' sections are asked now, by the address of their first field."""
    sections = {place.section.key for place in map(survey.field, typed) if place}
    shown = survey.shown(answers)
    return {
        Field(place.section, place.question, place.item, place.question.parts[0]).address: shown.question(
            place.question, place.item
        )
        for section_ in survey.sections
        if section_.key in sections
        for place in survey.fields_of(section_, answers)
    }


def written_time(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M}"


@require_POST
@login_required
def file_add(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Attach a file that has arrived in pieces; answers the new list of files."""
    found = own(request, uuid)
    address = request.POST.get("address", "")
    token = request.POST.get("token", "").replace("\x00", "")
    upload = get_object_or_404(Upload.objects.visible_to(request.user), token=token)
    try:
        said = take_file(found, address, request.POST.get("replaces", ""), upload, by=request.user)
    except ValidationError as error:
        return JsonResponse({"error": " ".join(error.messages)}, status=422)
    files = documents(answers_of(found).get(address))
    place = found.form_version.survey.field(address)
    html = render_to_string("applicants/questions/files.html", {"files": files, "address": address}, request)
    return JsonResponse(
        {"html": html, "said": said, "saved": written_time(timezone.now()),
         "full": place is not None and len(files) >= place.question.max_files}
    )  # fmt: skip


@require_GET
@login_required
def institutions(request: SignedInRequest) -> HttpResponse:
    """Suggestions for the name of a university; free text is always possible."""
    found = Institution.objects.suggested(request.GET.get("q", ""))
    return JsonResponse({"names": [str(institution) for institution in found]})
