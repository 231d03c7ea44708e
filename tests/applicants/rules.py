"""What a browser sends of the page of rules."""

from typing import Any

from applicants.models import EligibilityRule
from applicants.rule_forms import rule_form


def sent(rule: EligibilityRule) -> dict[str, Any]:
    """What a browser sends back of a rule that nobody has changed."""
    form = rule_form(rule)
    data: dict[str, Any] = {}
    for field in form:
        if field.name == "message":
            data |= {f"{field.html_name}_{code}": text for code, text in rule.message.items()}
        elif field.value() is not None and (field.name != "is_active" or rule.is_active):
            data[field.html_name] = field.value()
    return data


def all_sent() -> dict[str, Any]:
    """Every rule as it stands, and which the page knows."""
    rules = list(EligibilityRule.objects.all())
    return {**{name: value for rule in rules for name, value in sent(rule).items()}, "known": [r.key for r in rules]}
