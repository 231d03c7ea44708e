"""The applicant's pages: the survey and what becomes of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from applicants import actions
from applicants.actions.filling import PURPOSE, Saved, answers_of, editable_addresses
from applicants.fingerprints import fingerprint
from applicants.forms import CodeForm, WithdrawForm
from applicants.limits import too_many
from applicants.models import Application, Institution, State
from applicants.pages import blocks, draw, rounding_of
from applicants.pdf import pdf_of
from applicants.rules import has_verified_address
from applicants.survey import Field, Section, Survey, label_of
from applicants.workflow import APPLICATION
from credpoints.accounts import actions as accounts
from credpoints.files.models import Upload
from credpoints.http.requests import SignedInRequest, user_of
from credpoints.organisations.models import ApplicationWindow

YEAR = 60 * 60 * 24 * 365
HOUR = 60 * 60


def _own(request: SignedInRequest, uuid: UUID) -> Application:
    own = Application.objects.owned_by(request.user)
    return get_object_or_404(own.select_related("form_version", "programme__organisation", "person__user"), uuid=uuid)


def _typed(request: HttpRequest, survey: Survey) -> tuple[dict[str, Any], dict[str, str]]:
    """What a form carries: values by address, and the fingerprints of what the page had shown."""
    typed: dict[str, Any] = {}
    was = {name[4:]: str(value) for name, value in request.POST.items() if name.startswith("was:")}
    for address in was:
        place = survey.field(address)
        if place is None or place.question.type == "file":
            continue
        # An empty group of boxes sends nothing at all; its fingerprint tells that it stood on the page.
        values = request.POST.getlist(address)
        typed[address] = values if place.question.type == "multi" else (values[-1] if values else "")
    return typed, was


def _keep_for_later(request: HttpRequest, uuid: UUID) -> None:
    """Put what was typed into the visitor's session; it is saved as soon as the right person has signed in."""
    kept = dict(request.session.get("kept", {}))
    fields = {name: request.POST.getlist(name) for name in request.POST if name not in {"csrfmiddlewaretoken", "do"}}
    kept[str(uuid)] = {**kept.get(str(uuid), {}), **fields}
    request.session["kept"] = kept


def _take_kept(request: SignedInRequest, application: Application) -> None:
    """Save what was typed while nobody was signed in, and say so."""
    kept = dict(request.session.get("kept", {}))
    fields: dict[str, list[str]] | None = kept.pop(str(application.uuid), None)
    if fields is None:
        return
    request.session["kept"] = kept
    survey = application.form_version.survey
    typed: dict[str, Any] = {}
    was = {name[4:]: values[-1] for name, values in fields.items() if name.startswith("was:") and values}
    for address in was:
        place = survey.field(address)
        if place and place.question.type != "file":
            values = fields.get(address, [])
            typed[address] = values if place.question.type == "multi" else (values[-1] if values else "")
    saved = actions.save_answers(application=application, typed=typed, was=was, by=request.user)
    if saved.changed:
        messages.success(request, _("What you typed before signing in again is saved."))
    _tell_conflicts(request, application, saved)


def _tell_conflicts(request: SignedInRequest, application: Application, saved: Saved) -> None:
    for text in _conflict_texts(application.form_version.survey, saved):
        messages.warning(request, text)


def _conflict_texts(survey: Survey, saved: Saved) -> list[str]:
    texts = []
    for conflict in saved.conflicts:
        place = survey.field(conflict.address)
        before = conflict.before if isinstance(conflict.before, str) else ", ".join(map(str, conflict.before or []))
        texts.append(
            _("“%(question)s” was also changed in another window at %(time)s. Your newer text stands; "
              "the other one was: “%(before)s”.") % {
                "question": label_of(place) if place else conflict.address,
                "time": f"{timezone.localtime(conflict.at):%H:%M}", "before": before}
        )  # fmt: skip
    return texts


