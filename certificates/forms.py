"""What people type in this room."""

import re
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from certificates.codes import read_code
from certificates.languages import printable_languages
from certificates.models import Certificate, Kind
from credpoints.common.languages import language_name
from credpoints.organisations.models import Programme

MAX_FILE = 10 * 1024 * 1024
HANDED_KINDS = (Kind.VALIDATION, Kind.UNIT, Kind.BUNDLE, Kind.MICRO_CREDENTIAL)


class CodeForm(forms.Form):
    """The code on a certificate."""

    code = forms.CharField(
        label=_("Code on the certificate"),
        help_text=_("Sixteen letters and figures in groups of four, for example K7Q2-M9XD-4TRW-8HVN."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )

    def clean_code(self) -> str:
        code = read_code(self.cleaned_data["code"])
        if not code:
            raise ValidationError(_("A code has sixteen letters and figures. Please compare it with the certificate."))
        return code


class FileForm(forms.Form):
    """A file that somebody was given."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, Open Badge (JSON or PNG) or signed token (JWT), at most 10 MB. We read it and keep nothing."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.json,.jsonld,.png,.jwt,.jws,.txt"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_FILE:
            raise ValidationError(_("This file is larger than 10 MB, so it is none of our certificates."))
        return file


class ReasonForm(forms.Form):
    """Why a step is taken."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stays in the history of the certificate; only staff read it."),
    )


