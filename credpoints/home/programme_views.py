"""The administrator's pages: one programme's settings, terms and people."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from credpoints.accounts.models import Role, RoleAssignment, ScopeKind
from credpoints.accounts.rules import scope_ids
from credpoints.audit.words import history as history_of
from credpoints.home import actions, programme_queries
from credpoints.home.programme_forms import ColleagueForm, NewProgrammeForm, ProgrammeForm, TermForms, TermFormSet
from credpoints.http.requests import SignedInRequest
from credpoints.organisations import actions as organisations
from credpoints.organisations.models import Organisation, Programme


@require_GET
@login_required
def programme(request: SignedInRequest, slug: str) -> HttpResponse:
    """How the programme stands: funnel by station, places, dates, and what is stuck and why."""
    found = get_object_or_404(Programme.objects.administered_by(request.user), slug=slug)
    context = {
        "programme": found,
        "places": programme_queries.places(found),
        "reached": programme_queries.reached(found),
        "standing": programme_queries.standing(found),
        "stuck": programme_queries.stuck(found, timezone.now()),
        "lines": history_of(found)[:10],
    }
    return render(request, "home/programme.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def programme_settings(request: SignedInRequest, slug: str) -> HttpResponse:
    """Change what the programme says and when one can apply."""
    found = get_object_or_404(Programme.objects.administered_by(request.user), slug=slug)
    # Deadlines are those of the programme's place, wherever its administrator happens to be.
    with timezone.override(ZoneInfo(found.time_zone)):
        form = ProgrammeForm(request.POST or None, instance=found)
        terms = TermFormSet(request.POST or None, instance=found)
        if request.method == "POST" and form.is_valid() and terms.is_valid():
            return _save_settings(request, slug, form, terms)
        return _settings_page(request, slug, form, terms, status=422 if request.method == "POST" else 200)


def _save_settings(request: SignedInRequest, slug: str, form: ProgrammeForm, terms: TermForms) -> HttpResponse:
    fresh = Programme.objects.get(slug=slug)
    changed = terms.save(commit=False)
    try:
        organisations.change_settings(
            programme=fresh, by=request.user, seen=form.cleaned_data["seen"], facts=form.facts(), terms=changed
        )
    except organisations.SettingsChanged as refusal:
        differences = form.differences(refusal.programme)
        data = request.POST.copy()
        data["seen"] = organisations.settings_fingerprint(refusal.programme, form.facts())
        again = ProgrammeForm(data, instance=form.instance)
        return _settings_page(request, slug, again, terms, differences=differences, status=409)
    messages.info(request, _("Saved."))
    return redirect("home:programme", slug=slug)


def _settings_page(
    request: SignedInRequest, slug: str, form: ProgrammeForm, terms: TermForms, *, status: int,
    differences: list[tuple[str, str]] | None = None,
) -> HttpResponse:  # fmt: skip
    context = {
        "programme": Programme.objects.get(slug=slug),
        "form": form,
        "terms": terms,
        "differences": differences,
    }
    return render(request, "home/programme_settings.html", context, status=status)


@require_http_methods(["GET", "POST"])
@login_required
def programme_new(request: SignedInRequest) -> HttpResponse:
    """Begin a programme from one of the five presets, in an organisation that the user administers."""
    own = Organisation.objects.filter(
        pk__in=scope_ids(request.user, ScopeKind.ORGANISATION, Role.PROGRAMME_ADMIN)
    ).order_by("pk")
    if not own:
        raise PermissionDenied(_("You administer no organisation. Ask its administrator for the role."))
    form = NewProgrammeForm(request.POST or None, organisations=own)
    if request.method == "POST" and form.is_valid():
        made = organisations.create_programme(by=request.user, **form.cleaned_data)
        return redirect("home:programme_settings", slug=made.slug)
    status = 422 if request.method == "POST" else 200
    return render(request, "home/programme_new.html", {"form": form}, status=status)


@require_POST
@login_required
def programme_publish(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show the programme to everybody."""
    found = get_object_or_404(Programme.objects.administered_by(request.user), slug=slug)
    organisations.publish_programme(programme=found, by=request.user)
    messages.info(request, _("The programme is public now."))
    return redirect("home:programme", slug=slug)


@require_http_methods(["GET", "POST"])
@login_required
def programme_people(request: SignedInRequest, slug: str) -> HttpResponse:
    """Who works in this programme, and since when."""
    found = get_object_or_404(Programme.objects.administered_by(request.user), slug=slug)
    form = ColleagueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        colleague = actions.invite_colleague(
            programme=found,
            email=form.cleaned_data["email"],
            role=Role(form.cleaned_data["role"]),
            language=found.default_language,
            by=request.user,
        )
        messages.info(request, _("%(name)s can work in this programme now.") % {"name": colleague.name})
        return redirect("home:programme_people", slug=slug)
    assignments = programme_queries.assignments(found)
    status = 422 if request.method == "POST" else 200
    context = {"programme": found, "form": form, "assignments": assignments}
    return render(request, "home/programme_people.html", context, status=status)


@require_http_methods(["GET", "POST"])
@login_required
def programme_end_role(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """End somebody's role, after asking.

    Administrators cannot end their own, so a programme never loses its last one by mistake.
    """
    found = get_object_or_404(Programme.objects.administered_by(request.user), slug=slug)
    assignment = get_object_or_404(RoleAssignment, pk=pk, scope_kind=ScopeKind.PROGRAMME, scope_id=found.pk)
    if assignment.user == request.user:
        raise PermissionDenied(_("You cannot end your own role. Ask another administrator."))
    if request.method == "GET":
        return render(request, "home/programme_end_role.html", {"programme": found, "assignment": assignment})
    organisations.end_role(programme=found, assignment=assignment, by=request.user)
    messages.info(request, _("The role has ended."))
    return redirect("home:programme_people", slug=slug)
