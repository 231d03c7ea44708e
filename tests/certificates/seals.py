"""A house with a seal of its own, its certification authority and a time-stamp server, on this machine only."""

import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.keys import load_cert_from_pemder, load_private_key_from_pemder
from pyhanko.sign.timestamps import DummyTimeStamper

PEM, DER = serialization.Encoding.PEM, serialization.Encoding.DER


def _name(common: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, common), x509.NameAttribute(NameOID.COMMON_NAME, common)]
    )


def _usage(*, seals: bool, issues: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=seals, content_commitment=seals, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=issues, crl_sign=issues, encipher_only=False, decipher_only=False,
    )  # fmt: skip


class House:
    """A root, a seal, and the certificate of a time-stamp server, written into a folder."""

    def __init__(self, folder: Path, crl_address: str = "", *, days: tuple[int, int] = (-1, 365)) -> None:
        self.folder, self.crl_address = folder, crl_address
        self.now = datetime.now(UTC)
        self.days_of_seal = days
        self.name = "Example University"
        self.withdrawn: list[x509.Certificate] = []
        self.root_key = ec.generate_private_key(ec.SECP256R1())
        self.seal_key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey = ec.generate_private_key(ec.SECP256R1())
        self.stamp_key = rsa.generate_private_key(65537, 2048)  # pyHanko's time-stamp server for tests wants RSA
        self.root = self._certificate("Example Authority", self.root_key, usage=_usage(seals=False, issues=True))
        self.seal = self._seal()
        self.stamp = self._certificate(
            "Example Time Stamps", self.stamp_key, usage=_usage(seals=True, issues=False), stamps=True
        )
        self.root_path = self._write("root.pem", self.root.public_bytes(PEM))
        self.seal_path = self._write("seal.pem", self.seal.public_bytes(PEM) + self.root.public_bytes(PEM))
        self.stamp_path = self._write("stamp.pem", self.stamp.public_bytes(PEM))

    def use_pem(self, settings: Any, password: str = "") -> None:
        """Let the product seal with this house's files."""
        settings.SEAL_BACKEND, settings.SEAL_PASSWORD = "pem", password
        settings.SEAL_CERTIFICATE, settings.SEAL_KEY = str(self.seal_path), str(self.key_path("seal", password))
        settings.SEAL_TRUSTED_ROOTS = str(self.root_path)

    def use_rsa(self, bits: int) -> None:
        """Seal with an RSA key instead."""
        self.seal_key = rsa.generate_private_key(65537, bits)
        self._renew()

    def rename(self, name: str) -> None:
        """The same authority gives a certificate with another name."""
        self.name = name
        self._renew()

    def _renew(self) -> None:
        self.seal = self._seal()
        self.seal_path = self._write("seal.pem", self.seal.public_bytes(PEM) + self.root.public_bytes(PEM))

    def key_path(self, name: str, password: str = "") -> Path:
        key: Any = {"seal": self.seal_key, "stamp": self.stamp_key}[name]
        secret: Any = (
            serialization.BestAvailableEncryption(password.encode()) if password else serialization.NoEncryption()
        )
        return self._write(f"{name}.key", key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, secret))

    def revocation_list(self) -> bytes:
        now = datetime.now(UTC)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.root.subject)
            .last_update(now - timedelta(hours=1))
            .next_update(now + timedelta(days=1))
        )
        for certificate in self.withdrawn:
            entry = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number)
            builder = builder.add_revoked_certificate(entry.revocation_date(now - timedelta(hours=1)).build())
        return builder.sign(self.root_key, hashes.SHA256()).public_bytes(DER)

    def _seal(self) -> x509.Certificate:
        usage = _usage(seals=True, issues=False)
        return self._certificate(self.name, self.seal_key, usage=usage, days=self.days_of_seal)

    def _write(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path

    def _certificate(
        self,
        name: str,
        key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
        *,
        usage: x509.KeyUsage,
        stamps: bool = False,
        days: tuple[int, int] = (-400, 400),
    ) -> x509.Certificate:
        issues = usage.key_cert_sign
        begins, ends = (self.now + timedelta(days=day) for day in days)
        builder = (
            x509.CertificateBuilder()
            .subject_name(_name(name))
            .issuer_name(_name("Example Authority"))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(ends)
            .add_extension(x509.BasicConstraints(ca=issues, path_length=None), critical=True)
            .add_extension(usage, critical=True)
        )
        if stamps:
            builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        if self.crl_address and not issues:
            place = x509.DistributionPoint([x509.UniformResourceIdentifier(self.crl_address)], None, None, None)
            builder = builder.add_extension(x509.CRLDistributionPoints([place]), critical=False)
        return builder.sign(self.root_key, hashes.SHA256())


class TimeStampServer:
    """Answers time-stamp queries and hands out the authority's revocation list, on a port of this machine."""

    def __init__(self, folder: Path, *, days: tuple[int, int] = (-1, 365)) -> None:
        self.stamps = 0
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        self.house = House(folder, crl_address=f"{self.url}list.crl", days=days)
        self.stamper = DummyTimeStamper(
            load_cert_from_pemder(str(self.house.stamp_path)),
            load_private_key_from_pemder(str(self.house.key_path("stamp")), passphrase=None),
            certs_to_embed=[load_cert_from_pemder(str(self.house.root_path))],
        )

    def __enter__(self) -> "TimeStampServer":
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.answer("application/pkix-crl", owner.house.revocation_list())

            def do_POST(self) -> None:
                query = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
                owner.stamps += 1
                self.answer("application/timestamp-reply", owner.stamper.request_tsa_response(query).dump())

            def answer(self, media_type: str, body: bytes) -> None:
                self.send_response(200)
                self.send_header("Content-Type", media_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments: object) -> None:
                """Say nothing."""

        return Handler
