"""The forms in which a holder gets a certificate beside its PDF, as bytes."""

import json
from collections.abc import Callable

from certificates import baking, elm, keys, pictures, rendering
from certificates.models import Certificate
from credpoints.common.translated import text_in


def european_file(certificate: Certificate) -> bytes:
    """The upload file of the European Learning Model, from the frozen content; sealing it is the issuer's step."""
    content, issuance = certificate.data, certificate.issuance()
    pages = {
        language: pictures.page(
            rendering.part_in(content, issuance, language), name=certificate.holder_name, number=issuance["number"]
        )
        for language in content["languages"]
    }
    document = elm.upload(content, issuance, base=keys.credentials_base(), pictures=pages)
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def baked_badge(certificate: Certificate) -> bytes:
    """The picture with the signed credential inside."""
    language = certificate.data["languages"][0]
    return baking.bake(
        title=text_in(certificate.data["title"], language),
        issuer=text_in(certificate.data["issuer"]["name"], language),
        number=certificate.number or "",
        credential=certificate.credential,
    )


def signed_credential(certificate: Certificate) -> bytes:
    return certificate.credential.encode()


def signed_token(certificate: Certificate) -> bytes:
    return certificate.jwt.encode()


# By the ending of the address: media type, ending of the file, maker.
FORMS: dict[str, tuple[str, str, Callable[[Certificate], bytes]]] = {
    "json": ("application/json", "json", signed_credential),
    "jwt": ("application/jwt", "jwt", signed_token),
    "png": ("image/png", "png", baked_badge),
    "elm": ("application/ld+json", "elm.json", european_file),
}
