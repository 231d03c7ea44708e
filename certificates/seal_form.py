"""The signature of a seal, filled into a form that is made once per process.

pyHanko builds the whole signature (CMS) anew for each document, and twice: once to learn how long it will be. But
without a time stamp two seals of one signer differ in two places only: the digest of the document, and the signature.
"""

import asyncio
from typing import Any

from asn1crypto import cms
from pyhanko.sign import signers

SEQUENCE, SET, OCTETS, CONTENT = 0x30, 0x31, 0x04, 0xA0
SOME_DIGEST = bytes(range(32))


class SealForm(signers.Signer):
    """Signs like the signer it was made for."""

    def __init__(self, signer: Any) -> None:
        super().__init__(
            prefer_pss=signer.prefer_pss,
            signature_mechanism=signer.signature_mechanism,
            signing_cert=signer.signing_cert,
            cert_registry=signer.cert_registry,
        )
        self.signer = signer
        self.is_elliptic = signer.signing_cert.public_key.algorithm == "ec"
        rehearsal = asyncio.run(signer.async_sign(SOME_DIGEST, "sha256", dry_run=True, use_pades=True)).dump()
        signed = cms.ContentInfo.load(rehearsal)["content"]
        info = signed["signer_infos"][0]
        self.attributes: bytes = info["signed_attrs"].untag().dump()
        if self.attributes.count(SOME_DIGEST) != 1 or len(signed["signer_infos"]) != 1:
            raise ValueError("the signature of this seal has another form")
        self.parts = [
            signed[name].dump() for name in ("version", "digest_algorithms", "encap_content_info", "certificates")
        ]
        self.before_attributes = [info[name].dump() for name in ("version", "sid", "digest_algorithm")]
        self.algorithm = info["signature_algorithm"].dump()
        self.room = 2 * (len(rehearsal) + 64)  # in hexadecimal; signatures differ by a byte or two

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        signature: bytes = await self.signer.async_sign_raw(data, digest_algorithm, dry_run)
        return signature

    async def async_sign(
        self, data_digest: bytes, digest_algorithm: str, *_others: Any, **_settings: Any
    ) -> cms.ContentInfo:
        """The whole signature over this digest."""
        return cms.ContentInfo.load(await self.signature_of(data_digest, digest_algorithm))

    async def signature_of(self, data_digest: bytes, digest_algorithm: str) -> bytes:
        """The whole signature over this digest, in DER."""
        attributes = self.attributes.replace(SOME_DIGEST, data_digest)
        signature = await self.async_sign_raw(attributes, digest_algorithm)
        inside = bytes([CONTENT]) + attributes[1:]  # the same set, under the tag that it has in here
        info = _der(SEQUENCE, *self.before_attributes, inside, self.algorithm, _der(OCTETS, signature))
        signed = _der(SEQUENCE, *self.parts, _der(SET, info))
        return _der(SEQUENCE, cms.ContentType("signed_data").dump(), _der(CONTENT, signed))


def _der(tag: int, *parts: bytes) -> bytes:
    """Wrap the parts as one element in DER."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content
