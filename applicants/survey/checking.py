"""What keeps a form from being published, and what the designer should know."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from applicants.survey.conditions import Condition
from applicants.survey.form import Survey
from applicants.survey.possible import impossible_values
from applicants.survey.reachability import Stop, TooMany, can_be_reached, stops_of
from applicants.survey.words import COMPARING
from credpoints.common.languages import language_name
from credpoints.common.translated import TextIn, missing_languages, text_in


@dataclass(frozen=True)
class Remark:
    """One sentence about a page or question."""

    key: str
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass
class Review:
    """`problems` forbid publishing; `doubts` are most likely mistakes; `notes` say what could not be checked."""

    problems: list[Remark] = field(default_factory=list)
    doubts: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)


def review_design(survey: Survey) -> Review:
    """Look for conditions that no answers fulfil or that name lost ones, empty questions, and missing translations."""
    review = Review()
    unreached: set[str] = set()  # pages; their questions need not be named too
    for stop in stops_of(survey):
        if stop.section.key not in unreached and not _check_way(stop, review) and stop.question is None:
            unreached.add(stop.key)
        review.doubts += _lost_answers(stop)
        if stop.question and stop.question.type in {"choice", "multi"} and not stop.question.options:
            text = _("“%(question)s” offers nothing to choose from.") % {"question": name_of(stop)}
            review.problems.append(Remark(stop.key, text))
    review.problems += _translation_problems(survey)
    return review


def _check_way(stop: Stop, review: Review) -> bool:
    """Can it come up? What is wrong is noted."""
    known = {earlier.key for earlier in stop.before if earlier.question}
    own = _condition_of(stop)
    unknown = [test.question for test in own.tests if test.question not in known]
    if unknown:
        text = _("“%(question)s” depends on “%(other)s”, which is not asked before it.")
        review.problems += [Remark(stop.key, text % {"question": name_of(stop), "other": other}) for other in unknown]
        return False
    try:
        reached = can_be_reached(stop)
    except TooMany:
        text = _("“%(question)s” depends on more combinations of answers than can be tried. Please use the preview.")
        review.notes.append(Remark(stop.key, text % {"question": name_of(stop)}))
        return True
    if not reached:
        review.problems.append(Remark(stop.key, _unreachable(stop, [test.question for test in own.tests])))
    return reached


def _condition_of(stop: Stop) -> Condition:
    """Its own condition, without that of its page."""
    return stop.question.visible_if if stop.question else stop.section.visible_if


def _lost_answers(stop: Stop) -> list[Remark]:
    """Answers that its condition names and that cannot be given; it may be reached all the same."""
    asked = {earlier.key: earlier.question for earlier in stop.before if earlier.question}
    text = _("The condition of “%(question)s” names “%(answer)s”, which is not among the answers to “%(other)s”.")
    return [
        Remark(stop.key, text % {"question": name_of(stop), "answer": value, "other": _name(other.label, other.key)})
        for test in _condition_of(stop).tests
        if test.operator in COMPARING and (other := asked.get(test.question))
        for value in impossible_values(other, test.values)
    ]


def _unreachable(stop: Stop, looked_at: list[str]) -> str:
    labels = {earlier.key: name_of(earlier) for earlier in stop.before}
    others = ", ".join(_("“%(question)s”") % {"question": labels[key]} for key in dict.fromkeys(looked_at))
    return _("“%(question)s” can never be reached: no answers to %(others)s, taken together, fulfil its condition.") % {
        "question": name_of(stop), "others": others}  # fmt: skip


def name_of(stop: Stop) -> str:
    """The words that the designer gave it, shortened, with its key."""
    return _name(stop.question.label if stop.question else stop.section.title, stop.key)


def _name(words: TextIn, key: str) -> str:
    text = text_in(words)
    short = text if len(text) <= 60 else f"{text[:59]}…"
    return f"{short} ({key})" if short and short != key else key


def _translation_problems(survey: Survey) -> list[Remark]:
    found = []
    for key, option, text in _texts(survey):
        missing = ", ".join(map(language_name, missing_languages(text, list(survey.languages))))
        if missing:
            name = f"{key} = {option}" if option else key
            found.append(
                Remark(key, _("“%(key)s” has no text in: %(languages)s") % {"key": name, "languages": missing})
            )
    return found


def _texts(survey: Survey) -> list[tuple[str, str, TextIn]]:
    """Every text that people read, with its question and answer."""
    texts: list[tuple[str, str, TextIn]] = []
    for section in survey.sections:
        texts.append((section.key, "", section.title))
        texts += [(section.key, "", text) for text in (section.text, section.item_label) if text]
        for question in section.questions:
            texts.append((question.key, "", question.label))
            texts += [(question.key, "", question.help)] if question.help else []
            texts += [(question.key, option.value, option.label) for option in question.options]
    return texts
