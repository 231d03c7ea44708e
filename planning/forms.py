"""Forms of the planning room."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credpoints.accounts.models import Role
from credpoints.common.templatetags.words import plain_number
from credpoints.common.translated import text_in
from modules.models import Offering
from planning.models import (
    Appointment,
    ConsultationRecord,
    Finding,
    FindingKind,
    FollowUp,
    ItemKind,
    MentoringSession,
    Mode,
    Participation,
    PlanItem,
    ReasonCode,
    Recognition,
)
from planning.models.plans import plain
from planning.queries import staff_of

TOPIC_LABELS = {
    "situation": gettext_lazy("Present situation"),
    "education": gettext_lazy("Prior education"),
    "occupation": gettext_lazy("Occupation"),
    "experience": gettext_lazy("Experience"),
    "goals": gettext_lazy("Plans for the career"),
    "recognition": gettext_lazy("Recognition of prior education"),
}


class MomentField(forms.Field):
    """A moment as the slot page sends it (2027-07-12T08:00Z)."""

    def to_python(self, value: Any) -> datetime | None:
        if not value:
            return None
        try:
            return datetime.strptime(str(value), "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
        except ValueError:
            raise forms.ValidationError(_("Please choose one of the times.")) from None


class ChooseForm(forms.Form):
    """One time of the slot page."""

    starts_at = MomentField(error_messages={"required": gettext_lazy("Please choose a time.")})
    advisor = forms.IntegerField(required=False)


class BookForm(forms.Form):
    """What the advisor should know before the talk."""

    starts_at = MomentField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, talk: Appointment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.talk = talk
        self.fields["mode"] = forms.ChoiceField(
            label=_("How would you like to meet?"), choices=talk.type.mode_choices, widget=forms.RadioSelect,
            initial=talk.mode,
        )  # fmt: skip
        if Mode.PHONE in dict(talk.type.mode_choices):
            self.fields["phone"] = forms.CharField(
                label=_("Telephone number"), max_length=50, required=False, initial=talk.phone or talk.person.phone,
                widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
            )  # fmt: skip
        for place, question in enumerate(talk.type.questions):
            self.fields[f"question_{place}"] = forms.CharField(
                label=text_in(question), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
            )
        self.fields["note"] = forms.CharField(
            label=_("What should we know before the talk?"), required=False, max_length=2000,
            help_text=_("For example what you would like to talk about. You can leave this empty."),
            widget=forms.Textarea(attrs={"rows": 3}), initial=talk.note,
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("mode") == Mode.PHONE and not data.get("phone"):
            self.add_error("phone", _("Please tell us the number that we should call."))
        return data

    def facts(self) -> dict[str, Any]:
        """The answers as the action takes them."""
        data = self.cleaned_data
        answers = [
            {"question": question, "answer": data.get(f"question_{place}", "")}
            for place, question in enumerate(self.talk.type.questions)
        ]
        return {
            "mode": data["mode"],
            "phone": data.get("phone", ""),
            "note": data["note"],
            "answers": answers,
            "starts_at": data["starts_at"],
        }


class ReasonForm(forms.Form):
    """Why a talk is cancelled or a step is taken."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class CancelForm(forms.Form):
    """The person may say why, and need not."""

    reason = forms.CharField(
        label=gettext_lazy("Would you like to say why?"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class RecordForm(forms.Form):
    """The topics of a talk, the summary for the person, and the note that stays here."""

    def __init__(self, *args: Any, record: ConsultationRecord, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key in ConsultationRecord.TOPICS:
            topic = record.topics.get(key, {})
            self.fields[f"topic_{key}"] = forms.CharField(
                label=TOPIC_LABELS[key], required=False, max_length=10_000, initial=topic.get("text", ""),
                widget=forms.Textarea(attrs={"rows": 3}), help_text=_source_words(topic.get("source", "")),
            )  # fmt: skip
        self.fields["shared_summary"] = forms.CharField(
            label=_("Summary that the person reads"), required=False, max_length=10_000,
            initial=record.shared_summary, widget=forms.Textarea(attrs={"rows": 5}),
        )  # fmt: skip
        self.fields["internal_note"] = forms.CharField(
            label=_("Internal note"), required=False, max_length=10_000, initial=record.internal_note,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("Only advisors and administrators of this programme read this; it is in no export."),
        )  # fmt: skip

    def topics(self) -> dict[str, str]:
        return {key: self.cleaned_data[f"topic_{key}"] for key in ConsultationRecord.TOPICS}


def _source_words(source: str) -> str:
    words = {"survey": _("from the survey"), "talk": _("from the talk")}
    return words.get(source, "")


class FindingForm(forms.ModelForm[Finding]):
    """A goal, gap or strength."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=FindingKind.choices)
    topic = forms.ChoiceField(
        label=gettext_lazy("Calls for"), required=False, choices=[("", "—"), *ItemKind.choices],
        help_text=gettext_lazy("The first draft of the plan looks for lines of this kind."),
    )  # fmt: skip

    class Meta:
        model = Finding
        fields = ["kind", "text", "topic"]


class FollowUpForm(forms.ModelForm[FollowUp]):
    class Meta:
        model = FollowUp
        fields = ["text", "for_person", "due_on"]
        widgets = {"due_on": forms.DateInput(attrs={"type": "date"})}


class ConfirmSummaryForm(forms.Form):
    comment = forms.CharField(
        label=gettext_lazy("Is something different from what you said?"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class PeopleForm(forms.Form):
    """Advisor and mentor of a participant."""

    def __init__(self, *args: Any, participation: Participation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programme = participation.programme
        for name, label, role, initial in (
            ("advisor", _("Advisor"), Role.ADVISOR, participation.advisor_id),
            ("mentor", _("Mentor"), Role.MENTOR, participation.mentor_id),
        ):
            self.fields[name] = forms.ModelChoiceField(
                label=label, queryset=staff_of(programme, role), required=False, initial=initial
            )


class WorkloadForm(forms.Form):
    """Hours per week for each term of the programme."""

    def __init__(self, *args: Any, participation: Participation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = {choice.term_id: choice.weekly_hours for choice in participation.term_choices.all()}
        self.terms = list(participation.programme.terms.all())
        for term in self.terms:
            self.fields[f"term_{term.pk}"] = forms.DecimalField(
                label=_("%(term)s: hours per week") % {"term": term.code}, min_value=0, max_value=80,
                decimal_places=1, initial=chosen.get(term.pk), localize=True,
            )  # fmt: skip

    def hours(self) -> dict[int, Any]:
        return {term.pk: self.cleaned_data[f"term_{term.pk}"] for term in self.terms}


class ConstraintsForm(forms.ModelForm[Participation]):
    """What limits the time."""

    class Meta:
        model = Participation
        fields = ["place_note", "private_note"]
        widgets = {"private_note": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"private_note": gettext_lazy("Only you and the advisors of the programme read this.")}


class MentoringForm(forms.ModelForm[MentoringSession]):
    class Meta:
        model = MentoringSession
        fields = ["kind", "held_on", "minutes", "topic", "agreement", "next_on"]
        widgets = {
            "held_on": forms.DateInput(attrs={"type": "date"}),
            "next_on": forms.DateInput(attrs={"type": "date"}),
            "agreement": forms.Textarea(attrs={"rows": 2}),
        }


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

    reason_code = forms.ChoiceField(label=gettext_lazy("Reason"), choices=ReasonCode.choices)
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


def offerings_for(participation: Participation) -> QuerySet[Offering]:
    """Open courses that a plan of this participation can name."""
    terms = participation.programme.terms.values("pk")
    found = Offering.objects.filter(state="active").select_related("version__module", "term")
    return (found.filter(term__in=terms) | found.filter(term=None)).order_by("version__module__code", "pk")
