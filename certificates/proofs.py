"""Data Integrity proofs `eddsa-rdfc-2022`: sign and check Open Badges and status lists.

Own code on pyld and cryptography; it gives the same bytes as the W3C test vector and Digital Bazaar's implementation.
Contexts come from an installed package and are never fetched.
"""

import hashlib
import importlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from frozendict import frozendict

Document = dict[str, Any]
SUITE = "eddsa-rdfc-2022"
BASE = "https://relative.invalid/"  # pyld would otherwise resolve relative addresses against a made-up host
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
TO_THE_SECOND = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
MOST_CONTEXTS = 2000
SOME_MOMENT = "2000-01-01T00:00:00Z"
# pyld keeps state while it canonicalises; two threads at once mix their documents.
_one_at_a_time = threading.Lock()


class NotSignable(ValueError):
    """The document has parts that a signature would silently leave out."""


class NotGenuine(Exception):
    """A proof does not hold; the message says why, in words for a log."""


def sign(
    document: Document,
    *,
    key_id: str,
    created: datetime,
    signer: Callable[[bytes], bytes],
    public_key: Callable[[str], bytes] | None = None,
) -> Document:
    """Return the document with its proof, an array of one as 1EdTech's schema wants it.

    With `public_key` (see `check`) the signature is checked before anybody gets it.
    """
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "verificationMethod": key_id,
        "proofPurpose": "assertionMethod",
    }
    digest = _digest(document, proof)
    signature = signer(digest)
    if public_key:
        _verify(signature, digest, key_id, public_key)
    return {**document, "proof": [{**proof, "proofValue": "z" + base58(signature)}]}


def check(document: Document, *, public_key: Callable[[str], bytes]) -> str:
    """Check the proof and return the key's id. `public_key` gives the 32 bytes of a key id or raises LookupError."""
    proofs = document.get("proof")
    proofs = proofs if isinstance(proofs, list) else [proofs]
    if len(proofs) != 1 or not isinstance(proofs[0], dict):
        raise NotGenuine("there is not exactly one proof")
    proof = dict(proofs[0])
    if (proof.get("type"), proof.get("cryptosuite"), proof.get("proofPurpose")) != (
        "DataIntegrityProof",
        SUITE,
        "assertionMethod",
    ):
        raise NotGenuine("the proof is of another kind")
    key_id, value = str(proof.get("verificationMethod", "")), str(proof.pop("proofValue", ""))
    unsigned = {key: part for key, part in document.items() if key != "proof"}
    try:
        _verify(from_base58(value.removeprefix("z")), _digest(unsigned, proof), key_id, public_key)
    except ValueError as error:
        raise NotGenuine(f"the signature does not fit: {type(error).__name__} {error}") from error
    return key_id


def _verify(signature: bytes, digest: bytes, key_id: str, public_key: Callable[[str], bytes]) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(public_key(key_id)).verify(signature, digest)
    except (InvalidSignature, LookupError, ValueError) as error:
        raise NotGenuine(f"the signature does not fit: {type(error).__name__} {error}") from error


def base58(data: bytes) -> str:
    """Write bytes as base58 (Bitcoin's alphabet), as multibase `z` wants them."""
    value, text = int.from_bytes(data, "big"), ""
    while value:
        value, digit = divmod(value, 58)
        text = ALPHABET[digit] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def from_base58(text: str) -> bytes:
    value = 0
    for letter in text:
        place = ALPHABET.find(letter)
        if place < 0:
            raise ValueError("not base58")
        value = value * 58 + place
    body = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return b"\0" * (len(text) - len(text.lstrip("1"))) + body


def _digest(document: Document, proof: Document) -> bytes:
    """What is signed: the canonical proof without its value, then the canonical document."""
    whole = _canonical(document)  # refuses first what is not JSON-LD at all
    return hashlib.sha256(_canonical_proof(document["@context"], proof)).digest() + hashlib.sha256(whole).digest()


