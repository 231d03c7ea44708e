"""What people type about the looks of certificates, and about issue runs."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from certificates import degree_words
from certificates.checking import rules_of
from certificates.designs import SLOTS
from certificates.languages import languages_of
from certificates.letters import unprintable
from certificates.models import Kind, Layout, TemplateVersion
from credpoints.common.languages import language_name
from credpoints.common.translated import TranslatedFormField
from credpoints.organisations.models import Programme

SIGNATORIES = 3


class TemplateForm(forms.Form):
    """A template to begin: of which programme and kind."""

    programme = forms.ModelChoiceField(Programme.objects.none(), label=_("Programme"), empty_label=None)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)

    def __init__(self, programmes: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = programmes  # type: ignore[attr-defined]


class VersionForm(forms.Form):
    """The draft of a version: look, languages, words, signatories."""

    layout = forms.ChoiceField(label=_("Layout"), choices=Layout.choices, widget=forms.RadioSelect)
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: the languages of the programme. With two languages both stand on the first page."),
    )

    def __init__(self, version: TemplateVersion, *args: Any, **kwargs: Any) -> None:
        self.version = version
        kwargs.setdefault("initial", _initial(version))
        super().__init__(*args, **kwargs)
        languages = languages_of(version.template.programme)
        self.fields["languages"].choices = [(code, language_name(code)) for code in languages]  # type: ignore[attr-defined]
        for slot in SLOTS:
            self.fields[slot.key] = TranslatedFormField(
                label=slot.label,
                help_text=slot.help,
                required=False,
                long=slot.most > LONG_FROM,
                languages=languages,
            )
        self.fields["funding"] = TranslatedFormField(
            label=_("Funding note"),
            help_text=_("Empty: the funding note of the programme."),
            required=False,
            long=True,
            languages=languages,
        )
        for place in range(1, SIGNATORIES + 1):
            self.fields[f"signatory_{place}"] = forms.CharField(
                label=_("Signatory %(place)s: name") % {"place": place}, required=False, max_length=120
            )
            self.fields[f"position_{place}"] = TranslatedFormField(
                label=_("Signatory %(place)s: position") % {"place": place}, required=False, languages=languages
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        limits = {slot.key: slot.most for slot in SLOTS}
        for name, value in list(data.items()):
            texts = list(value.values()) if isinstance(value, dict) else [value] if isinstance(value, str) else []
            self._check_texts(name, texts, limits.get(name, 500))
        return data

    def _check_texts(self, name: str, texts: list[str], most: int) -> None:
        for text in texts:
            if len(text) > most:
                self.add_error(
                    name,
                    ValidationError(
                        _("At most %(most)s characters fit here; these are %(count)s."),
                        params={"most": most, "count": len(text)},
                    ),
                )
            words = degree_words.in_texts([text]) if self._may_not_promise(name) else []
            if words:
                self.add_error(
                    name,
                    ValidationError(
                        _("This kind of certificate is no academic degree. These words cannot stand here: %(words)s"),
                        params={"words": ", ".join(words)},
                    ),
                )
            letters = unprintable(text)
            if letters:
                self.add_error(
                    name, ValidationError(_("No font can print: %(letters)s"), params={"letters": " ".join(letters)})
                )

    def _may_not_promise(self, name: str) -> bool:
        """The words on the first page never; the explanations only where the programme is strict."""
        if rules_of(self.version.template.kind).may_say_degree:
            return False
        programme = self.version.template.programme
        return name in PROMISING or bool(programme.room_settings("certificates").get("forbidden_words"))

    def changes(self) -> dict[str, Any]:
        """What was typed, as the version keeps it."""
        data = self.cleaned_data
        signatories = [
            {"name": data[f"signatory_{place}"].strip(), "position": _filled(data[f"position_{place}"])}
            for place in range(1, SIGNATORIES + 1)
            if data[f"signatory_{place}"].strip()
        ]
        texts = {slot.key: _filled(data[slot.key]) for slot in SLOTS}
        return {
            "layout": data["layout"],
            "languages": data["languages"],
            "texts": {key: text for key, text in texts.items() if text},
            "signatories": signatories,
            "funding_note": _filled(data["funding"]),
        }

    def is_as_saved(self) -> bool:
        """Whether a right form says what the version keeps already."""
        return all(getattr(self.version, name) == value for name, value in self.changes().items())


class LogoForm(forms.Form):
    """A logo, where it stands, and its words for people who cannot see it."""

    file = forms.FileField(
        label=_("Logo"),
        help_text=_("PNG or JPEG, at most 5 MB, best 1,200 pixels wide."),
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg"}),
    )
    place = forms.ChoiceField(
        label=_("Place"),
        choices=[("head", _("at the head of the first page")), ("foot", _("at the end, beside the funding note"))],
    )
    alt = TranslatedFormField(label=_("In words, for people who cannot see it"), required=True)


class RunForm(forms.Form):
    """Which certificates go into an issue run."""

    programme = forms.ModelChoiceField(Programme.objects.none(), label=_("Programme"), empty_label=None)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    finished_from = forms.DateField(
        label=_("Finished from"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    finished_until = forms.DateField(
        label=_("Finished until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    tells_holders = forms.BooleanField(label=_("Tell the holders by mail"), required=False, initial=True)

    def __init__(self, programmes: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = programmes  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("finished_from"), data.get("finished_until")
        if first and last and last < first:
            self.add_error("finished_until", _("This day is before the first one."))
        return data


LONG_FROM = 120
PROMISING = ("heading", "lead", "deed", "statement")


def _filled(text: dict[str, str]) -> dict[str, str]:
    return {language: words.strip() for language, words in text.items() if words.strip()}


def _initial(version: TemplateVersion) -> dict[str, Any]:
    initial: dict[str, Any] = {"layout": version.layout, "languages": version.languages}
    initial |= {slot.key: version.texts.get(slot.key, {}) for slot in SLOTS} | {"funding": version.funding_note}
    for place, one in enumerate(version.signatories, start=1):
        initial |= {f"signatory_{place}": one["name"], f"position_{place}": one["position"]}
    return initial
