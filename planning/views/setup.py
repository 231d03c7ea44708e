"""How a programme sets up consultations (kinds of talks, closed days, whose week is painted) and its plans."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from credpoints.accounts.models import Role
from credpoints.http.requests import SignedInRequest
from credpoints.organisations.models import Programme
from credpoints.organisations.rules import is_admin
from planning import holidays
from planning.actions import types as actions
from planning.actions.plan_rules import change_plan_rules
from planning.forms import PlanRulesForm
from planning.models import AvailabilityException, AvailabilityRule, ConsultationType
from planning.plan_rules import plan_rules
from planning.queries import staff_of
from planning.type_forms import HolidayForm, TypeForm


@require_GET
@login_required
def setup(request: SignedInRequest, slug: str) -> HttpResponse:
    """Everything that decides when talks can be booked, on one page."""
    programme = _programme(request, slug, Role.ADVISOR, Role.PROGRAMME_ADMIN)
    painted = set(AvailabilityRule.objects.filter(programme=programme).values_list("advisor_id", flat=True))
    closed = AvailabilityException.objects.filter(programme=programme, advisor=None, last_day__gte=timezone.localdate())
    page = {
        "programme": programme,
        "kinds": list(ConsultationType.objects.filter(programme=programme).order_by("pk")),
        "advisors": [(advisor, advisor.pk in painted) for advisor in staff_of(programme, Role.ADVISOR)],
        "closed": list(closed.order_by("first_day")),
        "administers": is_admin(request.user, programme.pk),
    }
    return render(request, "planning/setup.html", page)


@require_http_methods(["GET", "POST"])
@login_required
def edit_type(request: SignedInRequest, slug: str, pk: int | None = None) -> HttpResponse:
    """A new kind of talk, or one that is there."""
    programme = _programme(request, slug, Role.PROGRAMME_ADMIN)
    kind = get_object_or_404(ConsultationType, pk=pk, programme=programme) if pk else None
    form = TypeForm(request.POST or None, instance=kind)
    if request.method == "POST" and form.is_valid():
        saved = actions.save_type(programme=programme, by=request.user, kind=kind, **form.facts())
        messages.info(request, _("“%(title)s” is saved. Talks that are booked stay as they are.") % {"title": saved})
        return redirect("planning:setup", slug=slug)
    status = 422 if request.method == "POST" else 200
    return render(request, "planning/type.html", {"programme": programme, "kind": kind, "form": form}, status=status)


@require_http_methods(["GET", "POST"])
@login_required
def import_holidays(request: SignedInRequest, slug: str) -> HttpResponse:
    """Read a file, show what it says, and close the days that stay ticked: nothing changes before that."""
    programme = _programme(request, slug, Role.PROGRAMME_ADMIN)
    if "apply" in request.POST:
        return _close(request, programme)
    form = HolidayForm(request.POST or None, request.FILES or None)
    page: dict[str, Any] = {"programme": programme, "form": form}
    if request.method == "GET" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "planning/holidays.html", page, status=status)
    found = holidays.read_file(form.cleaned_data["file"].read(holidays.LARGEST_FILE + 1))
    known, today = actions.known_closed_days(programme), timezone.localdate()
    page["found"] = found
    page["rows"] = [(days, (days.first, days.last) in known, days.last < today) for days in found.days]
    return render(request, "planning/holidays.html", page, status=200 if found.days else 422)


def _close(request: SignedInRequest, programme: Programme) -> HttpResponse:
    days = [found for value in request.POST.getlist("day")[:500] if (found := holidays.from_value(value))]
    count = actions.import_closed_days(programme=programme, by=request.user, days=days)
    words = ngettext(
        "%(count)s entry of closed days noted. Talks that are booked already stay.",
        "%(count)s entries of closed days noted. Talks that are booked already stay.",
        count,
    )
    messages.info(request, words % {"count": count})
    return redirect("planning:setup", slug=programme.slug)


@require_http_methods(["GET", "POST"])
@login_required
def edit_plan_rules(request: SignedInRequest, slug: str) -> HttpResponse:
    """What plans of the programme begin with, what is recommended, and who signs them."""
    programme = _programme(request, slug, Role.PROGRAMME_ADMIN)
    form = PlanRulesForm(request.POST or None, rules=plan_rules(programme))
    if request.method == "POST" and form.is_valid():
        change_plan_rules(programme=programme, by=request.user, rules=form.rules())
        messages.info(request, _("The rules are saved."))
        return redirect("planning:plan_rules", slug=slug)
    status = 422 if request.method == "POST" else 200
    return render(request, "planning/plan_rules.html", {"programme": programme, "form": form}, status=status)


def _programme(request: SignedInRequest, slug: str, *roles: Role) -> Programme:
    found = Programme.objects.staffed_by(request.user, *roles).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found
