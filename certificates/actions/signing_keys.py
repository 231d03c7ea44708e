"""New keys, and keys that nobody shall believe any more."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certificates import rules, signing
from certificates.models import (
    SigningKey,
)
from certificates.workflow import CERTIFICATE
from credpoints.accounts.models import User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.organisations.models import Organisation
from credpoints.workflow import NoLongerPossible, NotAllowed

describe(
    {
        "signing_key.rotated": gettext_lazy("New signing key %(fragment)s"),
        "signing_key.compromised": gettext_lazy("Signing key %(fragment)s no longer trusted"),
    }
)


def rotate_key(*, issuer: Organisation, algorithm: str, by: User) -> SigningKey:
    """Sign with a new key from now on; what the old one has signed stays valid."""
    if not rules.may_manage_keys(by, issuer.pk):
        raise NotAllowed(CERTIFICATE.steps["number"])
    with transaction.atomic():
        key = signing.register_new_key(issuer, algorithm, now=timezone.now(), retire=True)
        audit.record("signing_key.rotated", issuer, by=by, fragment=key.fragment)
    return key


def distrust_key(*, key: SigningKey, by: User, reason: str) -> int:
    """Believe nothing this key has signed: drop it, make a new one, and sign its credentials anew. Returns how many."""
    if not rules.may_manage_keys(by, key.issuer_id):
        raise NotAllowed(CERTIFICATE.steps["number"])
    with transaction.atomic():
        locked = SigningKey.objects.select_for_update(of=("self",)).select_related("issuer").get(pk=key.pk)
        if locked.compromised_at:
            raise NoLongerPossible(_("This key is not trusted any more already."))
        locked.compromised_at, locked.reason = timezone.now(), reason
        locked.save(update_fields=["compromised_at", "reason"])
        signing.register_new_key(locked.issuer, locked.algorithm, now=timezone.now())
        audit.record("signing_key.compromised", locked.issuer, by=by, fragment=locked.fragment, reason=reason)
        return signing.publish_all_lists(locked.issuer)