@require_GET
@login_required
def application(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Where the application stands: for a draft the list of its pages, later state, next step and answers."""
    staff = Application.objects.handled_by(request.user).exclude(person__user=request.user).filter(uuid=uuid).first()
    if staff:
        return redirect(staff.dossier_url)
    found = _own(request, uuid)
    if found.is_draft:
        _take_kept(request, found)
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
    tasks = []
    for section in survey.sections:
        if survey.shows_section(section, answers):
            word, tone = words[survey.status(section, answers, on=today)]
            tasks.append({"section": section, "word": word, "tone": tone})
    context = {
        "application": found,
        "tasks": tasks,
        "done": sum(task["tone"] == "good" for task in tasks),
        "is_open": _is_open(found),
    }
    return render(request, "applicants/task_list.html", context)


def _is_open(found: Application) -> bool:
    return found.programme.window(timezone.now()) == ApplicationWindow.OPEN


@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, uuid: UUID, key: str) -> HttpResponse:
    """One page of the survey. Every button saves first, then does its own thing."""
    if user_of(request) is None:
        if request.method == "POST":
            _keep_for_later(request, uuid)
        return redirect("applicants:resume", uuid)
    return _section(request, uuid, key)  # type: ignore[arg-type]


def _section(request: SignedInRequest, uuid: UUID, key: str) -> HttpResponse:
    found = _own(request, uuid)
    survey = found.form_version.survey
    place = survey.section(key)
    if place is None:
        raise Http404
    if not found.is_draft:
        if request.method == "POST":
            _say_too_late(request, found)
        return redirect(found)
    _take_kept(request, found)
    if request.method == "GET":
        actions.remember_place(application=found, section=key)
        return _show(request, found, place, checked="check" in request.GET)
    file_errors = _save_page(request, found)
    return _after_saving(request, found, place, file_errors)


def _say_too_late(request: SignedInRequest, found: Application) -> None:
    messages.warning(request, _("This application has been sent already; the page in this window was an older one."))


def _save_page(request: SignedInRequest, found: Application) -> dict[str, str]:
    """Save everything on the page; returns what was wrong with files, by address."""
    typed, was = _typed(request, found.form_version.survey)
    saved = actions.save_answers(application=found, typed=typed, was=was, by=request.user)
    _tell_conflicts(request, found, saved)
    errors = {}
    for name, upload in request.FILES.items():
        address = name.removeprefix("file:")
        if not isinstance(upload, UploadedFile):
            continue
        try:
            actions.add_file(application=found, address=address, upload=upload, by=request.user)
        except ValidationError as error:
            errors[address] = " ".join(error.messages)
    return errors


def _after_saving(
    request: SignedInRequest, found: Application, place: Section, file_errors: Mapping[str, str]
) -> HttpResponse:
    """What the pressed button asks for."""
    what, _colon, value = request.POST.get("do", "next").partition(":")
    if file_errors:
        return _show(request, found, place, checked=False, file_errors=file_errors)
    if what == "language":
        return _switch_language(request, found, place, value)
    if what in {"add", "remove", "up", "down"}:
        item = actions.change_group(application=found, section=place.key, change=what, item=value, by=request.user)
        anchor = f"#item-{item}" if item else ""
        return redirect(reverse("applicants:section", args=[found.uuid, place.key]) + anchor)
    if what == "unfile":
        address, _bar, file = value.partition("|")
        actions.remove_file(application=found, address=address, uuid=_uuid(file), by=request.user)
        return redirect("applicants:section", found.uuid, place.key)
    if what in {"overview", "upload"}:
        target = [found.uuid] if what == "overview" else [found.uuid, place.key]
        return redirect("applicants:application" if what == "overview" else "applicants:section", *target)
    return _go_on(request, found, place, must_be_complete=what != "skip")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


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
    shown = [s.key for s in survey.sections if survey.shows_section(s, answers)]
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
    shown = [s for s in survey.sections if survey.shows_section(s, answers)]
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
        "is_open": _is_open(found),
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
    found = _own(request, uuid)
    survey = found.form_version.survey
    typed, was = _typed(request, survey)
    saved = actions.save_answers(application=found, typed=typed, was=was, by=request.user)
    answers = answers_of(found)
    return JsonResponse(
        {
            "saved": written_time(saved.at),
            "was": {address: fingerprint(answers.get(address)) for address in typed},
            "shown": _shown(survey, typed, answers),
            "conflicts": _conflict_texts(survey, saved),
            "refused": saved.refused,
        }
    )


def _shown(survey: Survey, typed: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, bool]:
    """Which questions of the typed places' sections are asked now, by the address of their first field."""
    sections = {place.section.key for place in map(survey.field, typed) if place}
    return {
        Field(place.section, place.question, place.item, place.question.parts[0]).address: survey.shows(
            place.section, place.question, place.item, answers
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
    found = _own(request, uuid)
    address = request.POST.get("address", "")
    upload = get_object_or_404(Upload.objects.visible_to(request.user), token=request.POST.get("token", ""))
    try:
        actions.add_file(application=found, address=address, upload=upload, by=request.user)
    except ValidationError as error:
        return JsonResponse({"error": " ".join(error.messages)}, status=422)
    value = answers_of(found).get(address, [])
    html = render(request, "applicants/questions/files.html", {"files": value, "address": address}).content.decode()
    return JsonResponse({"html": html, "saved": written_time(timezone.now())})


@require_GET
@login_required
def institutions(request: SignedInRequest) -> HttpResponse:
    """Suggestions for the name of a university; free text is always possible."""
    found = Institution.objects.none()
    words = Institution.fold(request.GET.get("q", ""))
    if len(words) >= 3:
        starts = Institution.objects.filter(searched__startswith=words)[:10]
        found = list(starts) or list(Institution.objects.filter(searched__contains=words)[:10])  # type: ignore[assignment]
    return JsonResponse({"names": [str(institution) for institution in found]})


@require_GET
@login_required
def review(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Check the answers before sending."""
    found = _own(request, uuid)
    if not found.is_draft:
        return redirect(found)
    _take_kept(request, found)
    return _review(request, found)


def _review(
    request: SignedInRequest, found: Application, status: int = 200, form: CodeForm | None = None
) -> HttpResponse:
    answers = answers_of(found)
    today = timezone.localdate()
    context = {
        "application": found,
        "blocks": blocks(found.form_version.survey, answers, on=today),
        "problems": found.form_version.survey.problems(answers, on=today),
        "is_verified": has_verified_address(request.user),
        "is_open": _is_open(found),
        "form": form or CodeForm(),
        "step": APPLICATION.steps["submit"],
    }
    return render(request, "applicants/review.html", context, status=status)


@require_POST
@login_required
def submit(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Send the application, once."""
    found = _own(request, uuid)
    if found.submitted_at:
        return redirect(found)  # the second click of a double click
    try:
        actions.submit_application(application=found, by=request.user)
    except (actions.SurveyIncomplete, actions.UnverifiedAddress):
        return _review(request, _own(request, uuid), status=422)
    return redirect(f"{found.get_absolute_url()}?sent=1")


@require_POST
@login_required
def verify(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Type the code of the mail, or ask for a new one."""
    found = _own(request, uuid)
    if "resend" in request.POST:
        if too_many(request, "resend", key=str(request.user.pk), limit=5, seconds=HOUR):
            return render(request, "applicants/too_many.html", {}, status=429)
        actions.send_resume_link(user=request.user, programme=found.programme, now=timezone.now())
        messages.info(request, _("A new mail is on its way to %(email)s.") % {"email": request.user.email})
        return redirect("applicants:review", uuid)
    form = CodeForm(request.POST)
    if form.is_valid() and _code_fits(request, form.cleaned_data["code"]):
        messages.success(request, _("Thank you: your address is confirmed."))
        return redirect("applicants:review", uuid)
    if form.is_valid():
        form.add_error("code", _("This code is wrong or too old. Please look into the newest mail."))
    return _review(request, found, status=422, form=form)


def _code_fits(request: SignedInRequest, code: str) -> bool:
    """Use the code up; this browser stays signed in when verifying ends all other sessions."""
    if not actions.use_code(user=request.user, code=code, now=timezone.now()):
        return False
    if actions.verify_address(user=request.user):
        request.user.refresh_from_db()
        _stay_signed_in(request)
    return True


def _stay_signed_in(request: SignedInRequest) -> None:
    request.session.cycle_key()
    request.session["_auth_user_hash"] = request.user.get_session_auth_hash()


@require_GET
@login_required
def copy(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The answers as a PDF to keep: what was handed in, or the draft as it stands."""
    visible = Application.objects.visible_to(request.user).select_related("form_version", "programme", "person__user")
    found = get_object_or_404(visible, uuid=uuid)
    answers = found.snapshot if found.submitted_at else answers_of(found)
    drawn = render_to_string(
        "applicants/copy.html", {"application": found, "blocks": blocks(found.form_version.survey, answers)}, request
    )
    name = f"{found.number or 'draft'}.pdf"
    return HttpResponse(
        pdf_of(drawn),
        headers={"Content-Type": "application/pdf", "Content-Disposition": f'attachment; filename="{name}"',
                 "Cache-Control": "private, no-store"},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@login_required
def withdraw(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Take the application back, after reading what that means."""
    found = _own(request, uuid)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.withdraw_application(application=found, by=request.user, reason=form.cleaned_data["reason"])
        messages.info(request, _("Your application is withdrawn."))
        return redirect(found)
    context = {"application": found, "form": form, "step": APPLICATION.steps["withdraw"]}
    return render(request, "applicants/withdraw.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def information(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Answer a request for missing information: exactly the named questions."""
    found = _own(request, uuid)
    asked = found.information_requests.filter(answered_at=None).first()
    if asked is None or found.state != State.NEEDS_INFORMATION:
        return redirect(found)
    errors: list[tuple[str, str, str]] = []
    if request.method == "POST":
        file_errors = _save_page(request, found)
        what, _colon, value = request.POST.get("do", "").partition(":")
        if what == "unfile":
            address, _bar, file = value.partition("|")
            actions.remove_file(application=found, address=address, uuid=_uuid(file), by=request.user)
        elif what == "send" and not file_errors:
            try:
                actions.answer_request(application=found, by=request.user)
            except actions.SurveyIncomplete as incomplete:
                errors = [("f-" + p.address.replace(".", "-"), p.label, p.message) for p in incomplete.problems]
            else:
                messages.success(request, _("Thank you, your answers are on their way to the advisors."))
                return redirect(found)
        errors += [(f"f-{a.replace('.', '-')}", "", text) for a, text in file_errors.items()]
    return _show_information(request, found, asked, errors)


def _show_information(
    request: SignedInRequest, found: Application, asked: Any, errors: list[tuple[str, str, str]]
) -> HttpResponse:
    survey = found.form_version.survey
    answers = answers_of(found)
    open_now = editable_addresses(found) or set()
    groups = []
    for place in survey.sections:
        for item in draw(survey, place, answers, on=timezone.localdate(), checked=bool(errors), open_now=open_now,
                         rounding=rounding_of(found)):  # fmt: skip
            questions = [q for q in item.questions if q.is_open and q.controls]
            if questions:
                groups.append({"section": place, "item": item, "questions": questions})
    context = {"application": found, "asked": asked, "groups": groups, "errors": errors, "purpose": PURPOSE}
    return render(request, "applicants/information.html", context, status=422 if errors else 200)
