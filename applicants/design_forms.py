"""Forms of the survey designer and of the rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants import facts
from applicants.models import Severity
from applicants.survey import KEY, LEVELS, OPERATORS, QUESTION_TYPES, SKILLS
from credpoints.common.translated import TranslatedFormField

Document = dict[str, Any]
SCALARS = {"country", "outside", "language", "years"}


class KeyedForm(forms.Form):
    """What sections and questions share: a key and a condition."""

    key = forms.RegexField(
        KEY, label=gettext_lazy("Key"), help_text=gettext_lazy("Small letters, digits and _; it names the answers.")
    )
    condition_question = forms.CharField(label=gettext_lazy("Only ask if this question (key) …"), required=False)
    condition_operator = forms.ChoiceField(label=gettext_lazy("… fulfils"), choices=OPERATORS.items(), required=False)
    condition_values = forms.CharField(
        label=gettext_lazy("… these values"), required=False, help_text=gettext_lazy("Separated by commas.")
    )

    def condition(self) -> Document | None:
        given = self.cleaned_data
        if not given["condition_question"]:
            return None
        values = [v.strip() for v in given["condition_values"].split(",") if v.strip()]
        operator = given["condition_operator"] or "is_filled"
        test = {"question": given["condition_question"], "operator": operator, "values": values}
        return {"match": "all", "tests": [test]}

    @staticmethod
    def condition_initial(document: Document) -> Document:
        tests = (document.get("visible_if") or {}).get("tests") or [{}]
        return {
            "condition_question": tests[0].get("question", ""),
            "condition_operator": tests[0].get("operator", "is_one_of"),
            "condition_values": ", ".join(tests[0].get("values", [])),
        }


class SectionForm(KeyedForm):
    """A page of the survey."""

    title = TranslatedFormField(label=gettext_lazy("Title"))
    text = TranslatedFormField(label=gettext_lazy("Introduction"), required=False, long=True)
    repeatable = forms.BooleanField(label=gettext_lazy("Several entries (degrees, jobs, languages)"), required=False)
    item_label = TranslatedFormField(label=gettext_lazy("What one entry is called"), required=False)
    min_items = forms.IntegerField(label=gettext_lazy("At least"), min_value=0, max_value=20, initial=0)
    max_items = forms.IntegerField(label=gettext_lazy("At most"), min_value=1, max_value=50, initial=10)
    maps_to = forms.ChoiceField(
        label=gettext_lazy("Means"), required=False, choices=[("", "–"), *((name, name) for name in facts.SECTIONS)]
    )

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
        help_text=gettext_lazy("One per line: value | text in the first language | text in the next one."),
    )
    maps_to = forms.ChoiceField(label=gettext_lazy("Means"), required=False)
    personal = forms.BooleanField(label=gettext_lazy("Personal data"), required=False)
    staff_only = forms.BooleanField(label=gettext_lazy("Answered by staff only"), required=False)
    max_words = forms.IntegerField(label=gettext_lazy("At most words"), required=False, min_value=1)
    minimum = forms.DecimalField(label=gettext_lazy("Smallest number"), required=False)
    maximum = forms.DecimalField(label=gettext_lazy("Largest number"), required=False)
    max_files = forms.IntegerField(label=gettext_lazy("At most files"), min_value=1, max_value=10, initial=3)

    def __init__(self, *args: Any, languages: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages = languages
        meanings = (*facts.PERSON, *facts.OTHER, *facts.DEGREE, *facts.EXPERIENCE, *facts.LANGUAGE)
        chooser = self.fields["maps_to"]
        if isinstance(chooser, forms.ChoiceField):
            chooser.choices = [("", "–"), *((name, name) for name in dict.fromkeys(meanings))]

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

    def _option(self, line: str) -> Document:
        value, *texts = [part.strip() for part in line.split("|")]
        return {"value": value, "label": dict(zip(self.languages, texts or [value], strict=False))}

    @staticmethod
    def initial_of(document: Document, languages: list[str]) -> Document:
        lines = [" | ".join([o["value"], *(o["label"].get(code, "") for code in languages)])
                 for o in document.get("options", [])]  # fmt: skip
        return {**document, "options": "\n".join(lines), **KeyedForm.condition_initial(document)}


class ImportForm(forms.Form):
    """A form from a file."""

    file = forms.FileField(
        label=gettext_lazy("Form as a file (JSON)"), widget=forms.ClearableFileInput(attrs={"class": "form-control"})
    )


class RuleForm(forms.Form):
    """One rule of eligibility."""

    is_active = forms.BooleanField(label=gettext_lazy("Is checked"), required=False)
    severity = forms.ChoiceField(label=gettext_lazy("Weight"), choices=Severity.choices)
    params = forms.CharField(
        label=gettext_lazy("Values"), required=False, widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})
    )
    message = TranslatedFormField(label=gettext_lazy("The rule in plain words"), long=True)

    def clean_params(self) -> Document:
        params: Document = {}
        for line in self.cleaned_data["params"].splitlines():
            if line.strip():
                name, _equals, text = (part.strip() for part in line.partition("="))
                _set_param(params, name, text)
        return params


def _set_param(params: Document, name: str, text: str) -> None:
    if name.startswith("levels."):
        skill = name.removeprefix("levels.")
        if skill not in SKILLS or text not in LEVELS:
            raise forms.ValidationError(_("“%(line)s” names no skill and level.") % {"line": f"{name} = {text}"})
        params.setdefault("levels", {})[skill] = text
    elif name == "years" and not text.isdigit():
        raise forms.ValidationError(_("Please write a number of years."))
    elif name in SCALARS:
        params[name] = int(text) if name == "years" else text
    else:
        params[name] = [value.strip() for value in text.split(",") if value.strip()]


def written_params(params: Document) -> str:
    """The values of a rule as lines that `RuleForm` reads back."""
    lines = []
    for name, value in params.items():
        if isinstance(value, dict):
            lines += [f"{name}.{skill} = {level}" for skill, level in value.items()]
        else:
            lines.append(f"{name} = {', '.join(value) if isinstance(value, list) else value}")
    return "\n".join(lines)
