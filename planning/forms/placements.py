"""Forms of practice in a company: for participants and staff, and the two that a company answers with."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planning.actions.placements import Answer
from planning.models import Placement
from planning.models.placements import MOST_HOURS
from planning.models.plans import plain


def hours_field(label: str, initial: Decimal | None = None) -> forms.DecimalField:
    """Hours of a practice, written as people of the reader's language write numbers: 120 and not 120.00."""
    initial = None if initial is None else Decimal(plain(initial))
    return forms.DecimalField(
        label=label, initial=initial, min_value=1, max_value=int(MOST_HOURS), decimal_places=2, localize=True
    )


class PlacementForm(forms.ModelForm[Placement]):
    """Where the practice takes place. `seen` is the edition the page showed, 0 for none."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    agreement_file = forms.FileField(
        label=gettext_lazy("Agreement with the company (PDF, JPEG or PNG)"), required=False
    )

    class Meta:
        model = Placement
        fields = [
            "company", "place", "tasks", "starts_on", "ends_on", "hours", "supervisor", "supervisor_email",
            "supervisor_phone", "language",
        ]  # fmt: skip
        widgets = {
            "tasks": forms.Textarea(attrs={"rows": 4}),
            "starts_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "supervisor_email": gettext_lazy("At the end the company is asked at this address to confirm the practice.")
        }

    def __init__(self, *args: Any, own_addresses: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own_addresses = own_addresses
        hours = self.initial.pop("hours", None)
        self.fields["hours"] = hours_field(_("Hours in all"), hours)

    def clean_supervisor_email(self) -> str:
        """Nobody confirms the own practice."""
        address = str(self.cleaned_data["supervisor_email"])
        if address.casefold() in self.own_addresses:
            raise forms.ValidationError(_("This is the participant's own address. Name the one of the supervisor."))
        return address

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day is before the first one."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        """What is saved of the form."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class AnswerForm(forms.Form):
    """The company confirms: how many hours, how it went, who says so."""

    name = forms.CharField(label=gettext_lazy("Your name"), max_length=200)
    position = forms.CharField(label=gettext_lazy("Your position"), max_length=200, required=False)
    evaluation = forms.CharField(
        label=gettext_lazy("How it went, if you would like to say"), max_length=4000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("The participant reads this and may show it to employers."),
    )  # fmt: skip
    field_order = ["hours", "evaluation", "name", "position"]

    def __init__(self, *args: Any, placement: Placement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hours"] = hours_field(_("Hours worked in all"), placement.hours)
        self.order_fields(self.field_order)

    def answer(self) -> Answer:
        data = self.cleaned_data
        return Answer(hours=data["hours"], name=data["name"], position=data["position"], evaluation=data["evaluation"])


class PaperForm(AnswerForm):
    """Staff type what the company has signed on paper, and keep the scan."""

    scan = forms.FileField(label=gettext_lazy("Scan (PDF, JPEG or PNG)"))
    field_order = [*AnswerForm.field_order, "scan"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Who signed?")
        self.fields["position"].label = _("Position")
        self.fields["evaluation"].label = _("What the company says of it")


class ObjectionForm(forms.Form):
    """The company says what is not right."""

    text = forms.CharField(
        label=gettext_lazy("What is not right?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
