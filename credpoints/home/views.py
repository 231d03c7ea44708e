"""Home pages and what belongs to no single room."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.paginator import Paginator
from django.db import connection, models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from applicants.models import Application
from certificates.models import Certificate
from credpoints.accounts import actions as accounts
from credpoints.accounts.models import User
from credpoints.accounts.rules import is_staff
from credpoints.audit.words import history as history_of
from credpoints.home import days, paths, samples
from credpoints.home.explain import explain_all
from credpoints.home.forms import NameForm, PreferencesForm
from credpoints.home.search import search as find
from credpoints.home.sign_in import demo_user
from credpoints.http.requests import SignedInRequest, user_of
from credpoints.jobs.models import Job
from credpoints.organisations.models import Programme, Stage
from credpoints.organisations.rules import begins_programmes
from credpoints.outbox import actions as outbox
from credpoints.outbox.models import MessageState, OutboxMessage
from credpoints.outbox.rules import may_read_body, may_resend
from credpoints.workflow import all_workflows
from modules.models import Enrolment, Module, Offering, Result
from planning import queries as planning
from planning.models import Appointment, Participation, PlanVersion

YEAR = 60 * 60 * 24 * 365


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """The front door: programmes for visitors, the own home page for everybody else."""
    user = user_of(request)
    if user and "programmes" not in request.GET:
        return redirect("home:today" if is_staff(user) else "home:my_path")
    programmes = Programme.objects.visible_to(user).select_related("organisation").order_by("pk")
    return render(request, "home/start.html", {"programmes": programmes, "stages": list(Stage)})


@require_POST
def change_language(request: HttpRequest) -> HttpResponse:
    """Read in another language, here and in mails; what was typed on a page is saved by that page."""
    language = request.POST.get("language", "")
    response = HttpResponseRedirect(_next(request))
    if language in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR, samesite="Lax")
        user = user_of(request)
        if user:
            accounts.change_preferences(user=user, language=language, time_zone=user.time_zone)
    return response


@require_POST
def change_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the system says."""
    response = HttpResponseRedirect(_next(request))
    theme = request.POST.get("theme", "auto")
    if theme in {"light", "dark", "auto"}:
        response.set_cookie("theme", theme, max_age=YEAR, samesite="Lax")
    return response


@require_http_methods(["GET", "POST"])
@login_required
def profile(request: SignedInRequest) -> HttpResponse:
    """Name, language and time zone of the signed-in person."""
    person = accounts.open_account(email=request.user.email, language=request.user.language).person
    name_form = NameForm(request.POST or None, instance=person)
    preferences = PreferencesForm(request.POST or None, instance=request.user)
    if request.method == "POST" and name_form.is_valid() and preferences.is_valid():
        accounts.change_name(person=person, **name_form.cleaned_data)
        accounts.change_preferences(user=request.user, **preferences.cleaned_data)
        messages.info(request, _("Saved."))
        response = redirect("home:profile")
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, request.user.language, max_age=YEAR, samesite="Lax")
        return response
    status = 422 if request.method == "POST" else 200
    return render(request, "home/profile.html", {"name_form": name_form, "preferences": preferences}, status=status)


@require_GET
@login_required
def my_path(request: SignedInRequest) -> HttpResponse:
    """The learner's home page: the next step, the stations, the coming days, documents and messages."""
    steps = paths.next_steps(request.user)
    own = paths.own_paths(request.user)
    context: dict[str, Any] = {"paths": own, "first_step": next(iter(steps), None), "other_steps": steps[1:]}
    if own:
        context |= {
            "week": days.week_of(request.user),
            "documents": days.documents_of(request.user),
            "letters": days.letters_to(request.user),
        }
    return render(request, "home/my_path.html", context)


@require_GET
@login_required
def today(request: SignedInRequest) -> HttpResponse:
    """The staff's home page: talks of the day, to-dos with the oldest first, cases, own times."""
    if not is_staff(request.user):
        raise Http404
    todos = paths.todos(request.user)
    meetings = days.staff_day(request.user, planning.talks_of_day(request.user))
    context = {
        "meetings": meetings,
        "coming": None if meetings else days.next_meeting(request.user),
        "todos": todos,
        "page": Paginator(todos, 50).get_page(request.GET.get("page")),
        "cases": days.cases_of(request.user),
        "own_times": days.own_times(request.user),
        "walks_too": days.walks_too(request.user),
        "administered": Programme.objects.administered_by(request.user).order_by("pk"),
        "begins_programmes": begins_programmes(request.user),
    }
    return render(request, "home/today.html", context)


@require_GET
@login_required
def search(request: SignedInRequest) -> HttpResponse:
    """The command search: people, cases, modules, certificates and pages that this member of staff may open."""
    if not is_staff(request.user):
        raise Http404
    typed = request.GET.get("q", "").strip()
    context = {"typed": typed, "found": find(request, request.user, typed)}
    return render(request, "home/search.html", context)


@require_GET
@login_required
def keys(request: SignedInRequest) -> HttpResponse:
    """The help sheet: which keys do what, and how to switch them off."""
    return render(request, "home/keys.html", {})


