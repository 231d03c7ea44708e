"""The keys of each awarding body at work: which one signs today, whom the world may believe, and the status lists."""

import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from certificates import keys, proofs, status_list
from certificates.credentials import Document, status_list_address
from certificates.keys import ED25519, P256, FileSigner, KeyUnavailable, Signer
from certificates.models import Certificate, CertificateQuerySet, SigningKey, State, StatusEntry, StatusList
from credpoints.common.tokens import content_hash
from credpoints.organisations.models import Organisation


def active_key(issuer: Organisation, algorithm: str) -> SigningKey:
    """The key that signs today. Outside production it is made on the first run."""
    key = _active(issuer, algorithm)
    if key:
        return key
    if settings.PRODUCTION:
        raise KeyUnavailable(
            f"{issuer.slug} has no {algorithm} key: run manage.py make_signing_key {issuer.slug} and publish it first"
        )
    return register_new_key(issuer, algorithm, now=timezone.now())


def register_new_key(issuer: Organisation, algorithm: str, *, now: datetime, retire: bool = False) -> SigningKey:
    """Make a key file and register its public part; with `retire` it follows upon the active one."""
    with transaction.atomic():
        # The issuer's row makes two first runs wait for each other.
        Organisation.objects.select_for_update().get(pk=issuer.pk)
        present = _active(issuer, algorithm)
        if present and not retire:
            return present
        if present:
            present.retired_at = now
            present.save(update_fields=["retired_at"])
        fragment = _next_fragment(issuer, algorithm, now.year)
        private = keys.make_key(keys.key_path(issuer.slug, fragment), algorithm)
        return SigningKey.objects.create(
            issuer=issuer,
            fragment=fragment,
            algorithm=algorithm,
            public=keys.public_text(private),
            published_at=now,
        )


def signer_for(key: SigningKey) -> Signer:
    """The private part behind a registered key, after checking that both belong together."""
    signer = FileSigner(key.key_id, keys.key_path(key.issuer.slug, key.fragment))
    if keys.public_text(signer.private) != key.public:
        raise KeyUnavailable(f"the file of {key.key_id} holds another key than the register")
    return signer


def did_document(issuer: Organisation) -> dict[str, Any]:
    """What strangers read at /issuers/SLUG/did.json."""
    did = keys.did_of(issuer.slug)
    known = list(SigningKey.objects.filter(issuer=issuer).select_related("issuer"))
    methods = [keys.method(did, key.fragment, key.algorithm, key.public) for key in known]
    return keys.did_document(did, methods, [key.key_id for key in known if key.is_trusted])


def trusted_key(key_id: str, algorithm: str) -> SigningKey:
    """The registered key of this id whose signatures count; LookupError tells why there is none."""
    did, _sharp, fragment = key_id.partition("#")
    slug = did.rpartition(":")[2]
    key = SigningKey.objects.select_related("issuer").filter(issuer__slug=slug, fragment=fragment).first()
    if key is None or key.key_id != key_id or key.algorithm != algorithm:
        raise LookupError("this key is not ours")
    if not key.is_trusted:
        raise LookupError("this key is no longer trusted")
    return key


def signed_with(key: SigningKey) -> CertificateQuerySet:
    """The published certificates that carry a signature of this key."""
    return Certificate.objects.published().filter(_carries(key), programme__organisation=key.issuer)


def counts_by_key(known: list[SigningKey]) -> dict[int, int]:
    """How many valid certificates carry a signature of each key, by the key's number (one query)."""
    valid = Certificate.objects.filter(state=State.ISSUED, programme__organisation__in={key.issuer_id for key in known})
    return {
        int(name.removeprefix("key_")): count
        for name, count in valid.aggregate(
            **{f"key_{key.pk}": Count("pk", filter=_carries(key)) for key in known}
        ).items()
    }


def is_believed(certificate: Certificate) -> bool:
    """Whether no key that has signed this certificate was withdrawn."""
    withdrawn = SigningKey.objects.filter(
        issuer=certificate.programme.organisation, compromised_at__isnull=False
    ).select_related("issuer")
    texts = {ED25519: certificate.credential, P256: certificate.jwt}
    return not any(_mark(key) in texts[key.algorithm] for key in withdrawn)


def _carries(key: SigningKey) -> Q:
    if key.algorithm == P256:
        return Q(jwt__startswith=_mark(key))
    return Q(credential__contains=_mark(key))


def _mark(key: SigningKey) -> str:
    """What stands in everything that this key has signed."""
    return f"{keys.jwt_head(key.key_id)}." if key.algorithm == P256 else json.dumps(key.key_id)


