"""What a browser sends of the page of rules."""

from typing import Any

from applicants.models import EligibilityRule
from applicants.rule_forms import RuleForm, rule_form
from applicants.rule_rows import rows_of


def sent(rule: EligibilityRule) -> dict[str, Any]:
    """What a browser sends back of a rule that nobody has changed."""
    return _sent_of(rule_form(rule))


def _sent_of(form: RuleForm) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for field in form:
        shown = field.value()
        if field.name == "message":
            texts = shown if isinstance(shown, dict) else dict(zip(field.field.languages, shown, strict=True))
            data |= {f"{field.html_name}_{code}": text for code, text in texts.items()}
        elif field.name == "is_active":
            data |= {field.html_name: "on"} if shown else {}
        elif shown is not None:
            data[field.html_name] = shown
    return data


def all_sent(rows: list | None = None) -> dict[str, Any]:
    """What stands on a page, or on one that is opened now: every rule, and what the page knows of it."""
    rows = rows_of(list(EligibilityRule.objects.all()), None) if rows is None else rows
    data: dict[str, Any] = {"known": [row.rule.key for row in rows]}
    for row in rows:
        data |= {f"{row.rule.key}-was": row.was, **_sent_of(row.form)}
    return data
