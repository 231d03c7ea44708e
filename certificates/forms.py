"""What people type in this room."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from certificates.codes import read_code

MAX_FILE = 10 * 1024 * 1024


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
