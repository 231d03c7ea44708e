"""Forms of the survey designer."""

import re
from itertools import chain, count
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants import meanings
from applicants.condition_answers import Group, groups_of, in_words, read_answers
from applicants.fingerprints import fingerprint
from applicants.survey import COMPARING, KEY, OPERATORS, QUESTION_TYPES, Survey
from credpoints.common.translated import TranslatedFormField, text_in

Document = dict[str, Any]
Choices = list[tuple[str, str]]
MAX_TESTS = 20
READ_BY = gettext_lazy("Rules, the profile and the plan read the answer under this meaning.")
UMLAUTS = {ord(a): b for a, b in zip("äöüßÄÖÜ", ("ae", "oe", "ue", "ss", "ae", "oe", "ue"), strict=True)}


class KeyedForm(forms.Form):
    """What pages and questions share: a key that can be left to us, and a condition of as many tests as wanted."""

    key = forms.RegexField(
        KEY,
        label=gettext_lazy("Short name of the answer"),
        required=False,
        help_text=gettext_lazy("Left empty, it is made from the text. Small letters, digits and _."),
    )
    match = forms.ChoiceField(
        label=gettext_lazy("Ask only if …"),
        choices=[("all", gettext_lazy("all of these are true")), ("any", gettext_lazy("one of these is true"))],
        required=False,
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)  # what stood here when the page was opened

    def __init__(self, *args: Any, content: Document, document: Document, earlier: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.content, self.old = content, document
        self.initial["seen"] = fingerprint(document)
        self.languages = languages_of(content, document)
        self.questions = {q.key: q for section in Survey.read(content).sections for q in section.questions}
        condition = document.get("visible_if") or {}
        tests = list(condition.get("tests", []))
        known = [*earlier, *((t["question"], t["question"]) for t in tests if t["question"] not in dict(earlier))]
        self.initial.setdefault("match", condition.get("match", "all"))
        # Two empty rows to add tests; a page that was opened with more rows sends them all back.
        sent = sum(name.startswith("test_question_") for name in self.data)
        offered = groups_of((label, self.questions[key]) for key, label in earlier)
        for row in range(min(MAX_TESTS, max(len(tests) + 2, sent))):
            self._add_row(row, known, offered, tests[row] if row < len(tests) else {})

    def _add_row(self, row: int, known: Choices, offered: list[Group], test: Document) -> None:
        self.fields[f"test_question_{row}"] = forms.ChoiceField(
            label=_("Question"), choices=[("", "–"), *known], required=False, initial=test.get("question", "")
        )
        # Shown as it was chosen, and refused, when the question is no longer there.
        chosen = self.data.get(f"test_question_{row}", "")
        if chosen and chosen not in dict(known):
            self.fields[f"test_question_{row}"].widget.choices = [("", "–"), *known, (chosen, chosen)]
        self.fields[f"test_operator_{row}"] = forms.ChoiceField(
            label=_("Test"), choices=OPERATORS.items(), required=False, initial=test.get("operator", "is_one_of")
        )
        self.fields[f"test_values_{row}"] = forms.CharField(
            label=_("Answers, one per line"), required=False,
            initial="\n".join(in_words(self.questions.get(test.get("question", "")), test.get("values", []))),
            widget=forms.Textarea(attrs={"rows": 2}),
        )  # fmt: skip
        self.fields[f"test_answer_{row}"] = forms.ChoiceField(
            label=_("Add an answer"), choices=[("", "–"), *offered], required=False,
            widget=forms.Select(
                attrs={"data-adds-line-to": f"id_test_values_{row}", "data-groups-of": f"id_test_question_{row}"}
            ),
        )  # fmt: skip

    @property
    def is_out_of_date(self) -> bool:
        """Has somebody else changed or removed this since the page was opened?"""
        return self.data.get("seen", "") not in {"", self.initial["seen"]}

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """Everything but the condition."""
        return [self[name] for name in self.fields if name not in {"match", "seen"} and not name.startswith("test_")]

    @property
    def test_rows(self) -> list[list[forms.BoundField]]:
        """The condition, test by test."""
        rows = [name.rpartition("_")[2] for name in self.fields if name.startswith("test_question_")]
        return [[self[f"test_{part}_{row}"] for part in ("question", "operator", "values", "answer")] for row in rows]

    def clean(self) -> Document:
        given: Document = super().clean() or self.cleaned_data
        self.tests = [test for row in self.test_rows if (test := self._test(row))]
        if not given.get("key") and "key" not in self.errors:
            given["key"] = self.old.get("key") or fresh_key(self.content, self.name_of(given))
        return given

    def _test(self, row: list[forms.BoundField]) -> Document | None:
        """One test as it is stored; what cannot be read is said beside its field."""
        question, operator, values, answer = (self.cleaned_data.get(field.name) or "" for field in row)
        lines = [line for line in map(str.strip, [*values.splitlines(), answer]) if line]
        if not question:
            if lines and row[0].name not in self.errors:
                self.add_error(row[0].name, _("Please choose the question that these answers belong to."))
            return None
        if not lines and operator in COMPARING:
            self.add_error(row[2].name, _("Please name at least one answer."))
        return {"question": question, "operator": operator or "is_filled", "values": self._values(row, question, lines)}

    def _values(self, row: list[forms.BoundField], key: str, lines: list[str]) -> list[str]:
        if key not in self.questions:
            return lines
        try:
            return read_answers(self.questions[key], lines, self._kept_values(key))
        except ValueError as error:
            self.add_error(row[2].name, str(error))
            return []

    def _kept_values(self, key: str) -> set[str]:
        tests = (self.old.get("visible_if") or {}).get("tests", [])
        return {value for test in tests if test["question"] == key for value in test.get("values", [])}

    def name_of(self, given: Document) -> str:
        """The text a key is made from."""
        raise NotImplementedError

    def document(self) -> Document:
        """The page or question as it is stored."""
        raise NotImplementedError

    def condition(self) -> Document | None:
        """The condition as it is stored, or nothing when no test is left."""
        return {"match": self.cleaned_data["match"] or "all", "tests": self.tests} if self.tests else None


def languages_of(content: Document, document: Document) -> list[str]:
    """The survey's languages, and any other in which this page or question has a text already."""
    texts = [value for value in document.values() if isinstance(value, dict) and "tests" not in value]
    texts += [option["label"] for option in document.get("options", [])]
    return list(dict.fromkeys([*content["languages"], *(code for text in texts for code in text)]))


def fresh_key(content: Document, text: str) -> str:
    """Make a key from a text that no page or question has yet."""
    plain = text.translate(UMLAUTS)
    stem = re.sub(r"[^a-z0-9]+", "_", slugify(plain)).strip("_")[:30].strip("_")
    stem = stem if KEY.match(stem) else f"q_{stem}".rstrip("_")
    taken = {
        key for section in content["sections"] for key in (section["key"], *(q["key"] for q in section["questions"]))
    }
    return next(key for key in chain([stem], (f"{stem}_{n}" for n in count(2))) if key not in taken)


class SectionForm(KeyedForm):
    """A page of the survey."""

    title = TranslatedFormField(label=gettext_lazy("Title"))
    text = TranslatedFormField(label=gettext_lazy("Introduction"), required=False, long=True)
    repeatable = forms.BooleanField(label=gettext_lazy("Several entries (degrees, jobs, languages)"), required=False)
    item_label = TranslatedFormField(label=gettext_lazy("What one entry is called"), required=False)
    min_items = forms.IntegerField(label=gettext_lazy("At least"), min_value=0, max_value=20, initial=0)
    max_items = forms.IntegerField(label=gettext_lazy("At most"), min_value=1, max_value=50, initial=10)
    maps_to = forms.ChoiceField(
        label=gettext_lazy("Means"), required=False, choices=[("", "–"), *meanings.OF_PAGES.items()], help_text=READ_BY
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _speak(self, {"title": True, "text": False, "item_label": False})

    def name_of(self, given: Document) -> str:
        return text_in(given.get("title"), self.languages[0])

    def document(self) -> Document:
        given = self.cleaned_data
        names = ("key", "title", "text", "repeatable", "item_label", "min_items", "max_items", "maps_to")
        return {**{name: given[name] for name in names if given[name] not in ({}, None)},
                "visible_if": self.condition()}  # fmt: skip


class QuestionForm(KeyedForm):
    """One question."""

    type = forms.ChoiceField(label=gettext_lazy("Type"), choices=QUESTION_TYPES.items())
    label = TranslatedFormField(label=gettext_lazy("Question"))
    help = TranslatedFormField(label=gettext_lazy("Help"), required=False)
    required = forms.BooleanField(label=gettext_lazy("Must be answered"), required=False)
    required_after = forms.DateField(
        label=gettext_lazy("… only from this day on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    options = forms.CharField(
        label=gettext_lazy("Answers to choose from"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "For one choice and several choices only. One per line: text in the first language | text in the next one. "
            "A short name may stand before them."
        ),
    )
    maps_to = forms.ChoiceField(
        label=gettext_lazy("Means"),
        required=False,
        choices=[("", "–"), *meanings.OF_QUESTIONS.items()],
        help_text=READ_BY,
    )
    personal = forms.BooleanField(label=gettext_lazy("Personal data"), required=False)
    staff_only = forms.BooleanField(label=gettext_lazy("Answered by staff only"), required=False)
    max_words = forms.IntegerField(
        label=gettext_lazy("At most words"), required=False, min_value=1, help_text=gettext_lazy("For texts only.")
    )
    minimum = forms.DecimalField(
        label=gettext_lazy("Smallest number"), required=False, help_text=gettext_lazy("For numbers only.")
    )
    maximum = forms.DecimalField(
        label=gettext_lazy("Largest number"), required=False, help_text=gettext_lazy("For numbers only.")
    )
    max_files = forms.IntegerField(
        label=gettext_lazy("At most files"),
        min_value=1,
        max_value=10,
        initial=3,
        help_text=gettext_lazy("For files only."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _speak(self, {"label": True, "help": False})

    def document(self) -> Document:
        given = self.cleaned_data
        names = ("key", "type", "label", "help", "required", "maps_to", "personal", "staff_only", "max_words",
                 "max_files")  # fmt: skip
        found = {name: given[name] for name in names if given[name] not in ({}, None, "")}
        found |= {
            name: str(given[name]) for name in ("minimum", "maximum", "required_after") if given[name] is not None
        }
        options = [self._option(line) for line in given["options"].splitlines() if line.strip()]
        return {**found, "options": options, "visible_if": self.condition()}

    def name_of(self, given: Document) -> str:
        return text_in(given.get("label"), self.languages[0])

    def _option(self, line: str) -> Document:
        parts = [part.strip().replace(r"\|", "|") for part in re.split(r"(?<!\\)\|", line)]
        named = len(parts) > len(self.languages)
        value, texts = (parts[0], parts[1:]) if named else (_short(parts[0]), parts)
        label = {code: text for code, text in zip(self.languages, texts, strict=False) if text}
        return {"value": value, "label": label}

    @staticmethod
    def initial_of(document: Document, content: Document) -> Document:
        languages = languages_of(content, document)
        rows = [(o["value"], *(o["label"].get(code, "") for code in languages)) for o in document.get("options", [])]
        lines = [" | ".join(text.replace("|", r"\|") for text in row) for row in rows]
        return {**document, "options": "\n".join(lines)}


def _short(text: str) -> str:
    """The value of an answer that has no short name of its own."""
    return slugify(text).replace("-", "_") or text


def _speak(form: KeyedForm, texts: dict[str, bool]) -> None:
    """Ask for the texts in the survey's languages; `texts` says which are needed."""
    for name, required in texts.items():
        old = form.fields[name]
        form.fields[name] = TranslatedFormField(
            label=old.label, required=required, long=name == "text", languages=form.languages
        )


class ImportForm(forms.Form):
    """A form from a file."""

    file = forms.FileField(
        label=gettext_lazy("Form as a file (JSON)"), widget=forms.ClearableFileInput(attrs={"class": "form-control"})
    )
