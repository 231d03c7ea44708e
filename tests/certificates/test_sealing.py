"""The seal in all its kinds: files, a token, with and without a time-stamp server; and what happens when it fails."""

import asyncio
import hashlib
import io
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from django.utils import translation
from pyhanko.pdf_utils.reader import PdfFileReader
from pypdf import PdfReader

from certificates import pades, seal_writer, sealing, verifying
from certificates.seal_form import SealForm
from certificates.sealing import away_from_loops
from tests.certificates.seals import House, TimeStampServer

pytestmark = pytest.mark.usefixtures("fresh_seal")


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def pdfsig(pdf: bytes, folder: Path) -> str:
    path = folder / "sealed.pdf"
    path.write_bytes(pdf)
    return subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout


def test_without_a_seal_the_file_stays_as_it_is(settings, pages: bytes) -> None:
    settings.SEAL_BACKEND = "none"

    assert sealing.seal(pages, number="CERT-2028-00001") == pages
    assert sealing.check_seal(pages).status == "missing"


def test_sealing_and_checking_work_beside_a_running_event_loop(settings, pages: bytes, house: House) -> None:
    house.use_pem(settings)

    async def both() -> str:
        return sealing.check_seal(sealing.seal(pages, number="CERT-2028-00001")).status

    assert away_from_loops(lambda: asyncio.run(both())) == "whole"


def test_pem_with_a_password_and_a_chain(settings, pages: bytes, house: House, tmp_path: Path) -> None:
    house.use_pem(settings, password="geheim")

    sealed = sealing.seal(pages, number="CERT-2028-00001")

    assert sealing.check_seal(sealed).status == "whole"
    assert "Example University" in sealing.check_seal(sealed).name
    assert "Total document signed" in pdfsig(sealed, tmp_path)
    assert sealing.check_seal(sealed + b"\n%more").status == "broken"


@pytest.mark.parametrize("bits", [0, 2048])
def test_the_form_is_filled_in_as_the_whole_signature_is_made(settings, house: House, bits: int) -> None:
    if bits:  # a signature with RSA is the same every time
        house.use_rsa(bits)
    house.use_pem(settings)
    signer = pades._signer()
    digest = hashlib.sha256(b"a document").digest()

    form = away_from_loops(lambda: SealForm(signer))
    quick = away_from_loops(lambda: asyncio.run(form.async_sign(digest, "sha256")))
    whole = away_from_loops(lambda: asyncio.run(signer.async_sign(digest, "sha256", use_pades=True)))

    if bits:
        assert quick.dump() == whole.dump()
    for one in (quick, whole):
        one["content"]["signer_infos"][0]["signature"] = b"left out"
    assert quick.native == whole.native


@pytest.mark.parametrize("bits", [0, 2048])
def test_our_own_update_says_what_pyhanko_would_write(settings, pages: bytes, house: House, bits: int) -> None:
    if bits:
        house.use_rsa(bits)
    house.use_pem(settings)
    form = away_from_loops(lambda: pades._form(pades._signer()))

    quick = away_from_loops(lambda: pades._by_ourselves(pages, "CERT-2028-00001", form))
    whole = away_from_loops(lambda: pades._by_pyhanko(pages, "CERT-2028-00001", form, None))

    assert quick.startswith(pages)
    assert [sealing.check_seal(one).status for one in (quick, whole)] == ["whole", "whole"]
    assert told_by(quick) == told_by(whole)


def told_by(pdf: bytes) -> list[Any]:
    """Everything around the signature, without what differs each time, and without numbers of objects."""
    reader = PdfReader(io.BytesIO(pdf))
    root, page = reader.trailer["/Root"], reader.pages[0]
    (field,) = root["/AcroForm"]["/Fields"]
    signature = dict(field.get_object()["/V"].get_object())
    for name in ("/Contents", "/ByteRange", "/M"):
        assert signature.pop(name)
    assert page["/Annots"] == [field]
    assert root["/Perms"].raw_get("/DocMDP") == field.get_object().raw_get("/V")
    plain = {name: root[name] for name in ("/Extensions", "/Version", "/Lang", "/MarkInfo") if name in root}
    first, second = reader.trailer["/ID"]
    assert first != second
    return [plain, sorted(root), sorted(page), signature, dict(field.get_object()) | {"/V": "", "/P": ""}, first]


@pytest.mark.parametrize(
    ("part", "other"),
    [
        (b"startxref", b"beginxref"),
        (b"/ObjStm", b"/Object"),
        (b"/Root 2 0 R", b"/Root 1 0 R"),
        (b"/FlateDecode", b"/OtherDecode"),
    ],
)
def test_our_own_update_leaves_other_files_to_pyhanko(pages: bytes, part: bytes, other: bytes) -> None:
    head, found, tail = pages.rpartition(part)
    assert found

    with pytest.raises(seal_writer.AnotherForm):
        seal_writer._known_parts(head + other + tail)


def test_a_sealed_file_and_an_odd_reason_are_left_to_pyhanko(settings, pages: bytes, house: House) -> None:
    house.use_pem(settings)
    form = away_from_loops(lambda: pades._form(pades._signer()))

    for pdf, reason in ((sealing.seal(pages, number="CERT-1"), "CERT-1"), (pages, "(CERT-1")):
        with pytest.raises(seal_writer.AnotherForm):
            pades._by_ourselves(pdf, reason, form)
    assert sealing.check_seal(sealing.seal(pages, number="(CERT-1")).status == "whole"


