"""What the applicant's pages share: loading one's own application, reading what a form carries, keeping it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants import actions
from applicants.actions.filling import Saved
from applicants.models import Application
from applicants.survey import Survey, label_of
from credpoints.accounts.models import User
from credpoints.files.models import Upload
from credpoints.http.requests import SignedInRequest
from credpoints.organisations.models import ApplicationWindow


def own(request: SignedInRequest, uuid: UUID) -> Application:
    mine = Application.objects.owned_by(request.user)
    return get_object_or_404(mine.select_related("form_version", "programme__organisation", "person__user"), uuid=uuid)


def is_open(found: Application) -> bool:
    return found.programme.window(timezone.now()) == ApplicationWindow.OPEN


def uuid_of(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def typed_in(request: HttpRequest, survey: Survey) -> tuple[dict[str, Any], dict[str, str]]:
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


def keep_for_later(request: HttpRequest, uuid: UUID) -> None:
    """Put what was typed into the visitor's session; it is saved as soon as the right person has signed in.

    Nothing is kept for an application that does not exist, so that machines do not fill the sessions.
    """
    if not Application.objects.filter(uuid=uuid).exists():
        return
    kept = dict(request.session.get("kept", {}))
    fields = {name: request.POST.getlist(name) for name in request.POST if name not in {"csrfmiddlewaretoken", "do"}}
    kept[str(uuid)] = {**kept.get(str(uuid), {}), **fields}
    request.session["kept"] = kept


def take_kept(request: SignedInRequest, application: Application) -> None:
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
    tell_conflicts(request, application, saved)


def tell_conflicts(request: SignedInRequest, application: Application, saved: Saved) -> None:
    for text in conflict_texts(application.form_version.survey, saved):
        messages.warning(request, text)


def conflict_texts(survey: Survey, saved: Saved) -> list[str]:
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


def save_page(request: SignedInRequest, found: Application) -> dict[str, str]:
    """Save everything on the page; returns what was wrong with files, by address."""
    typed, was = typed_in(request, found.form_version.survey)
    saved = actions.save_answers(application=found, typed=typed, was=was, by=request.user)
    tell_conflicts(request, found, saved)
    errors = {}
    for name, upload in request.FILES.items():
        address, _bar, old = name.removeprefix("file:").partition("|")
        if not isinstance(upload, UploadedFile):
            continue
        try:
            messages.success(request, take_file(found, address, old, upload, by=request.user))
        except ValidationError as error:
            errors[address] = " ".join(error.messages)
    return errors


def take_file(found: Application, address: str, old: str, upload: UploadedFile[Any] | Upload, *, by: User) -> str:
    """Add a document, or put it in the place of an old one. Returns what was done in words."""
    if not old:
        stored = actions.add_file(application=found, address=address, upload=upload, by=by)
        return _("“%(name)s” is saved.") % {"name": stored.name}
    stored = actions.replace_file(application=found, address=address, old=uuid_of(old), upload=upload, by=by)
    return _("“%(name)s” is saved in the place of the earlier file.") % {"name": stored.name}
