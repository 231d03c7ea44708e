"""Forms of the administrator's pages."""

from datetime import datetime
from typing import Any, TypeAlias

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext_lazy as _

from credpoints.accounts.models import Role
from credpoints.common.translated import TranslatedFormField, text_in
from credpoints.organisations.actions import settings_fingerprint
from credpoints.organisations.models import Organisation, Programme, Stage, Term
from credpoints.organisations.presets import PRESETS


class ProgrammeForm(forms.ModelForm[Programme]):
    """What the public page says, when one can apply, and the rules every room shares."""

    title = TranslatedFormField(label=_("Title"))
    aim = TranslatedFormField(label=_("Aim"), long=True, required=False)
    eligibility_text = TranslatedFormField(label=_("Eligibility in plain words"), long=True, required=False)
    funding_note = TranslatedFormField(label=_("Funding note"), long=True, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)  # the fingerprint of what the form began from
    stages = forms.MultipleChoiceField(
        label=_("Stations of the path"), choices=Stage.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Programme
        fields = [
            "title", "aim", "eligibility_text", "funding_note", "stages", "places", "applications_open_at",
            "applications_close_at", "answer_within_days", "hours_per_credit", "certificate_approvals",
            "contact_email", "contact_phone",
        ]  # fmt: skip
        labels = {
            "places": _("Places"),
            "applications_open_at": _("Applications open"),
            "applications_close_at": _("Applications close"),
            "answer_within_days": _("Days until applicants hear from us"),
            "hours_per_credit": _("Hours per ECTS credit"),
            "certificate_approvals": _("People who approve a certificate"),
            "contact_email": _("Contact e-mail"),
            "contact_phone": _("Contact telephone"),
        }
        help_texts = {
            "places": _("Leave empty for no limit. Acceptances above it go to the waiting list."),
            "hours_per_credit": _("25 to 30 hours are usual in Europe."),
        }
        widgets = {
            "applications_open_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            "applications_close_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = _("Time of the programme's place: %(zone)s.") % {"zone": self.instance.time_zone}
        for name in ("applications_open_at", "applications_close_at"):
            self.fields[name].help_text = zone
        self.fields["seen"].initial = settings_fingerprint(self.instance, self.Meta.fields)

    def facts(self) -> dict[str, Any]:
        """What is saved of the form."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def differences(self, saved: Programme) -> list[tuple[str, str]]:
        """What somebody else has saved otherwise: the field's label and the other text."""
        pairs = [(name, getattr(saved, name)) for name in self.Meta.fields]
        other = [(name, value) for name, value in pairs if value != self.cleaned_data[name]]
        return [(str(self.fields[name].label), _in_words(value)) for name, value in other]


def _in_words(value: Any) -> str:
    if isinstance(value, dict):
        return text_in(value)
    if isinstance(value, list):
        return ", ".join(str(Stage(one).label) for one in value)
    return str(localize(timezone.localtime(value) if isinstance(value, datetime) else value))


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class TermForm(forms.ModelForm[Term]):
    """One semester."""

    class Meta:
        model = Term
        fields = ["code", "starts_on", "ends_on", "teaching_weeks"]
        labels = {
            "code": _("Term"),
            "starts_on": _("First day"),
            "ends_on": _("Last day"),
            "teaching_weeks": _("Teaching weeks"),
        }
        widgets = {"starts_on": _day(), "ends_on": _day()}


TermForms: TypeAlias = "forms.BaseInlineFormSet[Term, Programme, TermForm]"
TermFormSet = forms.inlineformset_factory(Programme, Term, form=TermForm, extra=1, can_delete=False)


class NewProgrammeForm(forms.Form):
    """The few facts that a programme begins with."""

    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())
    preset = forms.ChoiceField(
        label=_("Kind of programme"),
        choices=[(key, preset.label) for key, preset in PRESETS.items()],
        widget=forms.RadioSelect,
    )
    slug = forms.SlugField(label=_("Short name in the address"), max_length=50)
    title = TranslatedFormField(label=_("Title"))

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        field.queryset = organisations

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"])
        if slug == "new":  # the address of this very page
            raise forms.ValidationError(_("This name is taken by a page of ours. Choose another one."))
        if Programme.objects.filter(slug=slug).exists():
            raise forms.ValidationError(_("Another programme has this address already."))
        return slug


class ColleagueForm(forms.Form):
    """Whom to let in, and as what."""

    email = forms.EmailField(label=_("E-mail address"))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