def test_pkcs12(settings, pages: bytes, house: House, tmp_path: Path) -> None:
    packed = pkcs12.serialize_key_and_certificates(
        b"seal", house.seal_key, house.seal, [house.root], serialization.BestAvailableEncryption(b"geheim")
    )
    (tmp_path / "seal.p12").write_bytes(packed)
    settings.SEAL_BACKEND, settings.SEAL_PASSWORD = "pkcs12", "geheim"
    settings.SEAL_CERTIFICATE = str(tmp_path / "seal.p12")
    settings.SEAL_TRUSTED_ROOTS = str(house.root_path)

    sealed = sealing.seal(pages, number="CERT-2028-00001")

    assert sealing.check_seal(sealed).status == "whole"
    assert "Total document signed" in pdfsig(sealed, tmp_path)


def test_with_a_time_stamp_server_the_seal_carries_its_time_and_the_revocation_list(
    settings, pages: bytes, tmp_path: Path
) -> None:
    with TimeStampServer(tmp_path) as server:
        server.house.use_pem(settings)
        settings.SEAL_TIMESTAMP_URL = server.url
        sealed = sealing.seal(pages, number="CERT-2028-00001")
        answer = sealing.check_seal(sealed)

    assert (answer.status, answer.sealed_at is not None) == ("whole", True)
    assert server.stamps >= 1
    kept = PdfFileReader(io.BytesIO(sealed)).root["/DSS"]
    assert len(kept["/CRLs"]) >= 1
    assert len(kept["/Certs"]) >= 2
    assert "Total document signed" in pdfsig(sealed, tmp_path)


def test_a_silent_time_stamp_server_seals_nothing(settings, pages: bytes, house: House) -> None:
    house.use_pem(settings)
    settings.SEAL_TIMESTAMP_URL = "http://127.0.0.1:9/"

    with pytest.raises(sealing.CannotSeal, match="could not be sealed"):
        sealing.seal(pages, number="CERT-2028-00001")


def sealed_elsewhere(settings: Any, pages: bytes, folder: Path) -> bytes:
    """Pages with a whole seal of another house; the product forgets its key again."""
    (folder / "foreign").mkdir()
    House(folder / "foreign").use_pem(settings)
    sealed = sealing.seal(pages, number="CONTRACT-1")
    pades._signer.cache_clear()
    pades._trust_of.cache_clear()
    return sealed


def test_another_house_is_not_believed(settings, pages: bytes, house: House, tmp_path: Path) -> None:
    sealed = sealed_elsewhere(settings, pages, tmp_path)
    house.use_pem(settings)

    assert sealing.check_seal(sealed).status == "foreign"
    assert sealing.check_seal(sealed + b"\n%more").status != "whole"


def test_a_document_that_somebody_else_sealed_is_not_called_altered(
    db, settings, pages: bytes, house: House, tmp_path: Path
) -> None:
    sealed = sealed_elsewhere(settings, pages, tmp_path)
    house.use_pem(settings)

    answer = verifying.by_file(sealed)[1]

    assert answer.result == "unknown"
    assert "Example University" in answer.findings[0].text


def test_another_house_of_the_same_authority_is_not_ours(db, settings, pages: bytes, house: House) -> None:
    house.rename("Neighbour University")
    house.use_pem(settings)
    sealed = sealing.seal(pages, number="CONTRACT-1")
    pades._signer.cache_clear()
    house.rename("Example University")
    house.use_pem(settings)

    answer = verifying.by_file(sealed)[1]

    assert sealing.check_seal(sealed).status == "foreign"
    assert answer.result == "unknown"
    assert "Neighbour University" in answer.findings[0].text


def test_a_renewed_certificate_of_the_same_name_is_still_ours(settings, pages: bytes, house: House) -> None:
    house.use_pem(settings)
    sealed = sealing.seal(pages, number="CERT-2028-00001")
    pades._signer.cache_clear()
    house.use_rsa(2048)
    house.use_pem(settings)

    assert sealing.check_seal(sealed).status == "whole"


@pytest.mark.parametrize("lost", ["SEAL_TRUSTED_ROOTS", "SEAL_CERTIFICATE"])
def test_a_seal_that_we_cannot_check_is_not_called_broken(
    db, settings, pages: bytes, house: House, tmp_path: Path, lost: str
) -> None:
    house.use_pem(settings)
    sealed = sealing.seal(pages, number="CERT-2028-00001")
    pades._signer.cache_clear()
    settings.SEAL_TRUSTED_ROOTS = ""
    setattr(settings, lost, str(tmp_path / "nowhere.pem"))

    with translation.override("en"):
        answer = verifying.by_file(sealed)[1]

    assert sealing.check_seal(sealed).status == "unchecked"
    assert (answer.result, answer.is_valid) == ("unknown", False)
    assert "cannot be checked just now" in answer.findings[0].text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SEAL_BACKEND": "wax"}, "none of none, pem, pkcs12, pkcs11"),
        ({"SEAL_BACKEND": "pem", "SEAL_CERTIFICATE": "/nowhere.pem"}, "cannot be read"),
        ({"SEAL_BACKEND": "pkcs12", "SEAL_CERTIFICATE": "/nowhere.p12"}, "cannot be read"),
    ],
)
def test_a_wrong_setting_is_told_by_name(settings, pages: bytes, changes: dict[str, str], words: str) -> None:
    for name, value in changes.items():
        setattr(settings, name, value)

    with pytest.raises(sealing.CannotSeal, match=words):
        sealing.seal(pages, number="CERT-2028-00001")
