"""Forms of the catalogue, of enrolments and of results."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from modules.grading import NotOnTheScale, Scheme, possible_values, read_value, scheme_of
from modules.models import Result


class ReasonForm(forms.Form):
    """A step that needs a reason."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class OptionalReasonForm(forms.Form):
    """A step that may have a reason."""

    reason = forms.CharField(
        label=_("Reason (optional)"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class GradeField(forms.CharField):
    """A grade as people write it: 1,7 or 1.7; knows its scale."""

    def __init__(self, scheme: Scheme, **kwargs: Any) -> None:
        self.scheme = scheme
        kwargs.setdefault("label", _("Grade"))
        kwargs.setdefault("help_text", possible_values(scheme))
        super().__init__(max_length=10, **kwargs)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        try:
            return read_value(text, self.scheme)
        except NotOnTheScale as refusal:
            raise ValidationError(str(refusal)) from None


class _Marking(forms.Form):
    """Grade or passed, as the scale wants it."""

    value: forms.Field
    passed: forms.Field

    def __init__(self, *args: Any, scheme: Scheme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if scheme.is_graded:
            self.fields["value"] = GradeField(scheme)
        else:
            self.fields["passed"] = forms.TypedChoiceField(
                label=_("Result"),
                choices=[("yes", _("passed")), ("no", _("not passed"))],
                coerce=lambda text: text == "yes",
                widget=forms.RadioSelect,
            )

    @property
    def marking(self) -> dict[str, Any]:
        """What the actions want: the value and whether it is passed."""
        return {"value": self.cleaned_data.get("value"), "passed": self.cleaned_data.get("passed")}


class ResultForm(_Marking):
    """Enter the result of an attempt."""

    examined_on = forms.DateField(label=_("Date of the examination"), widget=forms.DateInput(attrs={"type": "date"}))
    comment = forms.CharField(label=_("Remark (optional)"), max_length=500, required=False)
    attempt = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    seen_edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    field_order = ("value", "passed", "examined_on", "comment")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(self.field_order)

    def clean_examined_on(self) -> date:
        day: date = self.cleaned_data["examined_on"]
        if day > timezone.localdate():
            raise ValidationError(gettext("This day has not come yet."))
        return day


class CorrectionForm(_Marking):
    """Correct a final result."""

    reason = forms.CharField(
        label=_("Reason of the correction"),
        help_text=_("The person reads it in the mail, and it stays in the history."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def result_form(result: Result | None, attempt: int, scheme_key: str, data: Any = None) -> ResultForm:
    """The form for an attempt, filled with what has been entered before."""
    initial: dict[str, Any] = {"attempt": attempt, "seen_edition": 0, "examined_on": timezone.localdate()}
    if result:
        initial |= {
            "seen_edition": result.edition,
            "examined_on": result.examined_on,
            "comment": result.comment,
            "value": result.grade,
            "passed": "yes" if result.passed else "no",
        }
    return ResultForm(data, scheme=scheme_of(scheme_key), initial=initial)
