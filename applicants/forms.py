"""Forms of this room that are not the survey itself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applicants.models import CommentVisibility, DecisionKind, Recommendation
from credpoints.accounts.models import User
from credpoints.common.translated import TranslatedFormField


class LogoForm(forms.Form):
    """A logo of the public page, with its words for people who cannot see it."""

    file = forms.FileField(
        label=_("Logo"),
        help_text=_("PNG, JPEG or SVG, at most 2 MB."),
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg,.svg"}),
    )
    alt = TranslatedFormField(label=_("In words, for people who cannot see it"), required=True)


class BeginForm(forms.Form):
    """The e-mail address, and a field that only machines see."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("You get a link there, so that you can continue at any time and on any device."),
    )
    website = forms.CharField(
        label=_("Please leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def is_from_a_machine(self) -> bool:
        return bool(self.data.get("website"))


class CodeForm(forms.Form):
    """The code of the mail."""

    code = forms.CharField(
        label=_("Code from the mail"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class ReasonForm(forms.Form):
    """A reason that stays readable."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}))


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Would you like to tell us why? (optional)"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class DecisionForm(forms.Form):
    """A decision with its letter, which can be edited before it goes out."""

    reason = forms.CharField(
        label=_("Reason for the applicant"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    subject = forms.CharField(label=_("Subject of the mail"), max_length=300)
    body = forms.CharField(label=_("Text of the mail"), widget=forms.Textarea(attrs={"rows": 14}))
    mails = forms.BooleanField(label=_("Send this mail"), required=False, initial=True)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        if kind == DecisionKind.REJECT:
            self.fields["reason"].required = True
        else:
            del self.fields["reason"]


class OpinionRequestForm(forms.Form):
    """Whom to ask, and about what."""

    colleague_pk = forms.ChoiceField(label=_("Colleague"))
    question = forms.CharField(
        label=_("Your question (optional)"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, colleagues: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.colleagues = {str(user.pk): user for user in colleagues}
        chooser = self.fields["colleague_pk"]
        if isinstance(chooser, forms.ChoiceField):
            chooser.choices = [("", "–"), *((pk, user.name) for pk, user in self.colleagues.items())]

    def colleague(self) -> User:
        return self.colleagues[self.cleaned_data["colleague_pk"]]


class OpinionForm(forms.Form):
    """A colleague's opinion."""

    recommendation = forms.ChoiceField(label=_("Your recommendation"), choices=[("", "–"), *Recommendation.choices])
    text = forms.CharField(label=_("Your reasons"), widget=forms.Textarea(attrs={"rows": 4}))


class AskForm(forms.Form):
    """What is missing, on which answers, until when."""

    text = forms.CharField(label=_("What is missing, in words"), widget=forms.Textarea(attrs={"rows": 4}))
    due_on = forms.DateField(
        label=_("Please answer by"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class CommentForm(forms.Form):
    text = forms.CharField(label=_("Comment"), widget=forms.Textarea(attrs={"rows": 3}))
    visibility = forms.ChoiceField(label=_("Who reads it?"), choices=CommentVisibility.choices)
