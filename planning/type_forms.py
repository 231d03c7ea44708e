"""Forms with which administrators set consultations up."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from credpoints.common.translated import TranslatedFormField
from planning.models import ConsultationType, Mode

QUESTIONS = 4
LEAST = {"minutes": 5, "step_minutes": 5, "horizon_days": 1, "most_per_day": 1}


class TypeForm(forms.ModelForm[ConsultationType]):
    """A kind of talk: how long, how early, how late, where, for whom."""

    modes = forms.MultipleChoiceField(
        label=gettext_lazy("Ways of meeting"), choices=Mode.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = ConsultationType
        fields = [
            "title", "is_open", "who_may_book", "assignment", "needs_confirmation", "minutes", "minutes_before",
            "minutes_after", "step_minutes", "notice_hours", "horizon_days", "most_per_day", "modes", "place", "link",
            "bring",
        ]  # fmt: skip
        help_texts = {"most_per_day": gettext_lazy("Empty: as many as fit.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].required = True
        for name, least in LEAST.items():
            self.fields[name].min_value = least  # type: ignore[attr-defined]
            self.fields[name].widget.attrs["min"] = least
        questions = self.instance.questions if self.instance.pk else []
        for place in range(max(QUESTIONS, len(questions))):
            self.fields[f"question_{place}"] = TranslatedFormField(
                label=gettext_lazy("Question asked when booking"), required=False,
                initial=questions[place] if place < len(questions) else {},
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name, least in LEAST.items():
            if isinstance(data.get(name), int) and data[name] < least:
                message = gettext_lazy("Please give at least %(least)s.")
                self.add_error(name, forms.ValidationError(message, params={"least": least}))
        return data

    def facts(self) -> dict[str, Any]:
        """What the action saves: the fields of the kind, and the questions that were written."""
        named = {name: self.cleaned_data[name] for name in self.Meta.fields}
        asked = [data for name, data in self.cleaned_data.items() if name.startswith("question_")]
        return {**named, "questions": [question for question in asked if any(question.values())]}


class HolidayForm(forms.Form):
    """A file with closed days."""

    file = forms.FileField(
        label=gettext_lazy("Calendar (.ics) or table (.csv)"),
        help_text=gettext_lazy(
            "In a table, each line has a day, if wanted a last day, and a name: 24.12.2027;31.12.2027;Christmas break"
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".ics,.csv,.txt,text/calendar,text/csv"}),
    )
