"""Forms of the plan: lines, goals, comments, versions, signatures."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credpoints.common.templatetags.words import plain_number
from credpoints.common.translated import text_in
from modules.models import Offering
from planning.models import (
    Finding,
    ItemKind,
    Participation,
    PlanItem,
    ReasonCode,
    Recognition,
)
from planning.models.plans import plain


class GoalsForm(forms.Form):
    occupation = forms.CharField(label=gettext_lazy("Occupation aimed at"), max_length=200, required=False)
    goals = forms.CharField(
        label=gettext_lazy("Goals"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class CommentForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("Comment"), max_length=3000, widget=forms.Textarea(attrs={"rows": 2}))
    line_key = forms.UUIDField(required=False, widget=forms.HiddenInput)


class NewVersionForm(forms.Form):
    """Why an agreed plan should change."""

    # Nothing is chosen beforehand: the reason stands in what everybody signs.
    reason_code = forms.ChoiceField(label=gettext_lazy("Reason"), choices=[("", "—"), *ReasonCode.choices])
    reason = forms.CharField(
        label=gettext_lazy("In your own words"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


def reason_field() -> forms.ChoiceField:
    """Why a line of an agreed plan changes; part of what people sign."""
    return forms.ChoiceField(label=_("Reason of the change"), choices=[("", "—"), *ReasonCode.choices])


class DropForm(forms.Form):
    """Why a line of an agreed plan is taken out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason_code"] = reason_field()


NUMBERS = ("hours", "credits", "fee", "recognised_credits")


class LineForm(forms.ModelForm[PlanItem]):
    """One line of the plan; `seen` remembers what stood there when the form was opened."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    recognition = forms.ChoiceField(
        label=gettext_lazy("Recognition at home"), choices=Recognition.choices, required=False,
        initial=Recognition.AUTOMATIC,
    )  # fmt: skip

    class Meta:
        model = PlanItem
        fields = [
            "kind", "title", "term", "hours", "credits", "fee", "rationale", "finding", "competences",
            "prerequisite_met_by", "recognition", "recognition_text", "recognised_as", "recognised_credits",
        ]  # fmt: skip
        localized_fields = NUMBERS
        widgets = {
            "competences": forms.Textarea(attrs={"rows": 2}),
            "prerequisite_met_by": forms.TextInput(attrs={"list": "fulfilling"}),
        }

    def __init__(self, *args: Any, participation: Participation, changes_agreed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if changes_agreed:
            self.fields["reason_code"] = reason_field()
        self.fields["term"] = forms.ModelChoiceField(
            label=_("Term"),
            queryset=participation.programme.terms.all(),
            required=False,
            empty_label=_("not yet placed"),
        )
        self.fields["finding"] = forms.ModelChoiceField(
            label=_("Goal or gap that this line answers"), required=False,
            queryset=Finding.objects.filter(person=participation.person_id),
        )  # fmt: skip
        self.fields["fee"].required = False
        for name in NUMBERS:
            self.fields[name].widget.attrs["inputmode"] = "decimal"
            if isinstance(self.initial.get(name), Decimal):
                self.initial[name] = Decimal(plain(self.initial[name]))  # 150 and not 150.00

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["fee"] = data.get("fee") or 0
        data["recognition"] = data.get("recognition") or Recognition.AUTOMATIC
        if data["recognition"] != Recognition.AUTOMATIC and not data.get("recognition_text"):
            self.add_error("recognition_text", _("Please say what was agreed about recognition."))
        return data

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class OfferingChoice(forms.ModelChoiceField[Offering]):
    def label_from_instance(self, obj: Offering) -> str:
        version = obj.version
        code = f"{version.module.code} · " if version.module.code else ""
        facts = [
            f"{version.credits:g} ECTS",
            f"{version.hours:g} h",
            *([f"{plain_number(obj.fee)} €"] if obj.fee else []),
        ]
        return f"{code}{text_in(version.title)} ({', '.join(facts)}) · {obj.when}"


class CatalogueForm(forms.Form):
    """A course of the catalogue for the plan."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=ItemKind.choices)

    def __init__(self, *args: Any, offerings: Any, changes_agreed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if changes_agreed:
            self.fields["reason_code"] = reason_field()
        self.fields["offering"] = OfferingChoice(label=_("Course"), queryset=offerings)
        self.fields["rationale"] = forms.CharField(label=_("Why"), required=False, max_length=500)


class CourseForm(forms.Form):
    """The course of the catalogue that takes the place of a free line."""

    offering = OfferingChoice(
        label=gettext_lazy("Course"), queryset=Offering.objects.none(), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, offerings: QuerySet[Offering], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["offering"].queryset = offerings  # type: ignore[attr-defined]


class ScanForm(forms.Form):
    """A signature on paper."""

    name = forms.CharField(label=gettext_lazy("Who signed?"), max_length=200)
    position = forms.CharField(label=gettext_lazy("Position"), max_length=200, required=False)
    scan = forms.FileField(label=gettext_lazy("Scan (PDF, JPEG or PNG)"))


class SignerForm(forms.Form):
    """Who signs for a party."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    role_name = forms.CharField(label=gettext_lazy("Position"), max_length=200, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail address, if the person signs here"), required=False)
