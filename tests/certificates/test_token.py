"""The seal with a key that never leaves its token (SoftHSM, a token made of a folder)."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pkcs11
import pytest
from cryptography.hazmat.primitives import serialization
from django.conf import LazySettings
from django.test import override_settings

from certificates import pades, sealing
from tests.certificates.seals import DER, House

DRIVER = "/usr/lib/softhsm/libsofthsm2.so"
PIN = "1234"


def hsm(*arguments: str) -> None:
    subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A token with two keys and their certificates; the driver reads its configuration once per process."""
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\n")
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    hsm("--init-token", "--free", "--label", "Seal", "--pin", PIN, "--so-pin", "4321")
    house = House(folder)
    put_into_token(house, "curve", "01")
    house.use_rsa(2048)
    put_into_token(house, "rsa", "02")
    yield house
    if before is None:
        del os.environ["SOFTHSM2_CONF"]
    else:
        os.environ["SOFTHSM2_CONF"] = before


def put_into_token(house: House, label: str, number: str) -> None:
    key = house.folder / f"{label}.pem"
    key.write_bytes(
        house.seal_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    hsm("--import", str(key), "--token", "Seal", "--label", label, "--id", number, "--pin", PIN)
    key.unlink()
    with pkcs11.lib(DRIVER).get_token(token_label="Seal").open(rw=True, user_pin=PIN) as session:
        session.create_object(
            {
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                pkcs11.Attribute.TOKEN: True,
                pkcs11.Attribute.LABEL: label,
                pkcs11.Attribute.ID: bytes.fromhex(number),
                pkcs11.Attribute.SUBJECT: house.seal.subject.public_bytes(),
                pkcs11.Attribute.VALUE: house.seal.public_bytes(DER),
            }
        )


@pytest.fixture(autouse=True)
def _token(settings: LazySettings, house: House, fresh_seal: None) -> Iterator[None]:
    settings.SEAL_BACKEND, settings.SEAL_PKCS11_MODULE, settings.SEAL_PKCS11_TOKEN = "pkcs11", DRIVER, "Seal"
    settings.SEAL_PASSWORD, settings.SEAL_TRUSTED_ROOTS = PIN, str(house.root_path)
    yield
    if pades._signer.cache_info().currsize:
        pades._signer().pkcs11_session.close()


@pytest.mark.parametrize("label", ["curve", "rsa"])
def test_a_token_seals_with_its_own_certificate(settings, pages: bytes, label: str, tmp_path: Path) -> None:
    settings.SEAL_CERTIFICATE, settings.SEAL_PKCS11_KEY = "", label

    sealed = sealing.seal(pages, number="CERT-2028-00001")

    assert sealing.check_seal(sealed).status == "whole"
    (tmp_path / "sealed.pdf").write_bytes(sealed)
    told = subprocess.run(["pdfsig", "-nocert", tmp_path / "sealed.pdf"], capture_output=True, text=True, check=False)
    assert "Signature is Valid" in told.stdout
    assert "Total document signed" in told.stdout


def test_the_certificate_and_its_chain_may_lie_in_a_file(settings, pages: bytes, house: House) -> None:
    settings.SEAL_CERTIFICATE, settings.SEAL_PKCS11_KEY = str(house.seal_path), "rsa"

    assert sealing.check_seal(sealing.seal(pages, number="CERT-2028-00001")).status == "whole"


@pytest.mark.parametrize(
    "wrong",
    [{"SEAL_PASSWORD": "9999"}, {"SEAL_PKCS11_TOKEN": "Nobody"}, {"SEAL_PKCS11_KEY": "no-such-key"}],
    ids=["pin", "token", "label"],
)
def test_a_token_that_cannot_be_used_is_told_by_name_and_can_be_tried_again(
    settings, pages: bytes, wrong: dict[str, str]
) -> None:
    settings.SEAL_CERTIFICATE, settings.SEAL_PKCS11_KEY = "", "curve"
    with override_settings(**wrong), pytest.raises(sealing.CannotSeal, match="cannot be used"):
        sealing.seal(pages, number="CERT-2028-00001")

    assert sealing.check_seal(sealing.seal(pages, number="CERT-2028-00001")).status == "whole"