def public_key(key_id: str) -> bytes:
    """The 32 bytes of a trusted Ed25519 key, for whoever checks a proof; LookupError tells why there is none."""
    return keys.raw_ed25519(trusted_key(key_id, ED25519).public)


def sign_both(document: Document, claims: Document, issuer: Organisation, *, created: datetime) -> tuple[Document, str]:
    """The credential with its proof, checked once more before anybody gets it, and the same as a JWT (one query)."""
    active = SigningKey.objects.filter(issuer=issuer, retired_at=None, compromised_at=None)
    found = {key.algorithm: key for key in active}
    for key in found.values():
        key.issuer = issuer
    for_proof, for_jwt = (found.get(algorithm) or active_key(issuer, algorithm) for algorithm in (ED25519, P256))
    registered = keys.raw_ed25519(for_proof.public)
    signed = proofs.sign(
        document,
        key_id=for_proof.key_id,
        created=created,
        signer=signer_for(for_proof).sign,
        public_key=lambda _key_id: registered,
    )
    return signed, keys.jwt_es256(claims, signer_for(for_jwt))


def take_status_entry(issuer: Organisation, now: datetime) -> StatusEntry:
    """Give a random place that nobody had before, in the issuer's youngest list that still has room."""
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=issuer.pk)
        current = StatusList.objects.filter(issuer=issuer).order_by("number").last()
        if current is None or current.entries.count() >= status_list.FULL_AT:
            current = StatusList.objects.create(issuer=issuer, number=current.number + 1 if current else 1)
            publish_status_list(current, now)
        index = status_list.random_index()
        while current.entries.filter(index=index).exists():
            index = status_list.random_index()
        return StatusEntry.objects.create(status_list=current, index=index)


def withdraw_entries(entries: list[StatusEntry], now: datetime) -> None:
    """Set the bits and sign each list once, in the transaction of the withdrawal."""
    lists = StatusList.objects.select_for_update(of=("self",)).select_related("issuer")
    for one in lists.filter(pk__in={entry.status_list_id for entry in entries}).order_by("pk"):
        places = [entry.pk for entry in entries if entry.status_list_id == one.pk]
        StatusEntry.objects.filter(pk__in=places, withdrawn_at=None).update(withdrawn_at=now)
        publish_status_list(one, now)


def publish_status_list(one: StatusList, now: datetime) -> None:
    """Sign the list as it is now and store what will be served."""
    address = status_list_address(keys.credentials_base(), one.issuer.slug, one.number)
    withdrawn = one.entries.filter(withdrawn_at__isnull=False).values_list("index", flat=True)
    unsigned = status_list.document(address, did=keys.did_of(one.issuer.slug), withdrawn=withdrawn, now=now)
    signer = signer_for(active_key(one.issuer, ED25519))
    signed = proofs.sign(unsigned, key_id=signer.key_id, created=now, signer=signer.sign)
    one.document = json.dumps(signed, ensure_ascii=False, indent=1)
    one.etag, one.signed_at = content_hash(one.document), now
    one.save(update_fields=["document", "etag", "signed_at"])


def is_sound(one: StatusList) -> bool:
    """Whether the published list is signed by a key of ours and says exactly what the register says."""
    try:
        document = json.loads(one.document)
        proofs.check(document, public_key=public_key)
        encoded = document["credentialSubject"]["encodedList"]
        withdrawn = one.entries.filter(withdrawn_at__isnull=False).values_list("index", flat=True)
        return bool(status_list.same(encoded, withdrawn))
    except (ValueError, KeyError, TypeError, proofs.NotGenuine):
        return False


def _active(issuer: Organisation, algorithm: str) -> SigningKey | None:
    active = SigningKey.objects.select_related("issuer")
    return active.filter(issuer=issuer, algorithm=algorithm, retired_at=None, compromised_at=None).first()


def _next_fragment(issuer: Organisation, algorithm: str, year: int) -> str:
    """key-2026-1, key-2026-2 …: never the key itself, and never used again."""
    taken = set(SigningKey.objects.filter(issuer=issuer).values_list("fragment", flat=True))
    ending = "" if algorithm == ED25519 else "-es256"
    place = 1
    while f"key-{year}-{place}{ending}" in taken:
        place += 1
    return f"key-{year}-{place}{ending}"


def publish_all_lists(issuer: Organisation) -> int:
    """Sign every status list of an issuer anew, because its former key is no longer believed. Returns how many."""
    lists = list(StatusList.objects.select_for_update(of=("self",)).select_related("issuer").filter(issuer=issuer))
    for one in lists:
        publish_status_list(one, timezone.now())
    return len(lists)
