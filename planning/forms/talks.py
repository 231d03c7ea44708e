"""Forms of talks: choosing, booking, cancelling, and the record."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credpoints.common.translated import text_in
from planning.models import (
    Appointment,
    ConsultationRecord,
    Finding,
    FindingKind,
    FollowUp,
    ItemKind,
    Mode,
)

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