@require_POST
@login_required
def change_keys(request: SignedInRequest) -> HttpResponse:
    """Switch the single keys on or off: they disturb people who speak to their computer (WCAG 2.2, 2.1.4)."""
    response = redirect("home:keys")
    response.set_cookie("keys", "off" if request.POST.get("keys") == "off" else "on", max_age=YEAR, samesite="Lax")
    return response


# Whose history can be opened: the rows a person sees, by kind of thing. Every room adds its line here.
HISTORIES: dict[str, Callable[[User], models.QuerySet[Any]]] = {
    "applicants.application": Application.objects.handled_by,
    "certificates.certificate": Certificate.objects.managed_by,
    "modules.enrolment": Enrolment.objects.visible_to,
    "modules.module": Module.objects.edited_by,
    "modules.offering": Offering.objects.staffed_by,
    "modules.result": Result.objects.visible_to,
    "planning.appointment": Appointment.objects.arranged_by,
    "planning.participation": Participation.objects.visible_to,
    "planning.planversion": PlanVersion.objects.visible_to,
}


@require_GET
@login_required
def history(request: SignedInRequest, object_type: str, pk: int) -> HttpResponse:
    """The History tab of one thing, for staff who may see the thing."""
    visible = HISTORIES.get(object_type)
    if visible is None or not is_staff(request.user):
        raise Http404
    thing = get_object_or_404(visible(request.user), pk=pk)
    return render(request, "home/history.html", {"thing": thing, "lines": history_of(thing)})


@require_GET
@login_required
def outbox_list(request: SignedInRequest) -> HttpResponse:
    """Mails that the person may see, newest first; filter by state or address."""
    found = OutboxMessage.objects.visible_to(request.user).order_by("-created_at", "-pk")
    if request.GET.get("q"):
        found = found.filter(to__icontains=request.GET["q"])
    if request.GET.get("state"):
        found = found.filter(state=request.GET["state"])
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    return render(request, "home/outbox.html", {"page": page, "states": MessageState.choices})


@require_GET
@login_required
def outbox_message(request: SignedInRequest, pk: int) -> HttpResponse:
    """One mail as it was written."""
    message = get_object_or_404(OutboxMessage.objects.visible_to(request.user), pk=pk)
    context = {
        "mail": message,
        "may_read": may_read_body(request.user, message),
        "may_resend": may_resend(request.user, message),
    }
    return render(request, "home/outbox_message.html", context)


@require_POST
@login_required
def outbox_resend(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send a mail once more."""
    message = get_object_or_404(OutboxMessage.objects.visible_to(request.user), pk=pk)
    if not may_resend(request.user, message):
        return forbidden(request)
    outbox.resend(message=message, by=request.user)
    messages.info(request, _("The mail to %(to)s will be sent again.") % {"to": message.to})
    return redirect("home:outbox_message", pk=pk)


@require_GET
@login_required
def job_progress(request: SignedInRequest, pk: int) -> HttpResponse:
    """How far a job is, for who asked for it: the small part of a page that htmx asks for again."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    return render(request, "components/job_progress.html", {"job": job})


@require_GET
def how_it_works(request: HttpRequest) -> HttpResponse:
    """Every table of steps in plain words, made from the same tables that the buttons use."""
    return render(request, "home/how_it_works.html", {"workflows": explain_all(all_workflows()), "stages": list(Stage)})


@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    """All shared components with all their states; for development and the demo."""
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    return render(request, "home/styleguide.html", samples.context())


@require_GET
def demo_mail(request: HttpRequest) -> HttpResponse:
    """Every mail of the demo, readable by everybody: there is no mail server."""
    if not settings.DEMO:
        raise Http404
    page = Paginator(OutboxMessage.objects.order_by("-created_at", "-pk"), 25).get_page(request.GET.get("page"))
    return render(request, "home/demo_mail.html", {"page": page})


@require_http_methods(["GET", "POST"])
def demo_sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in as a person of the demo."""
    user = demo_user(token)
    if user is None:
        raise Http404
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("home:start")


@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """For load balancers: the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 for a form that is larger than any of ours: what went wrong, and that the browser still has it."""
    too_large = isinstance(exception, (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent))
    return _bare(request, "400.html", 413 if too_large else 400, too_large=too_large)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 with the reason and a way on."""
    return render(request, "403.html", {"reason": str(exception) if exception else ""}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", {}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _bare(request, "500.html", 500)


def _bare(request: HttpRequest, template: str, status: int, **context: Any) -> HttpResponse:
    """A page that may be needed before it is known who asks, and so in which language: then the browser's."""
    language = getattr(request, "LANGUAGE_CODE", "") or translation.get_language_from_request(request)
    with translation.override(language):
        return render(request, template, context, status=status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open for too long: say so and lead back, the browser still has what was typed."""
    return render(request, "403_csrf.html", {}, status=403)


def _next(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.headers.get("Referer", "/")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    # A mere word would be looked for beside this address, and `redirect()` takes it for the name of a page.
    return target if safe and target.startswith(("/", "http")) else "/"
