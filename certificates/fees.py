"""Whether a certificate waits for money.

Nobody keeps accounts here yet: the rule and the plan say that something is due, and a person of the staff confirms that
it is settled, with the reason. When the rooms below know invoices and payments, `what_is_due` is the place to ask them.
"""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from certificates.collecting import agreed_fees
from certificates.models import Certificate


def what_is_due(certificate: Certificate) -> str:
    """What has to be paid before anything is issued, in words; empty when nothing has."""
    total = agreed_fees(certificate.participation) if certificate.participation else Decimal(0)
    if total:
        return _("fees of the agreed plan: %(sum)s €") % {"sum": number_format(total, 2)}
    if certificate.programme.room_settings("certificates").get("needs_payment"):
        return _("the programme issues only what is paid")
    return ""


def is_settled(certificate: Certificate) -> bool:
    """Whether a person of the staff has confirmed it."""
    return certificate.fee_settled_at is not None
