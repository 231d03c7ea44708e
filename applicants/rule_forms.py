"""Forms of the rules of eligibility: one for each kind, in the words of the people who set them."""

import re
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from applicants.eligibility import KINDS
from applicants.fields import FIELDS
from applicants.models import EligibilityRule, Severity
from applicants.names import countries, country_name, languages
from applicants.survey import DEGREES, LEVELS, SKILLS
from credpoints.common.translated import TranslatedFormField

Params = dict[str, Any]
Choices = list[tuple[str, Any]]
DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+\Z")


class Lines(forms.CharField):
    """Several texts, one in each line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, (list, tuple)) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), "\n".join(str(data or "").splitlines()))

    def clean(self, value: Any) -> list[str]:
        lines = [line.strip() for line in str(super().clean(value)).splitlines()]
        return list(dict.fromkeys(line for line in lines if line))


class Countries(Lines):
    """Countries by name, one in each line; kept as codes."""

    def prepare_value(self, value: Any) -> Any:
        return super().prepare_value([country_name(code) for code in value] if isinstance(value, list) else value)

    def clean(self, value: Any) -> list[str]:
        known = _codes_by_name()
        lines = super().clean(value)
        strange = [line for line in lines if line.casefold() not in known]
        if strange:
            text = _("We know no country of this name: %(names)s.")
            raise forms.ValidationError(text % {"names": ", ".join(strange)})
        return list(dict.fromkeys(known[line.casefold()] for line in lines))


def _codes_by_name() -> dict[str, str]:
    """Codes and names of countries, in the reader's language and in German and English."""
    known: dict[str, str] = {}
    for language in ("de", "en", get_language() or "en"):
        with override(language):
            known |= {name.casefold(): code for code, name in countries()}
    return known | {code.casefold(): code for code, _name in countries()}


class RuleForm(forms.Form):
    """What all rules share; each kind adds its own questions, and says how they are kept."""

    is_active = forms.BooleanField(label=gettext_lazy("This rule is checked"), required=False)
    severity = forms.ChoiceField(
        label=gettext_lazy("If it is not met"),
        choices=[
            (Severity.MUST.value, gettext_lazy("the person cannot take part (an advisor may accept it with a reason)")),
            (Severity.SHOULD.value, gettext_lazy("it is only noted: a wish, not a condition")),
        ],
        widget=forms.RadioSelect,
    )
    message = TranslatedFormField(
        label=gettext_lazy("The rule in plain words, as applicants read it"), long=True, required=False
    )
    shared = ("is_active", "severity", "message")

    def __init__(self, data: Any = None, *, rule: EligibilityRule) -> None:
        facts = {"is_active": rule.is_active, "severity": rule.severity, "message": rule.message}
        super().__init__(data, prefix=rule.key, initial={**self.initial_of(rule.params), **facts})
        self.is_checked = rule.is_active if data is None else bool(data.get(self.add_prefix("is_active")))
        if not self.is_checked:
            # A rule that is not checked yet may be unfinished.
            for name in self.fields:
                self.fields[name].required = False

    @classmethod
    def initial_of(cls, params: Params) -> Params:
        """What stands in the fields."""
        return dict(params)

    @property
    def own(self) -> list[forms.BoundField]:
        """The questions of this kind."""
        return [self[name] for name in self.fields if name not in self.shared]

    def clean(self) -> Params:
        given: Params = super().clean() or self.cleaned_data
        if self.is_checked and not given.get("message"):
            self.add_error("message", _("Please say in words what applicants must fulfil."))
        return given

    def params(self) -> Params:
        """The values as the rule keeps them; nothing is kept of what was left empty."""
        return {field.name: value for field in self.own if (value := self.cleaned_data[field.name])}

    def facts(self) -> dict[str, Any]:
        """The whole rule as it stands in the form."""
        return {**{name: self.cleaned_data[name] for name in self.shared}, "params": self.params()}


