"""Forms of portfolios."""

import uuid
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from credpoints.common.numbers import whole_number
from portfolios.models import Entry, EntryKind, EntryState, Page, Portfolio

# What people write themselves; proven entries come from results and certificates.
OWN_KINDS = [kind for kind in EntryKind if kind != EntryKind.CREDENTIAL]
WRITING_LANGUAGES = [
    ("de", _("German")), ("en", _("English")), ("ar", _("Arabic")), ("fa", _("Persian")), ("fr", _("French")),
    ("ru", _("Russian")), ("es", _("Spanish")), ("tr", _("Turkish")), ("uk", _("Ukrainian")),
]  # fmt: skip


class EntryForm(forms.ModelForm[Entry]):
    """An own text."""

    language = forms.ChoiceField(
        label=_("Language of the text"),
        choices=WRITING_LANGUAGES,
        help_text=_("German helps most in applications here; mentors give feedback on it."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind.value, kind.label) for kind in OWN_KINDS])
    seen_edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    class Meta:
        model = Entry
        fields = ("kind", "title", "occurred_on", "language", "body")
        labels = {"title": _("Title"), "occurred_on": _("Date"), "body": _("Text")}
        help_texts = {"body": _("**bold**, *italic*, lines that begin with “- ” make a list.")}
        widgets = {
            "occurred_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "body": forms.Textarea(attrs={"rows": 14}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entry: Entry = self.instance
        if entry.pk:
            self.initial["seen_edition"] = entry.edition
        self.fields["title"].required = True

    def allow_untitled(self) -> None:
        """While somebody still writes, a missing title keeps nothing from being kept: the one before stays."""
        self.fields["title"].required = False

    def clean_title(self) -> str:
        return str(self.cleaned_data["title"]) or self.instance.title

    def clean_body(self) -> str:
        """Browsers send their own line ends; one kind makes passages findable."""
        return str(self.cleaned_data["body"]).replace("\r\n", "\n")

    def clean_occurred_on(self) -> date:
        day: date | None = self.cleaned_data["occurred_on"]
        return day or timezone.localdate()


class NewEntryForm(EntryForm):
    """The first text of an entry, which has its name before it is kept: sending it twice makes one entry."""

    entry_uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entry_uuid"].initial = uuid.uuid4


class EvidenceForm(forms.Form):
    """A file for an entry and what can be seen in it."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, JPEG or PNG, at most 10 MB. Photos may tell where they were taken."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
    )
    caption = forms.CharField(
        label=_("What does it show?"), max_length=200, required=False, help_text=_("One sentence; it is read out too.")
    )


class EntryFilterForm(forms.Form):
    """Which of the own entries somebody looks for; the address keeps it."""

    q = forms.CharField(label=_("Words"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("all")), *EntryKind.choices])
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("all")), *EntryState.choices])

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.full_clean()

    @property
    def is_used(self) -> bool:
        return any(self.cleaned_data.values())

    @property
    def choices(self) -> list[forms.BoundField]:
        return [self["kind"], self["state"]]

    def finds(self, entry: Entry) -> bool:
        """Every word stands somewhere in title or text, in capitals or not (databases disagree about Ü and ü)."""
        wanted = self.cleaned_data
        text = f"{entry.title} {entry.body}".casefold()
        return (
            all(word in text for word in wanted.get("q", "").casefold().split())
            and wanted.get("kind", "") in {"", entry.kind}
            and wanted.get("state", "") in {"", entry.state}
        )


class AboutForm(forms.ModelForm[Portfolio]):
    """The words about oneself."""

    class Meta:
        model = Portfolio
        fields = ("about", "language")
        labels = {"about": _("About me"), "language": _("Language of the text")}
        widgets = {"about": forms.Textarea(attrs={"rows": 6})}


class PageForm(forms.ModelForm[Page]):
    """A page and the entries on it, ordered by the number beside each."""

    class Meta:
        model = Page
        fields = ("title", "language", "introduction")
        labels = {"title": _("Title"), "language": _("Language of the page"), "introduction": _("Introduction")}
        help_texts = {"title": _("For example “Application as an electrical engineer”.")}
        widgets = {"introduction": forms.Textarea(attrs={"rows": 4})}

    def __init__(
        self, *args: Any, entries: list[Entry], chosen: list[int], typed: dict[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.typed = typed
        self.entries = {entry.pk: entry for entry in entries}
        self.places = self._places(chosen)

    def _places(self, chosen: list[int]) -> dict[int, str]:
        """The number beside each entry: what was typed, else its place on the page, else empty."""
        typed = self.data if self.is_bound else self.typed
        if typed:
            return {pk: str(typed.get(f"place-{pk}", "")).strip() for pk in self.entries}
        return {pk: str(chosen.index(pk) + 1) if pk in chosen else "" for pk in self.entries}

    @property
    def rows(self) -> list[tuple[Entry, str]]:
        return [(entry, self.places[pk]) for pk, entry in self.entries.items()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        wrong = [text for text in self.places.values() if text and whole_number(text) is None]
        if wrong:
            raise ValidationError(gettext("The places of the entries are whole numbers: 1, 2, 3 …"))
        if not any(self.places.values()):
            raise ValidationError(gettext("Choose at least one entry: write a number beside it."))
        return data

    @property
    def chosen(self) -> list[Entry]:
        """The entries with a number, in the order of the numbers."""
        numbered = [(int(text), pk) for pk, text in self.places.items() if text]
        return [self.entries[pk] for _number, pk in sorted(numbered)]


class ShareForm(forms.Form):
    """A new link."""

    label = forms.CharField(
        label=_("For whom is the link?"), max_length=100, help_text=_("Only you see this, for example “Stromwerk”.")
    )
    days = forms.TypedChoiceField(
        label=_("How long does it work?"),
        coerce=int,
        choices=[(14, _("14 days")), (30, _("30 days")), (60, _("60 days")), (180, _("180 days"))],
        initial=60,
    )
    share_uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["share_uuid"].initial = uuid.uuid4


class SuggestionForm(forms.Form):
    """Better words for one passage."""

    original = forms.CharField(
        label=_("Passage"),
        max_length=1000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Copy it exactly from the text."),
    )
    proposal = forms.CharField(
        label=_("Better"), max_length=1000, required=False, strip=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    comment = forms.CharField(label=_("Why (optional)"), max_length=500, required=False)
