"""Staff book a talk for somebody who calls."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from applicants.models import Application
from credpoints.accounts.models import Role, User
from credpoints.http.requests import SignedInRequest
from credpoints.organisations.models import programme_ids
from credpoints.workflow import NoLongerPossible
from planning import letters, openings, queries
from planning.actions import consultations
from planning.actions.consultations import TimeTaken
from planning.models import ConsultationType, Mode
from planning.queries import staff_of
from planning.slots import moment_at


class BookForForm(forms.Form):
    """Whom, which kind of talk, with whom and when, at the clock of the place."""

    day = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    clock = forms.TimeField(
        label=gettext_lazy("Time at the place"), widget=forms.TimeInput(attrs={"type": "time", "step": 300})
    )
    mode = forms.ChoiceField(label=gettext_lazy("Way of meeting"), choices=Mode.choices)
    field_order = ["person", "kind", "advisor", "day", "clock", "mode"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programmes = programme_ids(user, Role.ADVISOR, Role.PROGRAMME_ADMIN)
        people = Application.objects.filter(
            programme__in=programmes, state__in=["invited", "consulted", "accepted"]
        ).select_related("person", "programme")
        advisors = User.objects.none()
        kinds = ConsultationType.objects.filter(programme__in=programmes).select_related("programme").order_by("pk")
        for programme in {kind.programme for kind in kinds}:
            advisors = advisors | staff_of(programme, Role.ADVISOR)
        self.fields["person"] = forms.ModelChoiceField(
            label=_("Person"), queryset=people.order_by("person__family_name", "person__given_name", "pk")
        )
        self.fields["person"].label_from_instance = _name  # type: ignore[attr-defined]
        self.fields["kind"] = forms.ModelChoiceField(label=_("What"), queryset=kinds)
        self.fields["advisor"] = forms.ModelChoiceField(label=_("With"), queryset=advisors, initial=user.pk)
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """Person, advisor and way of meeting fit the kind of talk, and the time is still to come."""
        data = super().clean() or {}
        kind = data.get("kind")
        if kind:
            self._check_what_fits(kind, data)
            self._read_moment(kind, data)
        return data

    def _check_what_fits(self, kind: ConsultationType, data: dict[str, Any]) -> None:
        application, advisor = data.get("person"), data.get("advisor")
        if application and kind.programme_id != application.programme_id:
            self.add_error("kind", _("This kind of talk belongs to another programme than the person."))
        if advisor and not staff_of(kind.programme, Role.ADVISOR).filter(pk=advisor.pk).exists():
            self.add_error("advisor", _("This advisor does not work for the programme of the talk."))
        if data.get("mode") not in dict(kind.mode_choices):
            self.add_error("mode", _("This kind of talk is not held in this way."))

    def _read_moment(self, kind: ConsultationType, data: dict[str, Any]) -> None:
        """Put day and clock together to a moment, in the zone of the place."""
        if not (data.get("day") and data.get("clock")):
            return
        data["starts_at"] = moment_at(data["day"], data["clock"].replace(second=0), kind.programme.time_zone)
        if data["starts_at"] <= timezone.now():
            self.add_error("day", _("This time is over."))


def _name(application: Application) -> str:
    return f"{application.person.full_name} · {application.number}"


@require_http_methods(["GET", "POST"])
@login_required
def book_for(request: SignedInRequest) -> HttpResponse:
    """Book a time for somebody: staff read the mails first, and a time that is taken is refused with the next free."""
    if not queries.arranges_anything(request.user):
        raise Http404
    form = BookForForm(request.POST or None, user=request.user)
    if request.method == "GET" or "change" in request.POST:
        return render(request, "planning/book_for.html", {"form": form})
    if not form.is_valid():
        return render(request, "planning/book_for.html", {"form": form}, status=422)
    wanted, tell = _wanted(form), "tell" in request.POST
    try:
        if "confirmed" not in request.POST:
            return _ask_before_booking(request, form, wanted)
        talk = consultations.book_for(by=request.user, tell=tell, **wanted)
    except TimeTaken as refusal:
        form.add_error("clock", str(refusal))
        return render(request, "planning/book_for.html", {"form": form, **_free_times(wanted)}, status=422)
    except NoLongerPossible as refusal:
        form.add_error("person", str(refusal))
        return render(request, "planning/book_for.html", {"form": form}, status=422)
    messages.info(request, _("Booked for %(name)s.") % {"name": talk.person.full_name})
    return redirect("planning:consultation", uuid=talk.uuid)


def _wanted(form: BookForForm) -> dict[str, Any]:
    """What was asked for, as the action takes it."""
    data = form.cleaned_data
    return {name: data[name] for name in ("kind", "advisor", "starts_at", "mode")} | {"person": data["person"].person}


def _ask_before_booking(request: SignedInRequest, form: BookForForm, wanted: dict[str, Any]) -> HttpResponse:
    """Staff read what both are told, and may take the tick out."""
    now = timezone.now()
    asked = {name: wanted[name] for name in ("advisor", "person")}
    consultations.check_has_none(kind=wanted["kind"], person=wanted["person"], now=now)
    if not openings.is_free(wanted["kind"], wanted["starts_at"], now=now, **asked):
        raise TimeTaken(wanted["kind"], wanted["starts_at"])
    draft = consultations.draft_talk(now=now, **wanted)
    page = {"talk": draft, "hidden": {name: form[name].data for name in form.fields}}
    return render(request, "planning/book_for_ask.html", page | {"letters": letters.of_booking(draft)})


def _free_times(wanted: dict[str, Any]) -> dict[str, Any]:
    kind = wanted["kind"]
    free = openings.openings_near(
        kind, wanted["person"], wanted["starts_at"], now=timezone.now(), only=wanted["advisor"]
    )
    return {"free": free, "place_zone": kind.programme.time_zone}
