"""The pure part: what is signed, how, and the list that withdraws it."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openbadgeslib
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from openbadgeslib.ob3.contexts import load_context
from pyld import jsonld

from certificates import checking, codes, credentials, keys, proofs, status_list
from certificates.content import elements, hash_of, missing_elements, total
from certificates.keys import FileSigner
from tests.certificates import samples

BASE = "https://certs.example.org"
DID = "did:web:certs.example.org:issuers:bht"
NOW = datetime(2026, 7, 28, 10, tzinfo=UTC)
SMALL: dict[str, Any] = {
    "items": samples.ITEMS[:1],
    "languages": ["en"],
    "valid_until": "2030-12-31",
    "quality": "",
    "level": None,
}
# Whoever changes a context changes what every signature covers.
CONTEXTS = {
    "https://www.w3.org/ns/credentials/v2": "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": (
        "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84"
    ),
}


@pytest.fixture
def signer(tmp_path: Path) -> FileSigner:
    path = tmp_path / "bht" / "key-2026-1.pem"
    keys.make_key(path, keys.ED25519)
    return FileSigner(f"{DID}#key-2026-1", path)


def unsigned() -> dict:
    return credentials.credential(samples.content(), samples.issuance(), base=BASE, did=DID)


def public(signer: FileSigner):
    return lambda _key_id: keys.raw_ed25519(keys.public_text(signer.private))


@pytest.mark.parametrize("url", CONTEXTS)
def test_contexts_are_the_ones_that_were_read(url: str) -> None:
    package = Path(openbadgeslib.__file__).parent
    files = {hashlib.sha256(file.read_bytes()).hexdigest() for file in package.rglob("*.json")}

    assert CONTEXTS[url] in files
    assert load_context(url)


def test_foreign_signatures_are_read_like_everybody_reads_them(shared: Path) -> None:
    examples = shared / "verify" / "examples"
    site = json.loads((examples / "site/.well-known/did.json").read_text())
    known = {entry["id"]: entry.get("publicKeyMultibase", "") for entry in site["verificationMethod"]}
    good, bad = (json.loads((examples / name).read_text()) for name in ("good-web-rdfc.json", "bad-score.json"))

    def public_key(key_id: str) -> bytes:
        return keys.raw_ed25519(known[key_id])

    assert proofs.check(good, public_key=public_key) == "did:web:certs.example.org#key-2026"
    with pytest.raises(proofs.NotGenuine):
        proofs.check(bad, public_key=public_key)


def test_signed_credential_holds_and_is_the_same_every_time(signer: FileSigner) -> None:
    first = proofs.sign(unsigned(), key_id=signer.key_id, created=NOW, signer=signer.sign)
    second = proofs.sign(unsigned(), key_id=signer.key_id, created=NOW, signer=signer.sign)

    assert first == second
    assert proofs.check(first, public_key=public(signer)) == signer.key_id


@pytest.mark.parametrize("created", ["2026-07-28T10:00:00Z", "2026-07-28T10:00:00.5Z", "2026-07-28T12:00:00+02:00"])
def test_statements_are_those_of_the_whole_algorithm(created: str) -> None:
    options = {
        "algorithm": "URDNA2015",
        "format": "application/n-quads",
        "documentLoader": proofs._load,
        "base": proofs.BASE,
    }
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": proofs.SUITE,
        "created": created,
        "verificationMethod": f"{DID}#key-2026-1",
        "proofPurpose": "assertionMethod",
    }
    withdrawn = status_list.document(f"{BASE}/status/bht/1", did=DID, withdrawn=[5], now=NOW)
    everything = [unsigned(), credentials.credential(samples.content(**SMALL), samples.issuance(), base=BASE, did=DID)]

    for document in (*everything, withdrawn):
        assert proofs._canonical(document).decode() == jsonld.normalize(document, options)
    for context in ([credentials.VC_CONTEXT], unsigned()["@context"]):
        whole = jsonld.normalize({"@context": context, **proof}, options)
        assert proofs._canonical_proof(context, proof).decode() == whole


@pytest.mark.parametrize(
    "path",
    [
        ("name",),
        ("awardedDate",),
        ("issuer", "name"),
        ("credentialSubject", "identifier", 0, "identityHash"),
        ("credentialSubject", "result", 0, "value"),
        ("credentialSubject", "achievement", "name"),
        ("credentialStatus", "statusListIndex"),
    ],
)
def test_any_change_breaks_the_signature(signer: FileSigner, path: tuple) -> None:
    signed = proofs.sign(unsigned(), key_id=signer.key_id, created=NOW, signer=signer.sign)
    changed = json.loads(json.dumps(signed))
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = "2031-01-01T00:00:00Z" if path[-1] == "awardedDate" else "1"

    with pytest.raises(proofs.NotGenuine):
        proofs.check(changed, public_key=public(signer))


def test_terms_that_would_stay_unsigned_are_refused(signer: FileSigner) -> None:
    with pytest.raises(proofs.NotSignable, match="secretRemark"):
        proofs.sign({**unsigned(), "secretRemark": "x"}, key_id=signer.key_id, created=NOW, signer=signer.sign)


def test_extra_terms_in_a_signed_credential_are_refused(signer: FileSigner) -> None:
    signed = proofs.sign(unsigned(), key_id=signer.key_id, created=NOW, signer=signer.sign)

    with pytest.raises(proofs.NotGenuine, match="smuggled"):
        proofs.check({**signed, "smuggled": "PhD"}, public_key=public(signer))


def test_relative_addresses_are_refused(signer: FileSigner) -> None:
    with pytest.raises(proofs.NotSignable, match="relative"):
        proofs.sign({**unsigned(), "id": "/credentials/1"}, key_id=signer.key_id, created=NOW, signer=signer.sign)


def test_foreign_contexts_are_never_fetched(signer: FileSigner) -> None:
    document = {**unsigned(), "@context": ["https://www.w3.org/ns/credentials/v2", "https://evil.example/context"]}

    with pytest.raises(proofs.NotSignable):
        proofs.sign(document, key_id=signer.key_id, created=NOW, signer=signer.sign)


def test_key_files_are_private_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "bht" / "key-2026-1.pem"

    first = keys.public_text(keys.make_key(path, keys.ED25519))
    again = keys.public_text(keys.make_key(path, keys.ED25519))

    assert first == again
    assert oct(path.stat().st_mode)[-3:] == "600"
    assert [file.name for file in path.parent.iterdir()] == ["key-2026-1.pem"]


@given(st.sets(st.integers(min_value=0, max_value=status_list.SIZE - 1), max_size=60), st.integers(0, 131_071))
def test_status_list_says_exactly_who_was_withdrawn(withdrawn: set[int], other: int) -> None:
    encoded = status_list.encode(withdrawn)

    assert all(status_list.bit(encoded, index) for index in withdrawn)
    assert status_list.bit(encoded, other) == (other in withdrawn)


def test_status_list_puts_index_zero_into_the_highest_bit() -> None:
    encoded = status_list.encode([0, 15])

    found = [index for index in range(64) if status_list.bit(encoded, index)]

    assert found == [0, 15]


@pytest.mark.parametrize("encoded", ["", "x", "uAAAA", status_list.encode([1])[:-20], status_list.encode([1], 8192)])
def test_cut_and_short_lists_are_unreadable(encoded: str) -> None:
    with pytest.raises(status_list.Unreadable):
        status_list.bit(encoded, 1)


def test_index_outside_the_list_is_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        status_list.encode([status_list.SIZE])


@given(st.text(alphabet=codes.LETTERS, min_size=16, max_size=16))
def test_codes_forgive_how_people_type(letters: str) -> None:
    written = codes.written(letters)

    assert codes.read_code(written) == written
    assert codes.read_code(letters.lower()) == written
    assert codes.read_code(f" {written} ".replace("0", "O").replace("1", "I")) == written


@given(st.text(max_size=40))
def test_codes_never_break_on_nonsense(typed: str) -> None:
    assert codes.read_code(typed) == "" or len(codes.read_code(typed)) == 19


def test_new_codes_differ() -> None:
    assert len({codes.new_code() for _ in range(200)}) == 200


def test_all_eleven_elements_in_german_and_english() -> None:
    german = elements(samples.content(), "de", "28. Juli 2028")
    english = elements(samples.content(), "en", "28 July 2028")

    assert [element["number"] for element in german] == list(range(1, 12))
    assert all(element["text"] for element in german + english)
    assert german[6]["text"] == "17 ECTS (550 Stunden)"
    assert english[8]["text"] == "written examination, project work, oral examination"
    assert missing_elements(samples.content()) == []


def test_missing_elements_are_named() -> None:
    content = samples.content(quality="", quality_text={}, level=None)

    assert [element["number"] for element in missing_elements(content)] == [8, 11]
    with translation.override("de"):
        assert "Qualitätssicherung" in checking.problems(checking.all_checks(content, []))


def test_hash_changes_with_every_part() -> None:
    content = samples.content()

    assert hash_of(content) == hash_of(samples.content())
    assert hash_of(content) != hash_of(samples.content(credits="18"))


@given(st.lists(st.decimals(min_value=0, max_value=60, places=1), max_size=12))
def test_total_adds_like_on_paper(values) -> None:
    assert float(total(str(value) for value in values)) == pytest.approx(float(sum(values)))
