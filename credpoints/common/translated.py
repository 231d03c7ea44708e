"""Texts that programmes write in several languages: stored as {"de": "…", "en": "…"}."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from credpoints.common.languages import language_name

TextIn = dict[str, str]


def text_in(value: Any, language: str | None = None) -> str:
    """Return the text in this language (default: the reader's), else in English, German, or whichever there is."""
    if not isinstance(value, dict):
        return str(value or "")
    wanted = language or get_language() or settings.LANGUAGE_CODE
    for choice in (wanted, wanted.split("-")[0], "en", "de"):
        if value.get(choice):
            return str(value[choice])
    return next((str(text) for text in value.values() if text), "")


def missing_languages(value: TextIn, languages: list[str]) -> list[str]:
    """Return the languages that this text has not been translated into yet."""
    return [language for language in languages if not str(value.get(language, "")).strip()]


def check_translated(value: Any) -> None:
    """Refuse anything but a flat dictionary of language code to text."""
    if not isinstance(value, dict) or not all(isinstance(k, str) and isinstance(v, str) for k, v in value.items()):
        raise ValidationError(_("A text in several languages is a table of language code and text."))


class TranslatedField(models.JSONField):
    """A text in several languages; read it with `text_in(value)` or `{{ value|tr }}`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)
        self.validators = [check_translated]

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": TranslatedFormField, "encoder": None, "decoder": None, **kwargs})


class TranslatedWidget(forms.MultiWidget):
    """One line or box per language, each labelled with its language."""

    template_name = "components/translated_widget.html"

    def __init__(self, long: bool = False, languages: list[str] | None = None) -> None:
        self.languages = languages or [code for code, _name in settings.LANGUAGES]
        widget = forms.Textarea if long else forms.TextInput
        attrs = {"rows": 4} if long else {}
        widgets: dict[str, forms.Widget | type[forms.Widget]] = {
            code: widget(attrs={**attrs, "lang": code, "class": "form-control"}) for code in self.languages
        }
        super().__init__(widgets)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        for code, line in zip(self.languages, context["widget"]["subwidgets"], strict=True):
            line["language_name"] = language_name(code)
        return context

    def decompress(self, value: Any) -> list[str]:
        return [(value or {}).get(language, "") for language in self.languages]


class TranslatedFormField(forms.MultiValueField):
    """Reads one text per language into a dictionary; at least one language when required."""

    def __init__(self, *, long: bool = False, languages: list[str] | None = None, **kwargs: Any) -> None:
        for ignored in ("encoder", "decoder", "max_length"):
            kwargs.pop(ignored, None)
        kwargs.pop("widget", None)
        widget = TranslatedWidget(long=long, languages=languages)
        self.languages = widget.languages
        fields = [forms.CharField(required=False) for _language in self.languages]
        super().__init__(fields=fields, widget=widget, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[str]) -> TextIn:
        return {language: text for language, text in zip(self.languages, data_list, strict=False) if text}
