"""Forms of a participation: people, hours, conditions, mentoring."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credpoints.accounts.models import Role
from planning.models import (
    MentoringSession,
    Participation,
)
from planning.models.plans import plain
from planning.queries import staff_of


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
                decimal_places=1, initial=_short(chosen.get(term.pk)), localize=True,
            )  # fmt: skip

    def hours(self) -> dict[int, Any]:
        return {term.pk: self.cleaned_data[f"term_{term.pk}"] for term in self.terms}


def _short(hours: Decimal | None) -> Decimal | None:
    """15 and not 15.0."""
    return None if hours is None else Decimal(plain(hours))


class ConstraintsForm(forms.ModelForm[Participation]):
    """What limits the time; an advisor reads about somebody else what the participant reads about herself."""

    class Meta:
        model = Participation
        fields = ["place_note", "private_note"]
        widgets = {"private_note": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"private_note": gettext_lazy("Only you and the advisors of the programme read this.")}

    def __init__(self, *args: Any, is_own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_own:
            name = self.instance.person.full_name
            self.fields["private_note"].label = _("What limits the time")
            self.fields["private_note"].help_text = _("Only %(name)s and the advisors of the programme read this.") % {
                "name": name
            }


class MentoringForm(forms.ModelForm[MentoringSession]):
    class Meta:
        model = MentoringSession
        fields = ["kind", "held_on", "minutes", "topic", "agreement", "next_on"]
        widgets = {
            "held_on": forms.DateInput(attrs={"type": "date"}),
            "next_on": forms.DateInput(attrs={"type": "date"}),
            "agreement": forms.Textarea(attrs={"rows": 2}),
        }