class FeeForm(forms.Form):
    """How somebody knows that nothing is owed any more."""

    reason = forms.CharField(
        label=_("How do you know?"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("For example: receipt 2028-114, or free of charge by decision of the programme."),
    )


class RulesForm(forms.Form):
    """What a programme demands of its certificates."""

    needs_payment = forms.BooleanField(
        label=_("Issue only what is paid"),
        required=False,
        help_text=_(
            "Somebody of the staff confirms for each certificate that the fee is settled, and how that is known."
        ),
    )
    forbidden_words = forms.BooleanField(
        label=_("The words diploma and degree stand nowhere on the document"),
        required=False,
        help_text=_("Otherwise they are refused only where the certificate speaks about itself."),
    )
    attendance_share = forms.IntegerField(
        label=_("Presence that a confirmation of attendance needs, in per cent of the meetings"),
        min_value=1,
        max_value=100,
    )
    valid_months = forms.IntegerField(
        label=_("Validity in months"),
        required=False,
        min_value=1,
        max_value=600,
        help_text=_(
            "Counted from the day a certificate is submitted. Holders are reminded two months before the end. "
            "Empty: certificates are valid without end."
        ),
    )
    by_run = forms.BooleanField(
        label=_("Issue only in issue runs"),
        required=False,
        help_text=_("Otherwise the last approval of a single certificate issues it at once."),
    )


class LanguagesForm(forms.Form):
    """In which one or two languages a certificate is printed."""

    first = forms.ChoiceField(label=_("Language"))
    second = forms.ChoiceField(
        label=_("Second language"),
        required=False,
        help_text=_("Both stand on the first page, the first of them larger."),
    )

    def __init__(self, certificate: Certificate, *args: Any, **kwargs: Any) -> None:
        now = list(certificate.data["languages"])
        kwargs["initial"] = {"first": now[0], "second": now[1] if len(now) > 1 else ""}
        super().__init__(*args, **kwargs)
        known = [(code, language_name(code)) for code in printable_languages(certificate)]
        self.fields["first"].choices = known  # type: ignore[attr-defined]
        self.fields["second"].choices = [("", _("none")), *known]  # type: ignore[attr-defined]

    def chosen(self) -> list[str]:
        return [code for code in (self.cleaned_data["first"], self.cleaned_data["second"]) if code]


class HandedForm(forms.Form):
    """Plain data that another house hands over, and for which kind of certificate."""

    MOST_BYTES = 1_000_000
    programme = forms.ModelChoiceField(label=_("Programme"), queryset=Programme.objects.none(), empty_label=None)
    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind.value, kind.label) for kind in HANDED_KINDS])
    person = forms.EmailField(
        label=_("E-mail address of the person"),
        required=False,
        help_text=_("Only needed when the data names nobody. The person must be known in the programme."),
    )
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("JSON or a table (CSV) in UTF-8, at most 1 MB."),
        widget=forms.FileInput(attrs={"accept": ".json,.csv,.txt"}),
    )
    text = forms.CharField(
        label=_("Or paste the data here"),
        required=False,
        max_length=MOST_BYTES,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "class": "font-monospace"}),
    )

    def __init__(self, *args: Any, programmes: QuerySet[Programme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["programme"]
        field.queryset, field.initial = programmes, programmes.first()  # type: ignore[attr-defined]

    def clean_file(self) -> str:
        """The text of the file; the page shows it in the box, where it can be mended."""
        file = self.cleaned_data["file"]
        if not file:
            return ""
        if file.size > self.MOST_BYTES:
            raise ValidationError(_("This file is larger than 1 MB."))
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise ValidationError(_("This file is no text in UTF-8. Save it again as “CSV UTF-8” or JSON.")) from error

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or {})
        # Browsers send other line ends than files have; the same data has to stay the same.
        data["text"] = re.sub(r"\r\n?", "\n", data.get("file") or data.get("text", ""))
        if data.get("file"):
            self.data = {**{name: self.data.get(name) for name in self.fields}, "text": data["text"]}
        if "file" not in self.errors and not data.get("text", "").strip():
            self.add_error("text", _("Choose a file, or paste the data."))
        return data


class RevokeForm(forms.Form):
    """Two reasons: one that everybody reads, one for the file."""

    public_reason = forms.CharField(
        label=_("Reason for the public"),
        max_length=300,
        help_text=_("Everybody who checks the certificate reads this sentence. Name no person."),
    )
    internal_reason = forms.CharField(
        label=_("Reason for the file"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only staff of the programme read this."),
    )
    mail = forms.BooleanField(label=_("Tell the holder by mail"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["public_reason"].widget.attrs["autocomplete"] = "off"


class ShareForm(forms.Form):
    """For whom a link is, how long it lives, and what it shows."""

    link_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    label = forms.CharField(
        label=_("For whom is the link?"),
        max_length=100,
        help_text=_("Only you read this, for example: application at Stromwerk."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    days = forms.TypedChoiceField(
        label=_("How long does it work?"),
        coerce=int,
        initial=90,
        choices=[(7, _("one week")), (30, _("30 days")), (90, _("three months")), (365, _("one year"))],
    )
    shows_parts = forms.BooleanField(label=_("Show the modules and other parts"), required=False, initial=True)
    shows_grades = forms.BooleanField(
        label=_("Show the grades"),
        required=False,
        initial=True,
        help_text=_("Grades stand with the modules; without modules no grades are shown."),
    )


class DistrustForm(forms.Form):
    """Why a key is no longer trusted."""

    reason = forms.CharField(
        label=_("What happened?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stays in the history of the awarding body; only administrators read it."),
    )


class RevokeManyForm(RevokeForm):
    """The numbers of many certificates that are withdrawn for one reason."""

    MOST = 500
    numbers = forms.CharField(
        label=_("Numbers of the certificates"),
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        help_text=_("One in a line, or separated by spaces or commas; at most 500."),
    )
    field_order = ("numbers", "public_reason", "internal_reason", "mail")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mail"].label = _("Tell the holders by mail")

    def clean_numbers(self) -> list[str]:
        numbers = list(dict.fromkeys(re.split(r"[\s,;]+", self.cleaned_data["numbers"].strip().upper())))
        if len(numbers) > self.MOST:
            raise ValidationError(_("At most 500 at once. Please withdraw them in parts."))
        return numbers
