"""The form with which administrators set the rules of plans."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from planning.plan_rules import PlanRules


class PlanRulesForm(forms.Form):
    """What the draft of a plan always holds."""

    mentoring_each_term = forms.BooleanField(label=gettext_lazy("Mentoring in every term"), required=False)
    practice_phases = forms.IntegerField(
        label=gettext_lazy("Practice phases in a company"), min_value=0, max_value=9,
        help_text=gettext_lazy("How many every draft holds. 0: a draft has one only if the talk asks for it."),
    )  # fmt: skip

    def __init__(self, data: Mapping[str, Any] | None = None, *, rules: PlanRules) -> None:
        super().__init__(data, initial=asdict(rules))

    def rules(self) -> PlanRules:
        """What was chosen."""
        return PlanRules(**self.cleaned_data)
