"""Fields that the forms of a version are made of: numbers as people write them, texts with a limit, languages."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from credpoints.common.languages import language_name
from credpoints.common.templatetags.words import plain_number
from credpoints.common.translated import TextIn, TranslatedFormField

MOST_LONG, MOST_SHORT = 20_000, 250
# Languages of Europe that somebody may teach in, and the large ones of people who come; a version keeps others too.
TAUGHT = (
    "ar", "bg", "bs", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "ga", "hr", "hu", "hy", "is", "it",
    "ka", "lt", "lv", "mk", "mt", "nb", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "tr", "uk", "zh",
)  # fmt: skip


def language_choices(also: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Languages by their names in the reader's language."""
    return sorted(((code, language_name(code)) for code in {*TAUGHT, *also}), key=lambda pair: pair[1].casefold())


class NumberField(forms.DecimalField):
    """A number as people write it: 2,5 and 2.5 are the same."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(**{"required": False, "min_value": 0, "decimal_places": 2, "widget": widget, **kwargs})

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and value.count(",") == 1 and "." not in value:
            value = value.replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """Shown without needless zeros; nothing where nothing has been said yet."""
        if isinstance(value, Decimal):
            return plain_number(value) if value else ""
        return value


def tidy(texts: Any) -> TextIn:
    """Texts without empty ones, without space around them, with one kind of line end: browsers send another."""
    lines = {code: "\n".join(str(text).splitlines()).strip() for code, text in (texts or {}).items()}
    return {code: text for code, text in lines.items() if text}


class TextField(TranslatedFormField):
    """A text in several languages that ends somewhere."""

    def __init__(self, *, most: int = MOST_LONG, rows: int = 4, **kwargs: Any) -> None:
        self.most = most
        super().__init__(**{"required": False, "long": most > MOST_SHORT, **kwargs})
        for widget in self.widget.widgets if most > MOST_SHORT else []:
            widget.attrs["rows"] = rows

    def clean(self, value: Any) -> TextIn:
        return tidy(super().clean(value))

    def validate(self, value: Any) -> None:
        super().validate(value)
        counts = [len(text) for text in (value or {}).values() if len(text) > self.most]
        if counts:
            message = _("At most %(most)s characters fit here; these are %(count)s.")
            raise ValidationError(message, params={"most": self.most, "count": counts[0]})


class AddressesField(forms.CharField):
    """Addresses on the web, one per line."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 1})
        super().__init__(**{"required": False, "max_length": 5000, "widget": widget, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        for line in lines:
            if not line.startswith(("http://", "https://")) or any(c in line for c in " <>\"'"):
                raise ValidationError(gettext("“%(text)s” is no address of a web page.") % {"text": line[:100]})
        return lines
