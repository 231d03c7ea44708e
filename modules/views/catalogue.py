"""The public catalogue: list, module, offering, and the same as data."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from credpoints.accounts.actions import open_account
from credpoints.http.requests import SignedInRequest, user_of
from modules import actions, catalogue, checklist, moochub, queries, rules, version_queries
from modules.calendar import calendar_of
from modules.exports import catalogue_csv
from modules.fields import broad_fields, field_name
from modules.linked_data import course_of
from modules.models import RUNNING, Access, Enrolment, Mode, ModuleKind, ModuleVersion, Offering
from modules.oddities import sentences_of
from modules.views.steps import step_page
from modules.workflow import OFFERING, VERSION

PAGE, FEED_PAGE = 25, 100
CALENDAR = "text/calendar; charset=utf-8"


@require_GET
def catalogue_list(request: HttpRequest) -> HttpResponse:
    """Published modules: search, filters and sorting live in the address."""
    search = catalogue.search_from(request.GET)
    found = catalogue.find(search, _language())
    if request.GET.get("format") == "csv":
        return catalogue_csv(found)
    context = {
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "search": search,
        "providers": catalogue.providers(),
        "taught_in": catalogue.languages(),
        "kinds": ModuleKind.choices,
        "modes": Mode.choices,
        "fields": broad_fields(_language()),
        "levels": range(1, 9),
        "tags": catalogue.tags_in_use(),
        "keeps": rules.keeps_a_catalogue(user_of(request)),
    }
    return render(request, "modules/catalogue.html", context)


@require_GET
def feed(request: HttpRequest) -> HttpResponse:
    """Everything published in the exchange format MOOChub 3, a hundred modules a page, for anybody."""
    found = ModuleVersion.objects.published().select_related("module__provider").order_by("pk")
    page = Paginator(found, FEED_PAGE).get_page(request.GET.get("page"))
    data = moochub.feed(page, base_url=settings.BASE_URL, path=request.path, language=_language())
    response = JsonResponse(data, content_type="application/vnd.api+json", json_dumps_params={"ensure_ascii": False})
    response["Access-Control-Allow-Origin"] = "*"
    return response


@require_GET
def module(request: HttpRequest, uuid: str) -> HttpResponse:
    """One module with all its facts; `?version=2` shows an earlier one."""
    version = _version(request, uuid)
    offerings = queries.open_offerings(version)
    user = user_of(request)
    is_keeper = rules.can_edit_version(user, version)
    versions = version_queries.versions_of(version.module) if is_keeper else []
    context = {
        "version": version,
        "module": version.module,
        "offerings": offerings,
        "field": field_name(version.isced_f, _language()),
        "linked_data": course_of(version, offerings, base_url=settings.BASE_URL, language=_language()),
        "is_keeper": is_keeper,
        "all_offerings": queries.offerings_of(version.module) if is_keeper else [],
        "missing": [] if version.is_public or not is_keeper else checklist.missing(version),
        "open_version": version_queries.open_version(version.module) if is_keeper else None,
        "history": version_queries.history_of(version.module) if is_keeper else [],
        "oddities": sentences_of(version.warnings),
        "versions": versions,
        "was_published": any(other.is_public for other in versions),
        "steps": [step for step in VERSION.available(version, user) if step.name != "supersede"],
    }
    return render(request, "modules/module.html", context)


@require_GET
def module_data(request: HttpRequest, uuid: str) -> HttpResponse:
    """The same module as schema.org data."""
    version = _version(request, uuid)
    offerings = queries.open_offerings(version)
    data = course_of(version, offerings, base_url=settings.BASE_URL, language=_language())
    response = JsonResponse(data, content_type="application/ld+json", json_dumps_params={"ensure_ascii": False})
    response["Access-Control-Allow-Origin"] = "*"
    return response


@require_GET
def offering(request: HttpRequest, uuid: str) -> HttpResponse:
    """One offering: when, where, how many places, and its sessions."""
    found = _offering(request, uuid)
    user, now = user_of(request), timezone.now()
    own = _own_enrolment(request, found)
    runs = rules.runs_offering(user, found)
    context = {
        "offering": found,
        "version": found.version,
        "timetable": queries.timetable(found.sessions.all(), now),
        "own": own,
        "is_open": found.enrolment_is_open(now),
        "may_enrol": own is None and found.access == Access.OPEN and found.enrolment_is_open(now),
        "sees_links": _sees_links(request, found, own),
        "teaches": rules.teaches(user, found),
        "opens_group": rules.teaches_or_runs(user, found),
        "runs": runs,
        "edits": runs and found.state not in {"cancelled", "completed"},
        "teachers": queries.teachers_of(found) if runs else [],
        "steps": OFFERING.available(found, user),
    }
    return render(request, "modules/offering.html", context)


@require_GET
def offering_calendar(request: HttpRequest, uuid: str) -> HttpResponse:
    """The sessions as a calendar file; addresses of online rooms only for those who take part."""
    found = _offering(request, uuid)
    sessions = list(found.sessions.select_related("offering__version__module"))
    with_links = _sees_links(request, found, _own_enrolment(request, found))
    return _calendar(sessions, "sessions.ics", with_links=with_links)


@require_POST
@login_required
def offering_enrol(request: SignedInRequest, uuid: str) -> HttpResponse:
    """Enrol oneself in an offering that is open to everybody."""
    found = _offering(request, uuid)
    if found.access != Access.OPEN:
        raise Http404
    person = open_account(email=request.user.email, language=request.user.language).person
    try:
        enrolment = actions.enrol(offering=found, person=person, by=request.user)
    except actions.EnrolmentRefused as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(found)
    messages.info(request, _("Your enrolment: %(state)s.") % {"state": enrolment.get_state_display()})
    return redirect(enrolment)


@require_http_methods(["GET", "POST"])
@login_required
def offering_step(request: SignedInRequest, uuid: str, step: str) -> HttpResponse:
    """Open, pause, cancel or finish an offering."""
    return step_page(request, OFFERING, _offering(request, uuid), step)


@require_http_methods(["GET", "POST"])
@login_required
def version_step(request: SignedInRequest, uuid: str, number: int, step: str) -> HttpResponse:
    """Hand in, approve, publish or withdraw a version of a module."""
    found = catalogue.visible_version(request.user, uuid, number)
    if found is None:
        raise Http404
    return step_page(request, VERSION, found, step)


@require_GET
@login_required
def own_calendar(request: SignedInRequest) -> HttpResponse:
    """All coming sessions of the signed-in person in one calendar file."""
    return _calendar(queries.own_sessions(request.user, timezone.now()), "my-sessions.ics", with_links=True)


def _calendar(sessions: list[Any], name: str, *, with_links: bool) -> HttpResponse:
    body = calendar_of(sessions, now=timezone.now(), base_url=settings.BASE_URL, with_links=with_links)
    return HttpResponse(body, content_type=CALENDAR, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _version(request: HttpRequest, uuid: str) -> ModuleVersion:
    asked = request.GET.get("version", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else None
    found = catalogue.visible_version(user_of(request), uuid, number)
    if found is None:
        raise Http404
    return found


def _offering(request: HttpRequest, uuid: str) -> Offering:
    visible = Offering.objects.visible_to(user_of(request)).select_related(
        "version__module__provider", "term", "programme"
    )
    return get_object_or_404(visible, uuid=uuid)


def _own_enrolment(request: HttpRequest, offering: Offering) -> Enrolment | None:
    user = user_of(request)
    if user is None:
        return None
    return Enrolment.objects.counting().filter(offering=offering, person__user=user).first()


def _sees_links(request: HttpRequest, offering: Offering, own: Enrolment | None) -> bool:
    return bool(own and own.state in RUNNING) or rules.teaches_or_runs(user_of(request), offering)


def _language() -> str:
    return (translation.get_language() or settings.LANGUAGE_CODE).split("-")[0]
