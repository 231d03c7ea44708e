"""Staff pages of an offering: make it, change it, fix its dates, name its teachers."""

from collections.abc import Callable
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from credpoints.accounts.models import User
from credpoints.http.requests import SignedInRequest
from modules import actions, catalogue, queries, rules
from modules.letters import session_letter, told_about
from modules.models import SEATED, Attendance, Offering, Session
from modules.offering_forms import OfferingForm, SessionForm, TeacherForm


@require_http_methods(["GET", "POST"])
@login_required
def offering_new(request: SignedInRequest, uuid: UUID, number: int) -> HttpResponse:
    """Offer a module: in a term, or in a window of its own."""
    version = catalogue.visible_version(request.user, uuid, number)
    if version is None or not rules.can_edit_version(request.user, version):
        raise Http404
    initial = {"mode": version.mode, "language": next(iter(version.languages), "de")}
    form = OfferingForm(request.POST or None, version=version, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = actions.create_offering(version=version, by=request.user, **form.facts())
        messages.info(request, _("The offering is prepared. Nobody sees it before you open it."))
        return redirect(made)
    return _form(request, form, {"version": version, "back": version.get_absolute_url()})


@require_http_methods(["GET", "POST"])
@login_required
def offering_edit(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Change what an offering says."""
    found = _run(request, uuid)
    with timezone.override(ZoneInfo(found.time_zone)):  # moments are typed at the clock of the place
        form = OfferingForm(request.POST or None, instance=found, version=found.version, user=request.user)
        if request.method == "POST" and form.is_valid():
            actions.change_offering(offering=_run(request, uuid), by=request.user, **form.facts())
            messages.info(request, _("Saved."))
            return redirect(found)
        return _form(request, form, {"version": found.version, "offering": found, "back": found.get_absolute_url()})


def _form(request: SignedInRequest, form: OfferingForm, page: dict[str, Any]) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render(request, "modules/offering_form.html", page | {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@login_required
def session_new(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Fix a date of an offering."""
    found = _run(request, uuid)
    form = SessionForm(request.POST or None, offering=found)
    return _session(request, form, found, None, lambda: actions.add_session(
        offering=found, by=request.user, tell="tell" in request.POST, **form.facts()))  # fmt: skip


@require_http_methods(["GET", "POST"])
@login_required
def session_edit(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Change a date."""
    session = _dated(request, uuid)
    form = SessionForm(request.POST or None, offering=session.offering, instance=_dated(request, uuid))
    return _session(request, form, session.offering, session, lambda: actions.change_session(
        session=session, by=request.user, tell="tell" in request.POST, **form.facts()))  # fmt: skip


def _session(
    request: SignedInRequest, form: SessionForm, offering: Offering, session: Session | None, save: Callable[[], Any]
) -> HttpResponse:
    """A compulsory date that people did not know of when they enrolled is asked about once more."""
    warning = ""
    if request.method == "POST" and form.is_valid():
        warning = _warning(offering, session, form.facts())
        if not warning or "sure" in request.POST:
            save()
            messages.info(request, _("The date is saved. Calendars that have subscribed show it."))
            return redirect(f"{offering.get_absolute_url()}#dates")
    people = len(told_about(session or Session(offering=offering)))
    page = {"form": form, "offering": offering, "session": session, "warning": warning, "people": people,
            "tells": request.method == "GET" or "tell" in request.POST}  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "modules/session_form.html", page, status=status)


def _warning(offering: Offering, session: Session | None, facts: dict[str, Any]) -> str:
    if facts["attendance"] != Attendance.COMPULSORY:
        return ""
    if session and all(getattr(session, name) == facts[name] for name in ("attendance", "starts_at", "ends_at")):
        return ""
    people = offering.enrolments.filter(state__in=SEATED).count()
    if not people:
        return ""
    words = ngettext(
        "%(people)s person has enrolled without knowing of this compulsory date. Please agree on a way for whoever "
        "cannot come.",
        "%(people)s people have enrolled without knowing of this compulsory date. Please agree on a way for whoever "
        "cannot come.",
        people,
    )
    return words % {"people": people}


@require_http_methods(["GET", "POST"])
@login_required
def session_cancel(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Cancel a date, after reading what that does."""
    session = _dated(request, uuid)
    if request.method == "GET":
        letters = [session_letter(enrolment, session, "cancelled") for enrolment in told_about(session)]
        page = {"session": session, "offering": session.offering, "letters": letters}
        return render(request, "modules/session_cancel.html", page)
    actions.cancel_session(session=session, by=request.user, tell="tell" in request.POST)
    messages.info(request, _("The date is cancelled."))
    return redirect(f"{session.offering.get_absolute_url()}#dates")


@require_http_methods(["GET", "POST"])
@login_required
def teachers(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Who teaches an offering."""
    found = _run(request, uuid)
    form = TeacherForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and form.user:
        actions.name_teacher(offering=found, user=form.user, by=request.user)
        messages.info(request, _("%(name)s teaches this offering now.") % {"name": form.user.name})
        return redirect("modules:teachers", uuid=uuid)
    page = {"offering": found, "teachers": queries.teachers_of(found), "form": form}
    return render(request, "modules/teachers.html", page, status=422 if request.method == "POST" else 200)


@require_POST
@login_required
def teacher_end(request: SignedInRequest, uuid: UUID, pk: int) -> HttpResponse:
    """Somebody no longer teaches it."""
    found = _run(request, uuid)
    user = get_object_or_404(User, pk__in=[teacher.pk for teacher in queries.teachers_of(found)], pk=pk)
    actions.end_teacher(offering=found, user=user, by=request.user)
    messages.info(request, _("%(name)s no longer teaches this offering.") % {"name": user.name})
    return redirect("modules:teachers", uuid=uuid)


def _run(request: SignedInRequest, uuid: UUID) -> Offering:
    """An offering that this person runs; others may read it, and are refused here."""
    visible = Offering.objects.visible_to(request.user).select_related("version__module__provider", "term", "programme")
    found = get_object_or_404(visible, uuid=uuid)
    if not rules.runs_offering(request.user, found):
        raise PermissionDenied
    return found


def _dated(request: SignedInRequest, uuid: UUID) -> Session:
    session = get_object_or_404(Session.objects.select_related("offering"), uuid=uuid)
    session.offering = _run(request, session.offering.uuid)
    return session