class DegreeOutsideForm(RuleForm):
    country = forms.ChoiceField(label=gettext_lazy("The degree was completed outside of"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "country", list(countries()))

    @classmethod
    def initial_of(cls, params: Params) -> Params:
        return {"country": "DE", **params}


class OutsideForm(RuleForm):
    """Rules that look at degrees, all of them or only those from elsewhere."""

    outside = forms.ChoiceField(label=gettext_lazy("Which degrees count"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        elsewhere = [(code, _("only those from outside of: %(country)s") % {"country": name})
                     for code, name in countries()]  # fmt: skip
        _choose(self, "outside", [("", _("degrees from every country")), *elsewhere])


class DegreeTypeForm(OutsideForm):
    accepted = forms.MultipleChoiceField(
        label=gettext_lazy("These are accepted"), choices=DEGREES.items(), widget=forms.CheckboxSelectMultiple
    )
    comparable = forms.MultipleChoiceField(
        label=gettext_lazy("At these an advisor looks"),
        choices=DEGREES.items(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def params(self) -> Params:
        # An empty list is kept: without it, “another, comparable degree” would be looked at.
        return {**super().params(), "comparable": self.cleaned_data["comparable"]}


class FieldInForm(OutsideForm):
    fields_of_study = forms.MultipleChoiceField(
        label=gettext_lazy("These fields are accepted; at every other one an advisor looks"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [pair for area, (label, names) in FIELDS.items() for pair in ((area, label), *names.items())]
        # A code that the list does not know, from a file or an older list, stays until somebody unticks it.
        other = [(code, code) for code in self.initial.get("fields_of_study", []) if code not in dict(known)]
        _choose(self, "fields_of_study", known + other)

    @classmethod
    def initial_of(cls, params: Params) -> Params:
        return {"outside": params.get("outside", ""), "fields_of_study": list(params.get("fields", []))}

    @property
    def areas(self) -> list[dict[str, Any]]:
        """The fields by area: a box for the whole area, and boxes for its parts."""
        boxes = {str(box.data["value"]): box for box in self["fields_of_study"].subwidgets}
        found: list[dict[str, Any]] = [
            {"whole": boxes.pop(area), "label": label, "parts": [boxes.pop(code) for code in names]}
            for area, (label, names) in FIELDS.items()
        ]
        for area in found:
            area["chosen"] = sum(bool(part.data["selected"]) for part in area["parts"])
        return found + [{"whole": box, "label": box.data["label"], "parts": [], "chosen": 0} for box in boxes.values()]

    def params(self) -> Params:
        chosen = self.cleaned_data["fields_of_study"]
        outside = self.cleaned_data["outside"]
        # A whole area says all there is to say about its parts.
        fields = [code for code in chosen if code[:2] == code or code[:2] not in chosen]
        return {**({"outside": outside} if outside else {}), "fields": fields}


class ResidenceForm(RuleForm):
    countries = Countries(
        label=gettext_lazy("The person lives in"), help_text=gettext_lazy("One country in each line, by its name.")
    )


class LanguageForm(RuleForm):
    language = forms.ChoiceField(label=gettext_lazy("Language"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "language", list(languages()))
        levels = [("", _("not asked for")), *((level, _("at least %(level)s") % {"level": level}) for level in LEVELS)]
        for skill, label in SKILLS.items():
            self.fields[skill] = forms.ChoiceField(label=label, choices=levels, required=False)

    @classmethod
    def initial_of(cls, params: Params) -> Params:
        return {"language": params.get("language", "de"), **params.get("levels", {})}

    def clean(self) -> Params:
        given: Params = super().clean() or self.cleaned_data
        if self.is_checked and not any(given.get(skill) for skill in SKILLS):
            self.add_error(next(iter(SKILLS)), _("Please ask for a level in at least one skill."))
        return given

    def params(self) -> Params:
        given = self.cleaned_data
        return {"language": given["language"], "levels": {skill: given[skill] for skill in SKILLS if given[skill]}}


class PartnerForm(RuleForm):
    domains = Lines(
        label=gettext_lazy("Mail addresses of these universities"),
        help_text=gettext_lazy("What stands behind the @, one in each line. At every other address an advisor looks."),
    )

    def clean_domains(self) -> list[str]:
        lines = self.cleaned_data["domains"]
        domains = [line.lower().rpartition("@")[2] for line in lines]
        strange = [line for line, domain in zip(lines, domains, strict=True) if not DOMAIN.match(domain)]
        if strange:
            text = _("This is no end of a mail address: %(names)s.")
            raise forms.ValidationError(text % {"names": ", ".join(strange)})
        return domains


class CredentialForm(RuleForm):
    credentials = Lines(
        label=gettext_lazy("One of these credentials is held"),
        help_text=gettext_lazy(
            "Number of a certificate, short name of a programme in its address, or code of a line of a certificate; "
            "one in each line. Where none is found, an advisor looks."
        ),
    )


class ModuleForm(RuleForm):
    modules = Lines(
        label=gettext_lazy("All of these modules are passed"),
        help_text=gettext_lazy("The code of the module, one in each line. Where one is not found, an advisor looks."),
    )


class AgeForm(RuleForm):
    years = forms.IntegerField(label=gettext_lazy("At least so many years old"), min_value=1, max_value=120)


class ManualForm(RuleForm):
    """An advisor looks at every application; there is nothing to set."""


_FORMS: dict[str, type[RuleForm]] = {
    "degree_outside": DegreeOutsideForm,
    "degree_type": DegreeTypeForm,
    "field_in": FieldInForm,
    "residence_in": ResidenceForm,
    "language_min": LanguageForm,
    "student_of_partner": PartnerForm,
    "holds_credential": CredentialForm,
    "module_passed": ModuleForm,
    "age_min": AgeForm,
    "manual": ManualForm,
}


def rule_form(rule: EligibilityRule, data: Any = None) -> RuleForm:
    """The form of a rule's kind."""
    return _FORMS[rule.kind](data, rule=rule)


class NewRuleForm(forms.Form):
    """Which kind of rule to add."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is the new rule about?"),
        choices=KINDS.items(),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    asked_with = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)  # each page that is drawn has its own


def _choose(form: forms.Form, name: str, choices: Choices) -> None:
    chooser = form.fields[name]
    assert isinstance(chooser, forms.ChoiceField)  # noqa: S101 - narrows the type
    chooser.choices = choices