def _canonical(document: Document) -> bytes:
    """The statements of a document as sorted N-Quads.

    Refuses terms that no context defines and relative addresses: pyld drops or invents them without a word.
    """
    options = {"documentLoader": _load, "base": BASE}
    dropped: list[Any] = []
    jsonld = _json_ld()
    processor = _processor()(on_property_dropped=dropped.append)
    with _one_at_a_time:
        try:
            expanded = processor.expand(document, options)
            if dropped:
                terms = ", ".join(sorted({str(term) for term in dropped}))
                raise NotSignable(f"terms that no context defines: {terms}")
            if relative := sorted(_relative(expanded)):
                raise NotSignable("relative addresses or undefined types: " + ", ".join(relative))
            as_quads = {**options, "algorithm": "URDNA2015", "format": "application/n-quads"}
            return str(processor.normalize(_Expanded(expanded), as_quads)).encode()
        except jsonld.JsonLdError as error:
            raise NotSignable(f"not JSON-LD: {error}") from error


def _canonical_proof(context: Any, proof: Document) -> bytes:
    """The same for the proof itself, of which one differs from the next only in its time."""
    created = str(proof.get("created"))
    if set(proof) != {"type", "cryptosuite", "created", "verificationMethod", "proofPurpose"} or not (
        TO_THE_SECOND.fullmatch(created)
    ):
        return _canonical({"@context": context, **proof})
    quads = _proof_at_some_moment(json.dumps({"@context": context, **proof, "created": SOME_MOMENT}))
    return quads.replace(SOME_MOMENT.encode(), created.encode())


@lru_cache(maxsize=16)
def _proof_at_some_moment(document: str) -> bytes:
    return _canonical(json.loads(document))


def _relative(node: Any) -> set[str]:
    """Every identifier and type that is not absolute after expansion."""
    if isinstance(node, list):
        return {found for part in node for found in _relative(part)}
    if not isinstance(node, dict):
        return set()
    own = {address.replace(BASE, "") for address in _addresses(node) if not _is_absolute(address)}
    return own.union(*(_relative(value) for value in node.values()))


def _addresses(node: Document) -> Iterator[str]:
    """What a node is called, and the kinds of thing that it is."""
    for name in ("@id", "@type"):
        value = node.get(name, [])
        yield from (one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str))


def _is_absolute(address: str) -> bool:
    return ":" in address and not address.startswith(BASE)


@cache
def _json_ld() -> Any:
    """pyld brings a whole HTTP client that is never used here; who only shows pages starts a second earlier without."""
    return importlib.import_module("pyld.jsonld")


class _Expanded(list[Any]):
    """A document that was expanded already."""


@cache
def _processor() -> Any:
    """pyld's algorithms, which do nothing twice here: expand a document, and work out contexts within contexts."""
    known: dict[tuple[Any, ...], tuple[Any, Any, Any]] = {}

    class Processor(_json_ld().JsonLdProcessor):  # type: ignore[misc]
        def expand(self, input_: Any, options: Any) -> Any:
            return list(input_) if isinstance(input_, _Expanded) else super().expand(input_, options)

        def _process_context(self, active_ctx: Any, local_ctx: Any, options: Any, *others: Any, **more: Any) -> Any:
            """What a term's own context makes of the present one. Both are never changed, nor is the answer."""
            work_out = super()._process_context
            if not (isinstance(active_ctx, frozendict) and isinstance(local_ctx, dict)) or "cycles" in more:
                return work_out(active_ctx, local_ctx, options, *others, **more)
            key = (id(active_ctx), id(local_ctx), others, tuple(sorted(more.items())))
            if key not in known:
                if len(known) >= MOST_CONTEXTS:
                    known.clear()
                # The two are kept with the answer, so that their places in memory are not given to others.
                known[key] = (active_ctx, local_ctx, work_out(active_ctx, local_ctx, options, *others, **more))
            return known[key][2]

    return Processor


def _load(url: str, _options: Any = None) -> Document:
    return {
        "tag": "static",  # never changes, so pyld may keep what it made of it
        "contextUrl": None,
        "documentUrl": url,
        "document": _context(url),
        "contentType": "application/ld+json",
    }


@cache
def _context(url: str) -> Document:
    contexts = importlib.import_module("openbadgeslib.ob3.contexts")  # as slow to load as pyld
    try:
        document: Document = json.loads(json.dumps(contexts.load_context(url)))
    except Exception as error:
        raise NotSignable(f"the context {url} is not one of ours") from error
    return document
