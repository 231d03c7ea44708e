"""The form with which administrators set the rules of plans."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planning.models import ItemKind, Party
from planning.models.plans import plain
from planning.plan_rules import PlanRules

LEAST = "least_"


class PlanRulesForm(forms.Form):
    """What drafts of plans always hold, what is recommended, and who signs."""

    mentoring_each_term = forms.BooleanField(label=gettext_lazy("Mentoring in every term"), required=False)
    practice_phases = forms.IntegerField(
        label=gettext_lazy("Practice phases in a company"), min_value=0, max_value=9,
        help_text=gettext_lazy("How many every draft holds. 0: a draft has one only if the talk asks for it."),
    )  # fmt: skip
    parties = forms.MultipleChoiceField(
        label=gettext_lazy("Who signs"), choices=Party.choices, widget=forms.CheckboxSelectMultiple
    )
    fixed_order = forms.BooleanField(
        label=gettext_lazy("They sign in this order"), required=False,
        help_text=gettext_lazy("Otherwise everybody may sign at any time."),
    )  # fmt: skip

    def __init__(self, data: Mapping[str, Any] | None = None, *, rules: PlanRules) -> None:
        super().__init__(data, initial={**vars(rules), "parties": list(rules.parties)})
        for kind, label in ItemKind.choices:
            least = rules.minimum_credits.get(kind)
            self.fields[LEAST + kind] = forms.DecimalField(
                label=capfirst(str(label)), required=False, min_value=0, max_value=300, decimal_places=1, localize=True,
                initial=None if least is None else Decimal(plain(least)),
            )  # fmt: skip

    def draft_fields(self) -> list[forms.BoundField]:
        """What every draft holds."""
        return [self["mentoring_each_term"], self["practice_phases"]]

    def signing_fields(self) -> list[forms.BoundField]:
        """Who signs, and how."""
        return [self["parties"], self["fixed_order"]]

    def least_fields(self) -> list[forms.BoundField]:
        """The recommended credits, one for each kind of line."""
        return [self[name] for name in self.fields if name.startswith(LEAST)]

    def clean_parties(self) -> list[str]:
        """A plan is agreed between the participant and somebody else."""
        chosen = list(self.cleaned_data["parties"])
        if Party.PARTICIPANT not in chosen or len(chosen) < 2:
            raise forms.ValidationError(_("The participant signs, and at least one other side."))
        return [party for party in Party.values if party in chosen]

    def rules(self) -> PlanRules:
        """What was chosen."""
        data = self.cleaned_data
        least = {kind: data[LEAST + kind] for kind in ItemKind.values}
        return PlanRules(
            mentoring_each_term=data["mentoring_each_term"],
            practice_phases=data["practice_phases"],
            minimum_credits={kind: credits for kind, credits in least.items() if credits},
            parties=tuple(data["parties"]),
            fixed_order=data["fixed_order"],
        )
