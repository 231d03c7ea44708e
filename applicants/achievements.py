"""What somebody has achieved in rooms that this one does not know: whoever stands above registers how to find out.

Rules may ask for a credential that is held or a module that was passed. Certificates and results live elsewhere, so
the roof registers one teller per question; without one, or when it finds nothing, an advisor looks.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace

from applicants.eligibility import Facts, Rule

# Persons' numbers → by person, the names of what each of them has; one query, however many persons.
Teller = Callable[[Collection[int]], Mapping[int, Collection[str]]]
CREDENTIALS, MODULES = "credentials", "modules"
_KINDS = {"holds_credential": CREDENTIALS, "module_passed": MODULES}
_tellers: dict[str, Teller] = {}


def register(what: str, teller: Teller) -> None:
    """Say how to find out about CREDENTIALS or MODULES; called in an app's `ready`."""
    _tellers[what] = teller


def achieved(rules: Iterable[Rule], persons: Collection[int]) -> dict[int, dict[str, frozenset[str]]]:
    """What these persons have of what these rules ask for: at most one query per kind, none when no rule asks."""
    wanted = {_KINDS[rule.kind] for rule in rules if rule.kind in _KINDS}
    found: dict[int, dict[str, frozenset[str]]] = {person: {} for person in persons}
    for what in wanted & set(_tellers):
        for person, names in _tellers[what](persons).items():
            found[person][what] = frozenset(names)
    return found


def with_achievements(facts: Facts, has: Mapping[str, frozenset[str]]) -> Facts:
    """Add what somebody has achieved to what the survey says."""
    return replace(facts, credentials=has.get(CREDENTIALS, frozenset()), modules=has.get(MODULES, frozenset()))
