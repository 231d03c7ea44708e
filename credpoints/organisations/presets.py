"""Five ways to begin: what a new programme of each kind switches on.

The five kinds are those of the requirements: an individual programme for people with foreign degrees, a network's
micro-credentials, a joint catalogue of partners, vocational units of learning outcomes, and paid short programmes.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from credpoints.organisations.models import Stage


@dataclass(frozen=True)
class Preset:
    """The starting values of one kind of programme; every one of them can be changed afterwards."""

    key: str
    label: str | Promise
    stages: tuple[Stage, ...]
    languages: tuple[str, ...]
    hours_per_credit: Decimal = Decimal(30)
    certificate_approvals: int = 1
    settings: dict[str, Any] = field(default_factory=dict)


_LEARNING = (Stage.LEARNING, Stage.PORTFOLIO, Stage.CERTIFICATE)

PRESETS: dict[str, Preset] = {
    preset.key: preset
    for preset in (
        Preset(
            "credit_points",
            _("Individual qualification with consultation and plan"),
            tuple(Stage),
            ("de", "en"),
            certificate_approvals=2,
            settings={"planning": {"mentoring_each_term": True, "practice_phases": 1}},
        ),
        Preset(
            "network",
            _("Micro-credentials of a network, bundled and recombined"),
            _LEARNING,
            ("en", "de"),
            hours_per_credit=Decimal(25),
        ),
        Preset(
            "partner_catalogue",
            _("Joint online catalogue with partner universities"),
            (Stage.APPLICATION, Stage.PLAN, *_LEARNING),
            ("de", "en"),
            # A learning agreement: the student signs, then the home university, then the host.
            settings={"planning": {"parties": ["participant", "home", "host"], "signing_order": "fixed"}},
        ),
        Preset(
            "vocational",
            _("Vocational units of learning outcomes, with validation"),
            (Stage.APPLICATION, Stage.CONSULTATION, *_LEARNING),
            ("en", "de"),
            certificate_approvals=2,
            settings={"modules": {"needs_market_evidence": True, "credit_framework": "ECVET"}},
        ),
        Preset(
            "short_programme",
            _("Paid short programmes at academic level"),
            (Stage.LEARNING, Stage.CERTIFICATE),
            ("en", "de"),
            settings={
                "modules": {"grading_scheme": "0-20"},
                "certificates": {"forbidden_words": True, "needs_payment": True},
            },
        ),
    )
}
