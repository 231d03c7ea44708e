"""The rules on their page: what somebody types, and beside it what others save meanwhile."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.core import signing
from django.http import QueryDict

from applicants.models import EligibilityRule
from applicants.rule_forms import RuleForm, rule_form
from applicants.rule_words import rule_in_words

SALT = "rule as the page showed it"


@dataclass
class Row:
    """One rule of the page."""

    rule: EligibilityRule  # as it is saved now
    form: RuleForm
    seen: EligibilityRule  # as it was saved when the fields were filled
    is_new: bool = False
    is_doubled: bool = False  # new, and somebody else has just added one of the same kind
    is_contested: bool = False  # changed here, and by somebody else meanwhile
    above: str = ""  # its neighbours, before which it or they can be put
    below: str = ""

    @property
    def words(self) -> str:
        return rule_in_words(self.rule.kind, self.rule.params)

    @property
    def is_open(self) -> bool:
        """Open where there is something to read or to mend."""
        return self.is_new or (self.form.is_bound and (self.form.has_changed() or not self.form.is_valid()))

    @property
    def was(self) -> str:
        """What the page carries along, to know later what it showed."""
        return _note(self.rule if self.is_contested else self.seen)

    @property
    def facts(self) -> dict[str, Any]:
        """The rule as it stands on the page."""
        return self.form.facts() if self.form.is_bound else self.rule.facts


def rows_of(rules: Collection[EligibilityRule], data: QueryDict | None, contested: Collection[str] = ()) -> list[Row]:
    """The rules with what was sent of them; what nobody has touched is shown as it is saved now."""
    rows = [_row(rule, data) for rule in rules]
    for row in rows:
        row.is_contested = row.rule.key in contested
    for above, below in pairwise(rows):
        above.below, below.above = below.rule.key, above.rule.key
    return rows


def _row(rule: EligibilityRule, data: QueryDict | None) -> Row:
    if data is None or rule.key not in data.getlist("known"):
        return Row(rule, rule_form(rule), rule)
    seen = _noted(rule.key, data) or rule
    form = rule_form(seen, data)
    if seen.facts != rule.facts and not form.has_changed():
        return Row(rule, rule_form(rule), rule)
    return Row(rule, form, seen)


def lost_texts(rules: Collection[EligibilityRule], data: QueryDict, *, removed: str) -> list[tuple[str, str]]:
    """What was typed into rules that somebody else has removed, as kind and words; `removed` was removed just now."""
    here = {removed, *(rule.key for rule in rules)}
    gone = [seen for key in data.getlist("known") if key not in here and (seen := _noted(key, data))]
    return [(seen.get_kind_display(), _typed(seen, data)) for seen in gone if rule_form(seen, data).has_changed()]


def _typed(rule: EligibilityRule, data: QueryDict) -> str:
    form = rule_form(rule, data)
    if not form.is_valid():
        return "; ".join(text for name in form.changed_data for text in data.getlist(form.add_prefix(name)) if text)
    facts = form.facts()
    return "; ".join([*facts["message"].values(), rule_in_words(rule.kind, facts["params"])])


def _note(rule: EligibilityRule) -> str:
    return signing.dumps({"key": rule.key, "kind": rule.kind, **rule.facts}, salt=SALT, compress=True)


def _noted(key: str, data: QueryDict) -> EligibilityRule | None:
    try:
        rule = EligibilityRule(**signing.loads(data.get(f"{key}-was", ""), salt=SALT))
    except signing.BadSignature:
        return None
    return rule if rule.key == key else None
