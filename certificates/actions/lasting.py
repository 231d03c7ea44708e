"""Tell people in good time that the seal or a signing key comes to its end."""

import logging

from django.db import transaction
from django.utils import timezone

from certificates import lasting_queries, sealing
from certificates.models import SealCertificate, SigningKey
from credpoints.outbox import actions as outbox

log = logging.getLogger(__name__)


def warn_before_the_end() -> None:
    """Look at what seals and signs here, and mail those who can act: once for each warning, however often this runs."""
    note_the_seal()
    _warn_of_the_seal()
    _warn_of_keys()


def note_the_seal() -> None:
    """Write down which certificate seals here; pages ask this row and leave files and tokens to the workers."""
    try:
        present = sealing.present_seal()
    except sealing.CannotSeal:
        log.exception("the seal cannot be looked at")
        return
    with transaction.atomic():
        former = SealCertificate.objects.filter(in_use=True)
        former.exclude(fingerprint=present.fingerprint if present else "").update(in_use=False)
        if present:
            SealCertificate.objects.update_or_create(
                fingerprint=present.fingerprint,
                defaults={"name": present.name, "ends_at": present.ends_at, "in_use": True},
            )


def _warn_of_the_seal() -> None:
    """The seal is one for the whole installation, so the keepers of every awarding body hear of it."""
    seal = lasting_queries.seal_in_use()
    lasting = seal.lasting(timezone.now()) if seal else None
    if seal is None or lasting is None or lasting.warning is None:
        return
    issuers = SigningKey.objects.values_list("issuer", flat=True).distinct()
    for keeper in lasting_queries.keepers_of_keys(list(issuers)):
        key = f"certificates.seal_ends:{seal.fingerprint}:{lasting.warning}:{keeper.pk}"
        outbox.queue("certificates/email/seal_ends", to=keeper, key=key, seal=seal, lasting=lasting)


def _warn_of_keys() -> None:
    for due in lasting_queries.keys_to_follow(SigningKey.objects.all(), timezone.now()):
        for keeper in lasting_queries.keepers_of_keys([due.issuer.pk]):
            key = f"certificates.keys_grow_old:{due.issuer.pk}:{due.made_on}:{due.lasting.warning}:{keeper.pk}"
            outbox.queue("certificates/email/keys_grow_old", to=keeper, key=key, due=due)
