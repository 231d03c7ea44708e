"""A first draft of the plan from survey, talk and rules: every line says what caused it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from credpoints.accounts.models import User
from credpoints.common.translated import text_in
from modules.models import Offering
from planning import rules
from planning.actions import plans
from planning.courses import MODULE_KINDS, offerings_for
from planning.dossier import SurveyFacts, survey_facts
from planning.models import Finding, FindingKind, ItemKind, PlanVersion
from planning.plan_rules import PlanRules, plan_rules

LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2")
# What a line of this kind is when the catalogue has nothing that fits: title, hours, credits.
USUAL: dict[str, tuple[str | Promise, int, int]] = {
    ItemKind.GERMAN: (gettext_lazy("German for work"), 120, 4),
    ItemKind.ENGLISH: (gettext_lazy("Technical English"), 90, 3),
    ItemKind.MEDIA: (gettext_lazy("Media literacy"), 60, 2),
    ItemKind.RESEARCH: (gettext_lazy("Academic work"), 60, 2),
    ItemKind.PRACTICE: (gettext_lazy("Practice phase"), 120, 4),
    ItemKind.MENTORING: (gettext_lazy("Mentoring"), 20, 0),
    ItemKind.COACHING: (gettext_lazy("Language coaching"), 20, 0),
    ItemKind.PORTFOLIO: (gettext_lazy("Work on the portfolio"), 30, 1),
}


@dataclass(frozen=True)
class Course:
    """A course of the catalogue as the draft sees it."""

    key: int
    title: str
    term: int | None
    hours: Decimal
    credits: Decimal
    kind: str = ""  # of its module


@dataclass(frozen=True)
class Need:
    """Something a line should answer, and the words that say why; `term` where it is wanted in that very one."""

    kind: str
    text: str
    why: str
    finding: int | None = None
    term: int | None = None


@dataclass(frozen=True)
class Suggestion:
    """A line of the draft."""

    kind: str
    title: str
    hours: Decimal
    credits: Decimal
    term: int | None
    why: str
    course: int | None = None
    finding: int | None = None


@dataclass
class _Terms:
    """Weekly hours placed so far, so that free lines go where there is most room."""

    hours: dict[int, Decimal] = field(default_factory=dict)

    def emptiest(self) -> int | None:
        return min(self.hours, key=lambda term: (self.hours[term], term)) if self.hours else None

    def add(self, term: int | None, hours: Decimal) -> None:
        if term in self.hours:
            self.hours[term] += hours


def draft(*, needs: Iterable[Need], courses: Iterable[Course], terms: Iterable[int]) -> list[Suggestion]:
    """One line per need: the course that fits, else a free line; spread over the terms."""
    room = _Terms({term: Decimal(0) for term in terms})
    left = list(courses)
    found: list[Suggestion] = []
    for need in needs:
        course = fitting_course(need, left)
        if course:
            left.remove(course)
        suggestion = _line(need, course, room)
        if suggestion:
            room.add(suggestion.term, suggestion.hours)
            found.append(suggestion)
    return found


def fitting_course(need: Need, courses: Iterable[Course]) -> Course | None:
    """The course for a need; where several are of its kind and no title decides, people choose on the plan."""
    courses = list(courses)
    of_kind = [c for c in courses if c.kind == MODULE_KINDS.get(need.kind) and _in_term(c, need)]
    if len(of_kind) == 1:
        return of_kind[0]
    return best_course(need, of_kind or [c for c in courses if _in_term(c, need)])


def _in_term(course: Course, need: Need) -> bool:
    return None in {course.term, need.term} or course.term == need.term


def best_course(need: Need, courses: Iterable[Course]) -> Course | None:
    """The course that shares most words with the need; none when it shares nothing."""
    wanted = _stems(need.text)
    scored = [(len(wanted & _stems(course.title)), -place, course) for place, course in enumerate(courses)]
    best = max(scored, key=lambda entry: entry[:2], default=None)
    return best[2] if best and best[0] > 0 else None


def _stems(text: str) -> set[str]:
    """The beginnings of the longer words: Regelungstechnik and Regelungs-Technik meet in "regelun"."""
    words = "".join(c if c.isalpha() else " " for c in text.lower()).split()
    return {word[:7] for word in words if len(word) > 4}


def _line(need: Need, course: Course | None, room: _Terms) -> Suggestion | None:
    free = need.term if need.term is not None else room.emptiest()
    if course:
        term = course.term if course.term is not None else free
        return Suggestion(
            need.kind, course.title, course.hours, course.credits, term, need.why, course.key, need.finding
        )
    if need.kind not in USUAL:
        return None
    title, hours, credits = USUAL[need.kind]
    return Suggestion(need.kind, str(title), Decimal(hours), Decimal(credits), free, need.why, finding=need.finding)


def german_need(languages: Iterable[Mapping[str, Any]]) -> Need | None:
    """German below C1 in some skill calls for German."""
    for row in languages:
        levels = row.get("levels") or {}
        low = sorted(level for level in levels.values() if level in LEVELS and LEVELS.index(level) < 4)
        if row.get("language") == "de" and low:
            why = _("Survey: German %(level)s in at least one skill") % {"level": low[0]}
            return Need(ItemKind.GERMAN, "Deutsch German", why)
    return None


def needs_of(
    facts: SurveyFacts, findings: Iterable[Finding], programme_rules: PlanRules, terms: Sequence[int]
) -> list[Need]:
    """What the talk found, then what the survey says, then what the programme always gives."""
    needs = [
        Need(finding.topic or ItemKind.SUBJECT, finding.text, _("Talk: %(finding)s") % {"finding": finding.text},
             finding.pk)
        for finding in findings
        if finding.kind == FindingKind.GAP
    ]  # fmt: skip
    german = german_need(facts.languages)
    if german and not any(need.kind == ItemKind.GERMAN for need in needs):
        needs.append(german)
    return needs + _needs_of_rules(programme_rules, terms, practice=sum(n.kind == ItemKind.PRACTICE for n in needs))


def _needs_of_rules(programme_rules: PlanRules, terms: Sequence[int], practice: int) -> list[Need]:
    """What the programme always gives; `practice` counts the practice phases that the talk asks for already."""
    always = _("Rule of the programme: mentoring in every term")
    mentoring = [Need(ItemKind.MENTORING, "", always, term=term) for term in terms]
    phase = Need(ItemKind.PRACTICE, "", _("Rule of the programme: practice in a company"))
    missing = max(0, programme_rules.practice_phases - practice)
    return (mentoring if programme_rules.mentoring_each_term else []) + [phase] * missing


def derive_lines(*, version: PlanVersion, by: User) -> int:
    """Put the draft's lines into a version, marked as suggestions; lines that stand there already are left alone."""
    if not rules.may_edit_plan(by, version):
        raise PermissionDenied
    participation = version.plan.participation
    offerings: dict[int, Offering] = {offering.pk: offering for offering in offerings_for(participation)}
    with override(participation.programme.default_language):  # what is signed reads the same for everybody
        suggestions = _suggestions(version, offerings.values())
    present = set(version.items.values_list("kind", "title", "term_id"))
    fresh = [s for s in suggestions if (s.kind, s.title, s.term) not in present]
    for suggestion in fresh:
        plans.add_line(
            version=version, by=by, offering=offerings.get(suggestion.course or 0), kind=suggestion.kind,
            title=suggestion.title, hours=suggestion.hours, credits=suggestion.credits, term_id=suggestion.term,
            rationale=suggestion.why[:500], finding_id=suggestion.finding, suggested=True,
        )  # fmt: skip
    return len(fresh)


def _suggestions(version: PlanVersion, offerings: Iterable[Offering]) -> list[Suggestion]:
    participation = version.plan.participation
    terms = [term.pk for term in participation.programme.terms.all()]
    return draft(
        needs=needs_of(
            survey_facts(participation.application), plans.findings_of(version.plan),
            plan_rules(participation.programme), terms,
        ),
        courses=[_course(offering) for offering in offerings],
        terms=terms,
    )  # fmt: skip


def _course(offering: Offering) -> Course:
    version = offering.version
    title, kind = text_in(version.title), version.module.kind
    return Course(offering.pk, title, offering.term_id, version.hours, version.credits, kind)
