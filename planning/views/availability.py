"""One page where an advisor paints the week and notes other days."""

from datetime import time
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from credpoints.accounts.models import Role, User
from credpoints.common.numbers import whole_number
from credpoints.http.requests import SignedInRequest
from credpoints.organisations.models import Programme
from credpoints.organisations.rules import is_admin, is_advisor
from planning.actions import availability
from planning.models import Appointment, AvailabilityException, AvailabilityRule, ExceptionKind
from planning.painting import Cell, with_copied_day, with_hours, without_hours
from planning.queries import staff_of

FIRST, LAST = 14, 40  # the painted day: 7:00 to 20:00
HALVES = [(half, f"{half // 2}:{30 * (half % 2):02d}") for half in range(availability.HALF_HOURS + 1)]


class SeveralDaysForm(forms.Form):
    """Draw several days at once: hours from to, or the hours of another day. Works by keyboard and without script."""

    days = forms.TypedMultipleChoiceField(
        label=gettext_lazy("On these days"), choices=list(WEEKDAYS.items()), coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Please choose at least one day.")},
    )  # fmt: skip
    begins = forms.TypedChoiceField(
        label=pgettext_lazy("time of day", "From"), choices=HALVES[:-1], coerce=int, initial=18
    )
    ends = forms.TypedChoiceField(label=pgettext_lazy("time of day", "To"), choices=HALVES[1:], coerce=int, initial=32)
    source = forms.TypedChoiceField(label=gettext_lazy("As on"), choices=list(WEEKDAYS.items()), coerce=int)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "begins" in data and "ends" in data and data["begins"] >= data["ends"]:
            self.add_error("ends", _("The end lies before the beginning."))
        return data

    def drawn(self, cells: set[Cell], what: str) -> set[Cell]:
        """The week after pressing one of the three buttons."""
        data = self.cleaned_data
        if what == "copy":
            return with_copied_day(cells, data["source"], data["days"])
        draw = without_hours if what == "clear" else with_hours
        return draw(cells, data["days"], data["begins"], data["ends"])


