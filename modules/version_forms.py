"""The form of a draft, in groups: everything that a version can say, nothing of it needed to save."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from credpoints.accounts.models import User
from credpoints.organisations.models import Organisation
from modules.drafting import TEXTS, fingerprint, languages_of
from modules.fields import BROAD
from modules.models import Context, ModuleKind, ModuleVersion, NeedServed, Purpose, catalogue_organisations
from modules.version_fields import MOST_LONG, MOST_SHORT, NumberField, TextField, language_choices, tidy
from modules.version_rows import KINDS, Rows

ALWAYS_OFFERED = ("de", "en")
ALWAYS_CHOSEN = ("credit_framework", "mode", "grading_scheme")


@dataclass(frozen=True)
class Group:
    """Fields under one heading, line by line, and the lists behind them."""

    key: str
    title: str | Promise
    lines: tuple[str, ...]
    rows: tuple[str, ...] = ()

    @property
    def fields(self) -> list[str]:
        return [name for line in self.lines for name in line.split()]


GROUPS = (
    Group("texts", _("Title and content"), ("title", "aim", "content")),
    Group("outcomes", _("Learning outcomes"), (), ("outcomes",)),
    Group(
        "work", _("Credits and workload"),
        ("credits credit_framework hours", "hours_reason", "duration_terms", "frequency"), ("workload",),
    ),
    Group("level", _("Level and field"), ("eqf_level isced_f", "level_not_applicable")),
    Group(
        "teaching", _("Languages and teaching"),
        ("languages", "another_language mode", "teaching_forms"), ("required_languages",),
    ),
    Group("assessment", _("Assessment"), (), ("assessments",)),
    Group("grading", _("Grading and award"), ("grading_scheme attempts_allowed", "award_condition")),
    Group("admission", _("Admission and prerequisites"), ("admission", "admission_text", "prerequisites")),
    Group("quality", _("Quality assurance"), ("quality_assurance", "quality_text")),
    Group("purpose", _("Purpose and themes"), ("purposes", "needs", "contexts"), ("tags",)),
    Group("evidence", _("Evidence of the need"), (), ("market_evidence",)),
    Group("further", _("Further facts"), ("usability", "literature", "notes", "homepage", "licence valid_from")),
)  # fmt: skip
FIELDS = tuple(name for group in GROUPS for name in group.fields if name != "another_language")
SHORT = frozenset({"title", "frequency"})
TALL = {"content": 6}
MOST_ATTEMPTS, MOST_TERMS = 20, 20
FIRST_YEAR, LAST_YEAR = 2000, 2100


def _boxes(label: Any, words: type[TextChoices]) -> forms.MultipleChoiceField:
    """A box for each of these words."""
    return forms.MultipleChoiceField(
        label=label, required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(word.value, capfirst(word.label)) for word in words],
    )  # fmt: skip


class DraftForm(forms.ModelForm[ModuleVersion]):
    """A draft of a version. `rows` are its lists."""

    credits = NumberField(label=_("Credits"), max_digits=5, help_text=_("Empty: without credits."))
    hours = NumberField(
        label=_("Hours of work"), max_digits=7, help_text=_("Empty: the sum of the parts of the work below.")
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages of teaching"), required=False, widget=forms.CheckboxSelectMultiple
    )
    another_language = forms.ChoiceField(label=_("Another language"), required=False)
    purposes = _boxes(_("What people take it for"), Purpose)
    needs = _boxes(_("Whose need it serves"), NeedServed)
    contexts = _boxes(_("Where it can be used"), Context)
    eqf_level = forms.TypedChoiceField(
        label=_("EQF level"), required=False, coerce=int, empty_value=None,
        choices=[("", "–"), *((number, str(number)) for number in range(1, 9))],
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    class Meta:
        model = ModuleVersion
        fields = FIELDS
        labels = {
            "credit_framework": _("Kind of credits"),
            "quality_assurance": _("Type of quality assurance"),
            "quality_text": _("Quality assurance in words"),
        }
        help_texts = {
            "hours_reason": _("Only where it is so; people read it beside the hours."),
            "isced_f": _("Two to four digits, for example 0714 for electronics and automation."),
            "admission_text": _("Needed where there are conditions."),
            "homepage": _("A page of your own about this module."),
            "valid_from": _("Leave empty when it holds from its publication on."),
        }
        widgets = {
            "valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "homepage": forms.URLInput(),
            "duration_terms": forms.TextInput(attrs={"inputmode": "numeric"}),
            "attempts_allowed": forms.TextInput(attrs={"inputmode": "numeric"}),
        }

    def __init__(self, data: QueryDict | None = None, *, instance: ModuleVersion) -> None:
        super().__init__(data, instance=instance, initial={"seen": fingerprint(instance)})
        self.stored = instance
        speaks = languages_of(instance)
        for name in TEXTS:
            old, most = self.fields[name], MOST_SHORT if name in SHORT else MOST_LONG
            self.fields[name] = TextField(
                label=old.label, help_text=old.help_text, languages=speaks, most=most, rows=TALL.get(name, 3)
            )
        for name in ALWAYS_CHOSEN:
            self.fields[name].required = False  # no star on what cannot be left empty anyway
        self._offer_languages([*instance.languages, *(data.getlist("languages") if data else [])])
        self.rows = {
            key: Rows(kind, getattr(instance, key), data, languages_of(instance)) for key, kind in KINDS.items()
        }

    def _offer_languages(self, chosen: list[str]) -> None:
        """A box for each language at hand; another one is chosen from the list and gets its box by saving."""
        named = dict(language_choices(self.stored.languages))
        boxes = list(dict.fromkeys(code for code in [*ALWAYS_OFFERED, *chosen] if code in named))
        others = [(code, name) for code, name in named.items() if code not in boxes]
        self.fields["languages"].choices = [(code, named[code]) for code in boxes]  # type: ignore[attr-defined]
        self.fields["another_language"].choices = [("", "–"), *others]  # type: ignore[attr-defined]

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(rows.is_valid() for rows in self.rows.values())])

    def clean_isced_f(self) -> str:
        code = str(self.cleaned_data["isced_f"])
        if code and not (code.isascii() and code.isdigit() and len(code) > 1 and code[:2] in BROAD):
            raise ValidationError(gettext("ISCED-F has no field of this number."))
        return code

    def clean_attempts_allowed(self) -> int:
        attempts: int = self.cleaned_data["attempts_allowed"]
        if not 1 <= attempts <= MOST_ATTEMPTS:
            raise ValidationError(gettext("A number from 1 to %(most)s.") % {"most": MOST_ATTEMPTS})
        return attempts

    def clean_duration_terms(self) -> int | None:
        terms: int | None = self.cleaned_data["duration_terms"]
        if terms is not None and not 1 <= terms <= MOST_TERMS:
            raise ValidationError(gettext("A number from 1 to %(most)s.") % {"most": MOST_TERMS})
        return terms

    def clean_valid_from(self) -> date | None:
        day: date | None = self.cleaned_data["valid_from"]
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(gettext("Please check the year."))
        return day

    def facts(self) -> dict[str, Any]:
        """What was typed, as the version keeps it."""
        data = self.cleaned_data
        facts = {name: data[name] for name in FIELDS} | self._texts()
        facts |= {name: data[name] or getattr(self.stored, name) for name in ALWAYS_CHOSEN}
        facts |= {key: rows.value() for key, rows in self.rows.items()}
        another = [data["another_language"]] if data["another_language"] else []
        parts = sum((Decimal(row.get("hours") or 0) for row in facts["workload"]), Decimal(0))
        return facts | {
            "languages": list(dict.fromkeys([*data["languages"], *another])),
            "credits": data["credits"] or Decimal(0),
            "hours": data["hours"] or parts,
        }

    def _texts(self) -> dict[str, Any]:
        """What was typed; letter for letter as it is stored where nobody has changed a word."""
        pairs = {name: (getattr(self.stored, name), self.cleaned_data[name]) for name in TEXTS}
        return {name: old if tidy(old) == new else new for name, (old, new) in pairs.items()}

    def _post_clean(self) -> None:
        """The action checks and saves the row; the form only reads what was typed."""


class IdentityForm(forms.Form):
    """What a module is known by: its code and its kind."""

    kind = forms.ChoiceField(label=_("Kind"))
    code = forms.CharField(
        label=_("Code (optional)"), max_length=60, required=False, help_text=_("As your handbook calls it.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, capfirst(kind.label)) for kind in ModuleKind]  # type: ignore[attr-defined]


class ModuleForm(IdentityForm):
    """The few facts that a module begins with."""

    provider = forms.ModelChoiceField(Organisation.objects.none(), label=_("Provider"), empty_label=None)
    title = TextField(label=_("Title"), required=True, most=MOST_SHORT)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Organisation.objects.filter(pk__in=catalogue_organisations(user)).order_by("pk")
        self.fields["provider"].queryset = own  # type: ignore[attr-defined]
        self.order_fields(["provider", "kind", "code", "title"])
