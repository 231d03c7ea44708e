"""The answers that a condition names: kept as the survey keeps answers, written and read in words."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from applicants.designing import label_in_conditions
from applicants.survey import COMPARING, LEVELS, OPERATORS, Condition, Question, Test, complaint
from applicants.survey.possible import choices_of

Group = tuple[str, list[tuple[str, str]]]
Values = tuple[str, ...]


def words_of(question: Question) -> dict[str, str]:
    """Everything there is to choose from, as value and words; nothing where anything can be written."""
    texts = {value: " ".join(str(words).split()) for value, words in choices_of(question) or []}
    seen = Counter(text.casefold() for text in texts.values())
    # Two answers of the same words are told apart by their short names.
    return {v: text if text and seen[text.casefold()] == 1 else f"{text} ({v})".strip() for v, text in texts.items()}


def spans_of(question: Question) -> dict[Values, str]:
    """Several answers that have words together: levels from one upwards, or up to one."""
    if question.type != "cefr":
        return {}
    upwards = {LEVELS[place:]: _("at least %(level)s") % {"level": LEVELS[place]} for place in range(len(LEVELS) - 1)}
    # Up to the highest one is the same as from the lowest upwards.
    downwards = {LEVELS[: n + 1]: _("at most %(level)s") % {"level": LEVELS[n]} for n in range(1, len(LEVELS) - 1)}
    return upwards | downwards


def in_words(question: Question | None, values: Iterable[str]) -> list[str]:
    """The answers as designers read them; what is no answer to this question stays as it is."""
    if question is None:
        return list(values)
    given = tuple(values)
    if together := spans_of(question).get(given):
        return [together]
    words = words_of(question)
    return [words.get(value, value) for value in given]


def condition_in_words(condition: Condition, questions: Mapping[str, Question]) -> str:
    """When it is asked, as designers read it; nothing where it always is."""
    between = _("and") if condition.match == "all" else _("or")
    return f" {between} ".join(_test_in_words(test, questions.get(test.question)) for test in condition.tests)


def _test_in_words(test: Test, question: Question | None) -> str:
    name = label_in_conditions(question.type, question.label) if question else test.question
    words = _("“%(question)s” %(test)s") % {"question": name, "test": OPERATORS[test.operator]}
    return f"{words}: {', '.join(in_words(question, test.values))}" if test.operator in COMPARING else words


def read_answers(question: Question, lines: Iterable[str], kept: Collection[str]) -> list[str]:
    """Read words, or the short names themselves; raises ValueError with words about the first line that is neither.

    `kept` are the values that stand in the condition already: they stay, also when the question has changed since.
    """
    known = _values_by_words(question)
    return list(dict.fromkeys(value for line in lines for value in _read(question, line, known, kept)))


def _read(question: Question, line: str, known: dict[str, Values], kept: Collection[str]) -> Values:
    if line in kept:
        return (line,)
    if not known:
        if wrong := complaint(question, line, on=date.min):
            raise ValueError(f"{line}: {wrong}")
        return (line,)
    if line.casefold() not in known:
        raise ValueError(_("“%(answer)s” is no answer to this question. Please choose one from the list.") % {
            "answer": line})  # fmt: skip
    return known[line.casefold()]


def _values_by_words(question: Question) -> dict[str, Values]:
    """The reader's words come first, then other languages, then the short names: what is shown is read back."""
    known: dict[str, Values] = {}
    for language in (get_language() or "en", "de", "en"):
        with override(language):
            for values, text in _everything(question):
                known.setdefault(text.casefold(), values)
    for option in question.options if known else ():
        for text in option.label.values():
            known.setdefault(text.strip().casefold(), (option.value,))
    short_names = {value.casefold(): (value,) for values in known.values() for value in values}
    return {**short_names, **known}


def _everything(question: Question) -> list[tuple[Values, str]]:
    """All that can be chosen: single answers, then those that have words together."""
    return [*(((value,), text) for value, text in words_of(question).items()), *spans_of(question).items()]


def groups_of(questions: Iterable[tuple[str, Question]]) -> list[Group]:
    """What can be chosen, by question; questions that offer the same, such as all countries, stand together."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for label, question in questions:
        if words := tuple(text for _values, text in _everything(question)):
            groups.setdefault(words, []).append(label)
    return [(", ".join(labels), [(text, text) for text in words]) for words, labels in groups.items()]