class ExceptionForm(forms.Form):
    """Days that differ from the week."""

    kind = forms.ChoiceField(label=gettext_lazy("What"), choices=ExceptionKind.choices)
    first_day = forms.DateField(label=gettext_lazy("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    last_day = forms.DateField(
        label=gettext_lazy("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Empty for a single day."),
    )  # fmt: skip
    begins = forms.TimeField(
        label=pgettext_lazy("time of day", "From"), required=False, widget=forms.TimeInput(attrs={"type": "time"}),
        help_text=gettext_lazy("Empty for the whole day."),
    )  # fmt: skip
    ends = forms.TimeField(
        label=pgettext_lazy("time of day", "To"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["last_day"] = data.get("last_day") or data.get("first_day")
        if data["last_day"] and data.get("first_day") and data["last_day"] < data["first_day"]:
            self.add_error("last_day", _("The last day lies before the first."))
        if data.get("kind") == ExceptionKind.EXTRA and not (data.get("begins") and data.get("ends")):
            self.add_error("begins", _("Extra hours need a beginning and an end."))
        self._check_times(data.get("begins"), data.get("ends"))
        return data

    def _check_times(self, begins: time | None, ends: time | None) -> None:
        if bool(begins) != bool(ends):
            self.add_error("ends", _("Please give both times, or none."))
        elif begins and ends and begins >= ends:
            self.add_error("ends", _("The end lies before the beginning."))


@require_http_methods(["GET", "POST"])
@login_required
def week(request: SignedInRequest, slug: str) -> HttpResponse:
    """The week in half hours; what is booked already stays booked."""
    programme = _programme(request, slug)
    advisor = _advisor(request, programme)
    if request.method == "POST":
        cells = {cell for text in request.POST.getlist("cell") if (cell := _cell(text))}
        if "draw" in request.POST:
            return _draw(request, programme, advisor, cells)
        availability.paint_week(programme=programme, advisor=advisor, by=request.user, cells=cells)
        messages.info(request, _("The week is saved. Talks that are booked already stay."))
        return redirect(_address(request, slug))
    return render(request, "planning/availability.html", _page(request, programme, advisor))


def _draw(request: SignedInRequest, programme: Programme, advisor: User, cells: set[Cell]) -> HttpResponse:
    """Several days at once, shown to be looked at: saved only with the button for it."""
    form = SeveralDaysForm(request.POST, prefix="several")
    valid = form.is_valid()
    drawn = form.drawn(cells, request.POST["draw"]) if valid else cells
    page = _page(request, programme, advisor, painted=drawn) | {"days_form": form, "unsaved": True}
    return render(request, "planning/availability.html", page, status=200 if valid else 422)


def _page(
    request: SignedInRequest, programme: Programme, advisor: User, form: ExceptionForm | None = None,
    painted: set[Cell] | None = None,
) -> dict[str, Any]:  # fmt: skip
    today = timezone.localdate()
    if painted is None:
        painted = painted_cells(AvailabilityRule.objects.filter(programme=programme, advisor=advisor))
    exceptions = AvailabilityException.objects.filter(programme=programme, last_day__gte=today)
    own = exceptions.filter(advisor=advisor) | exceptions.filter(advisor=None)
    booked = Appointment.objects.filter(advisor=advisor, programme=programme).upcoming(timezone.now())
    return {
        "programme": programme,
        "advisor": advisor,
        "advisors": list(staff_of(programme, Role.ADVISOR)) if is_admin(request.user, programme.pk) else [],
        "weekdays": [(WEEKDAYS[day], WEEKDAYS_ABBR[day]) for day in range(7)],
        "rows": [
            {
                "label": f"{half // 2}:{30 * (half % 2):02d}",
                "cells": [
                    {"name": f"{day}-{half}", "day": WEEKDAYS[day], "on": (day, half) in painted} for day in range(7)
                ],
            }
            for half in _shown_halves(painted)
        ],
        "exceptions": own.select_related("advisor").order_by("first_day"),
        "exception_form": form or ExceptionForm(),
        "days_form": SeveralDaysForm(prefix="several"),
        "booked": booked.count(),
        "closes_all": is_admin(request.user, programme.pk),
    }


def _shown_halves(painted: set[Cell]) -> range:
    """The usual day, longer when somebody works earlier or later: what is not shown would be lost when saving."""
    halves = [half for _day, half in painted]
    return range(min([FIRST, *halves]), max([LAST, *(half + 1 for half in halves)]))


def painted_cells(rules: Any) -> set[Cell]:
    """The half hours that weekly rules cover."""
    found: set[Cell] = set()
    for rule in rules:
        first, last = _half(rule.begins), _half(rule.ends)
        found |= {(rule.weekday, half) for half in range(first, last)}
    return found


def _half(clock: time) -> int:
    minutes = clock.hour * 60 + clock.minute
    return availability.HALF_HOURS if minutes == 24 * 60 - 1 else minutes // 30


@require_POST
@login_required
def add_exception(request: SignedInRequest, slug: str) -> HttpResponse:
    """Close days or open extra hours."""
    programme = _programme(request, slug)
    advisor = _advisor(request, programme)
    form = ExceptionForm(request.POST)
    if not form.is_valid():
        return render(request, "planning/availability.html", _page(request, programme, advisor, form), status=422)
    for_all = "everybody" in request.POST and form.cleaned_data["kind"] == ExceptionKind.CLOSED
    availability.note_exception(
        programme=programme, advisor=None if for_all else advisor, by=request.user, **form.cleaned_data
    )
    messages.info(request, _("Noted. Talks that are booked already stay; move them by hand."))
    return redirect(_address(request, slug))


@require_POST
@login_required
def drop_exception(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """The days are as usual again."""
    programme = _programme(request, slug)
    exception = get_object_or_404(AvailabilityException, pk=pk, programme=programme)
    availability.drop_exception(exception=exception, by=request.user)
    return redirect(_address(request, slug))


def _programme(request: SignedInRequest, slug: str) -> Programme:
    programme = get_object_or_404(Programme, slug=slug)
    if not (is_advisor(request.user, programme.pk) or is_admin(request.user, programme.pk)):
        raise Http404
    return programme


def _advisor(request: SignedInRequest, programme: Programme) -> User:
    """Oneself; an administrator may open the week of any advisor of the programme."""
    asked = whole_number(request.GET.get("advisor", ""))
    advisors = {advisor.pk: advisor for advisor in staff_of(programme, Role.ADVISOR)}
    if asked in advisors and is_admin(request.user, programme.pk):
        return advisors[asked]
    if request.user.pk in advisors or not advisors:
        return request.user
    return next(iter(advisors.values()))


def _address(request: SignedInRequest, slug: str) -> str:
    asked = whole_number(request.GET.get("advisor", ""))
    address = str(redirect("planning:availability", slug=slug).url)
    return address if asked is None else f"{address}?advisor={asked}"


def _cell(text: str) -> Cell | None:
    day, half = (whole_number(part) for part in text.partition("-")[::2])
    if day is None or half is None or day > 6 or half >= availability.HALF_HOURS:
        return None
    return day, half
