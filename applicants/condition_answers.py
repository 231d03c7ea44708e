"""The answers that a condition names: kept as the survey keeps answers, written and read in words."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from applicants.survey import Question, complaint
from applicants.survey.possible import choices_of

Group = tuple[str, list[tuple[str, str]]]


def words_of(question: Question) -> dict[str, str]:
    """Everything there is to choose from, as value and words; nothing where anything can be written."""
    texts = {value: " ".join(str(words).split()) for value, words in choices_of(question) or []}
    seen = Counter(text.casefold() for text in texts.values())
    # Two answers of the same words are told apart by their short names.
    return {v: text if text and seen[text.casefold()] == 1 else f"{text} ({v})".strip() for v, text in texts.items()}


def in_words(question: Question | None, values: Iterable[str]) -> list[str]:
    """The answers as designers read them; what is no answer to this question stays as it is."""
    words = words_of(question) if question else {}
    return [words.get(value, value) for value in values]


def read_answers(question: Question, lines: Iterable[str], kept: Collection[str]) -> list[str]:
    """Read words, or the short names themselves; raises ValueError with words about the first line that is neither.

    `kept` are the values that stand in the condition already: they stay, also when the question has changed since.
    """
    known = _values_by_words(question)
    return list(dict.fromkeys(_read(question, line, known, kept) for line in lines))


def _read(question: Question, line: str, known: dict[str, str], kept: Collection[str]) -> str:
    if line in kept:
        return line
    if not known:
        if wrong := complaint(question, line, on=date.min):
            raise ValueError(f"{line}: {wrong}")
        return line
    if line.casefold() not in known:
        raise ValueError(_("“%(answer)s” is no answer to this question. Please choose one from the list.") % {
            "answer": line})  # fmt: skip
    return known[line.casefold()]


def _values_by_words(question: Question) -> dict[str, str]:
    """The reader's words come first, then other languages, then the short names: what is shown is read back."""
    known: dict[str, str] = {}
    for language in (get_language() or "en", "de", "en"):
        with override(language):
            for value, text in words_of(question).items():
                known.setdefault(text.casefold(), value)
    for option in question.options if known else ():
        for text in option.label.values():
            known.setdefault(text.strip().casefold(), option.value)
    return {**{value.casefold(): value for value in known.values()}, **known}


def groups_of(questions: Iterable[tuple[str, Question]]) -> list[Group]:
    """What can be chosen, by question; questions that offer the same, such as all countries, stand together."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for label, question in questions:
        if words := tuple(words_of(question).values()):
            groups.setdefault(words, []).append(label)
    return [(", ".join(labels), [(text, text) for text in words]) for words, labels in groups.items()]
