"""Forms with which staff make offerings, their dates and their teachers."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from credpoints.accounts.models import User
from credpoints.common.languages import language_name
from credpoints.organisations.models import Programme, Term
from modules.models import ModuleVersion, Offering, Session

GROUPS = (
    (_("When"), ("programme", "term", "group", "self_paced", "starts_on", "ends_on")),
    (_("Where and how"), ("mode", "language", "place", "link", "note")),
    (
        _("Places and enrolment"),
        (
            "places", "waiting_list_max", "offer_hours", "access", "needs_confirmation", "enrolment_opens_at",
            "enrolment_closes_at",
        ),
    ),
    (_("Fee"), ("fee",)),
)  # fmt: skip


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class TermChoice(forms.ModelChoiceField[Term]):
    def label_from_instance(self, obj: Term) -> str:
        return f"{obj.code} · {obj.programme}"


class OfferingForm(forms.ModelForm[Offering]):
    """A module as it is taught once. Moments are read and written at the clock of the place."""

    class Meta:
        model = Offering
        fields = [name for _legend, names in GROUPS for name in names]
        labels = {"fee": _("Fee in euros"), "programme": _("Programme"), "term": _("Term")}
        localized_fields = ("fee",)
        widgets = {
            "starts_on": _day(),
            "ends_on": _day(),
            "enrolment_opens_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            "enrolment_closes_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        }
        help_texts = {
            "group": _("Tells two offerings of one term apart, for example “evening”."),
            "starts_on": _("Leave empty to follow the term."),
            "places": _("Leave empty for no limit."),
            "waiting_list_max": _("Leave empty for a list without end."),
            "link": _("Only those who take part see it."),
            "fee": _("0 when it costs nothing. Signed plans keep the fee that they name."),
        }

    def __init__(self, *args: Any, version: ModuleVersion, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Q(pk__in=Programme.objects.administered_by(user)) | Q(organisation=version.module.provider_id)
        programmes = Programme.objects.filter(own | Q(pk=self.instance.programme_id)).order_by("pk")
        self.fields["programme"] = forms.ModelChoiceField(label=_("Programme"), queryset=programmes, required=False)
        terms = Term.objects.filter(programme__in=programmes).select_related("programme").order_by("-starts_on", "pk")
        self.fields["term"] = TermChoice(label=_("Term"), queryset=terms, required=False)
        codes = dict.fromkeys([*version.languages, "de", "en", self.instance.language])
        self.fields["language"] = forms.ChoiceField(
            label=_("Language"), choices=[(code, language_name(code)) for code in codes]
        )
        self.fields["fee"].required = False
        for name in ("fee", "places", "waiting_list_max", "offer_hours"):
            self.fields[name].widget.attrs["inputmode"] = "decimal" if name == "fee" else "numeric"

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings."""
        return [(str(legend), [self[name] for name in names]) for legend, names in GROUPS]

    def clean_fee(self) -> Any:
        fee = self.cleaned_data["fee"] or 0
        if fee < 0:
            raise ValidationError(gettext("A fee is not less than 0."))
        return fee

    def clean_places(self) -> int | None:
        places: int | None = self.cleaned_data["places"]
        taken = self.instance.seats_taken
        if places is not None and places < taken:
            raise ValidationError(
                gettext("%(taken)s places are taken already; there cannot be fewer.") % {"taken": taken}
            )
        return places

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        term, programme = data.get("term"), data.get("programme")
        if term and programme and term.programme_id != programme.pk:
            self.add_error("term", _("This term belongs to another programme."))
        if not (term or data.get("starts_on") or data.get("self_paced")):
            self.add_error("term", _("Choose a term, or give the first day, or let people learn at their own pace."))
        self._read_at_the_place(data)
        _check_order(self, data, "starts_on", "ends_on", _("It cannot end before it begins."))
        _check_order(
            self, data, "enrolment_opens_at", "enrolment_closes_at", _("Enrolment cannot close before it opens.")
        )
        return data

    def _read_at_the_place(self, data: dict[str, Any]) -> None:
        """The clock that was typed is that of the place, whatever zone the reader is in."""
        programme = data.get("programme")
        zone = self.instance.time_zone if self.instance.pk or not programme else programme.time_zone
        for name in ("enrolment_opens_at", "enrolment_closes_at"):
            if data.get(name):
                data[name] = timezone.make_naive(data[name]).replace(tzinfo=ZoneInfo(zone))

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


def _check_order(form: forms.BaseForm, data: dict[str, Any], first: str, last: str, message: Any) -> None:
    if data.get(first) and data.get(last) and data[last] < data[first]:
        form.add_error(last, message)


class SessionForm(forms.ModelForm[Session]):
    """One meeting, at the clock of the place."""

    day = forms.DateField(label=_("Day"), widget=_day())
    begins = forms.TimeField(label=_("Begins"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(label=_("Ends"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    field_order = ("title", "day", "begins", "ends", "mode", "place", "link", "attendance")

    class Meta:
        model = Session
        fields = ["title", "mode", "place", "link", "attendance"]
        help_texts = {"link": _("Only those who take part see it. Empty: the link of the offering.")}

    def __init__(self, *args: Any, offering: Offering, **kwargs: Any) -> None:
        self.zone = ZoneInfo(offering.time_zone)
        session: Session | None = kwargs.get("instance")
        if session:
            begins, ends = session.starts_at.astimezone(self.zone), session.ends_at.astimezone(self.zone)
            kwargs["initial"] = {"day": begins.date(), "begins": begins.time(), "ends": ends.time()}
        else:
            kwargs["initial"] = {"mode": offering.mode, "place": offering.place}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        day, begins, ends = data.get("day"), data.get("begins"), data.get("ends")
        if day and begins and ends:
            data["starts_at"] = datetime.combine(day, begins, self.zone)
            data["ends_at"] = datetime.combine(day, ends, self.zone)
            if data["ends_at"] <= data["starts_at"]:
                self.add_error("ends", _("It cannot end before it begins."))
        return data

    def facts(self) -> dict[str, Any]:
        names: Iterable[str] = (*self.Meta.fields, "starts_at", "ends_at")
        return {name: self.cleaned_data[name] for name in names} | {"time_zone": self.zone.key}

    def _post_clean(self) -> None:
        """The action checks and saves the row; the form only reads what was typed."""


class TeacherForm(forms.Form):
    """Who teaches, by the address of the account."""

    email = forms.EmailField(label=_("E-mail address of a person with an account"))

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        self.user = User.objects.filter(email__iexact=email, is_active=True).first()
        if self.user is None:
            raise ValidationError(gettext("Nobody has an account with this address. Please check it."))
        return email
