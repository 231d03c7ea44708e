"""Forms of the profile page."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from credpoints.accounts.models import Person, User

COMMON_ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))


class NameForm(forms.ModelForm[Person]):
    """How a person is called, here and on certificates."""

    class Meta:
        model = Person
        fields = ["given_name", "family_name", "native_name", "name_on_certificate"]
        help_texts = {
            "native_name": _("For example: رنا الخطيب"),
            "name_on_certificate": _("Leave empty to print given and family name. Issued certificates do not change."),
        }


class PreferencesForm(forms.ModelForm[User]):
    """Language and time zone of pages and mails."""

    class Meta:
        model = User
        fields = ["language", "time_zone"]
        help_texts = {"time_zone": _("Moments are shown in this zone, beside the zone of the place.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("Time zone"), choices=[(zone, zone.replace("_", " ")) for zone in COMMON_ZONES]
        )
