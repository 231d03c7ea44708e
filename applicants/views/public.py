"""Pages without an account: the programme, the one-minute check, beginning and coming back."""

from datetime import date
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from applicants import actions, eligibility
from applicants.actions.access import open_link
from applicants.actions.logos import logos_of
from applicants.forms import BeginForm, CodeForm
from applicants.limits import too_many
from applicants.models import Application, EligibilityRule, ResumeLink
from applicants.queries import free_places
from applicants.quick_check import QuickCheckForm
from credpoints.accounts.actions import open_account
from credpoints.accounts.models import User
from credpoints.accounts.rules import is_staff
from credpoints.http.requests import user_of
from credpoints.organisations.models import ApplicationWindow, Programme
from credpoints.organisations.rules import is_admin

BACKEND = "django.contrib.auth.backends.ModelBackend"
HOUR = 60 * 60


def _programme(request: HttpRequest, slug: str) -> Programme:
    visible = Programme.objects.visible_to(user_of(request)).select_related("organisation")
    return get_object_or_404(visible, slug=slug)


@require_GET
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    """The public page of a programme: aim, path, rules in plain words, dates, places, and the way in."""
    found = _programme(request, slug)
    user = user_of(request)
    context = {
        "programme": found,
        "window": found.window(timezone.now()),
        "rules": EligibilityRule.objects.filter(programme=found, is_active=True),
        "free": free_places(found),
        "logos": logos_of(found),
        "is_admin": user is not None and is_admin(user, found.pk),
        "own": Application.objects.owned_by(user).running().filter(programme=found).first(),
    }
    return render(request, "applicants/programme.html", context)


@require_http_methods(["GET", "POST"])
def quick_check(request: HttpRequest, slug: str) -> HttpResponse:
    """“Could this be for me?”: the very same rules as for an application, nothing is stored."""
    found = _programme(request, slug)
    rules = list(EligibilityRule.objects.filter(programme=found, is_active=True))
    form = QuickCheckForm(request.POST if request.method == "POST" else None, rules=[rule.as_data for rule in rules])
    context: dict[str, Any] = {"programme": found, "form": form}
    status = 200
    if request.method == "POST":
        if form.is_valid():
            today = timezone.localdate()
            context |= _answers(rules, form.facts(on=today), on=today)
        else:
            status = 422
    return render(request, "applicants/quick_check.html", context, status=status)


def _answers(rules: list[EligibilityRule], facts: eligibility.Facts, *, on: date) -> dict[str, Any]:
    findings = eligibility.check([rule.as_data for rule in rules], facts, on=on)
    tones = {"met": "good", "manual": "warning", "not_met": "bad"}
    words = {"met": _("met"), "manual": _("an advisor looks at it"), "not_met": _("not met")}
    lines = [
        {"rule": rule, "word": words[f.result], "tone": tones[f.result], "why": eligibility.explain(f.kind, f.values)}
        for rule, f in zip(rules, findings, strict=True)
    ]
    return {"lines": lines, "overall": eligibility.overall((f.severity, f.result) for f in findings)}


@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin with an e-mail address, or at once when signed in."""
    found = _programme(request, slug)
    user = user_of(request)
    is_open = found.window(timezone.now()) == ApplicationWindow.OPEN
    if request.method == "POST" and user:
        person = open_account(email=user.email, language=user.language).person
        return redirect(actions.begin_application(person=person, programme=found, by=user))
    form = BeginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _begin_with_address(request, found, form)
    status = 422 if request.method == "POST" else 200
    context = {"programme": found, "form": form, "is_open": is_open}
    return render(request, "applicants/begin.html", context, status=status)


def _begin_with_address(request: HttpRequest, found: Programme, form: BeginForm) -> HttpResponse:
    email = form.cleaned_data["email"].lower()
    page = render(request, "applicants/look_into_mail.html", {"programme": found, "email": email})
    if form.is_from_a_machine():
        return page  # a machine learns nothing and nobody gets a mail
    if too_many(request, "begin", limit=20, seconds=HOUR) or too_many(
        request, "begin-mail", key=email, limit=5, seconds=HOUR
    ):
        return render(request, "applicants/too_many.html", {}, status=429)
    known = User.objects.filter(email__iexact=email).first()
    if known:
        actions.send_resume_link(user=known, programme=found, now=timezone.now())
        return page
    if found.window(timezone.now()) != ApplicationWindow.OPEN:
        return render(
            request, "applicants/begin.html", {"programme": found, "form": form, "is_open": False}, status=409
        )
    user = open_account(email=email, language=(get_language() or "de").split("-")[0])
    application = actions.begin_application(person=user.person, programme=found, by=user)
    actions.send_resume_link(user=user, programme=found, now=timezone.now())
    login(request, user, backend=BACKEND)
    messages.info(
        request, _("We have sent a mail to %(email)s: with its link you can continue later.") % {"email": email}
    )
    return redirect("applicants:section", application.uuid, application.form_version.survey.sections[0].key)


@require_http_methods(["GET", "POST"])
def resume_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the mail. Opening it only shows a button, because mail scanners open links too."""
    now = timezone.now()
    link = open_link(token, now=now)
    if link is None:
        return _dead_link(request, token)
    if request.method == "GET":
        return render(request, "applicants/resume_link.html", {"link": link})
    if _needs_more(link.user):
        # Staff and people with a second factor sign in the full way.
        target = link.programme.get_absolute_url()
        return redirect(f"{reverse('account_login')}?{urlencode({'next': target})}")
    used = actions.use_link(token=token, now=now)
    if used is None:
        return _dead_link(request, token)
    return _come_in(request, used.user, used.programme)


def _dead_link(request: HttpRequest, token: str) -> HttpResponse:
    return render(request, "applicants/dead_link.html", {}, status=410)


def _needs_more(user: User) -> bool:
    return not user.is_active or is_staff(user) or Authenticator.objects.filter(user=user).exists()


def _come_in(request: HttpRequest, user: User, found: Programme) -> HttpResponse:
    """Sign in after a used link or code, and open the survey where it was left."""
    actions.verify_address(user=user)
    user.refresh_from_db()
    login(request, user, backend=BACKEND)
    application = Application.objects.owned_by(user).running().filter(programme=found).order_by("-pk").first()
    if application is None:
        return redirect("applicants:begin", found.slug)
    if application.is_draft and application.last_section:
        return redirect("applicants:section", application.uuid, application.last_section)
    return redirect(application)


@require_http_methods(["GET", "POST"])
def resume(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Come back after the session has ended: a mail with link and code. Says the same for wrong addresses."""
    context: dict[str, Any] = {"uuid": uuid, "form": CodeForm(), "kept": str(uuid) in request.session.get("kept", {})}
    if user_of(request):
        return redirect("applicants:application", uuid)
    if request.method == "GET":
        return render(request, "applicants/resume.html", context)
    application = Application.objects.select_related("person__user", "programme").filter(uuid=uuid).first()
    user = application.person.user if application else None
    if "code" in request.POST:
        return _try_code(request, uuid, application, user, context)
    if too_many(request, "resume", limit=20, seconds=HOUR) or too_many(
        request, "resume-mail", key=str(uuid), limit=5, seconds=HOUR
    ):
        return render(request, "applicants/too_many.html", {}, status=429)
    if application and user and not _needs_more(user):
        actions.send_resume_link(user=user, programme=application.programme, now=timezone.now())
    return render(request, "applicants/resume.html", context | {"sent": True})


def _code_opens(user: User, code: str) -> bool:
    return not _needs_more(user) and actions.use_code(user=user, code=code, now=timezone.now())


def _try_code(
    request: HttpRequest, uuid: UUID, application: Application | None, user: User | None, context: dict[str, Any]
) -> HttpResponse:
    form = CodeForm(request.POST)
    if too_many(request, "code", limit=30, seconds=HOUR):
        return render(request, "applicants/too_many.html", {}, status=429)
    if form.is_valid() and application and user and _code_opens(user, form.cleaned_data["code"]):
        return _come_in(request, user, application.programme)
    if form.is_valid():
        form.add_error("code", _("This code is wrong or too old. Please look into the newest mail."))
    return render(request, "applicants/resume.html", context | {"form": form, "sent": True}, status=422)


__all__ = ["ResumeLink", "begin", "programme", "quick_check", "resume", "resume_link"]
