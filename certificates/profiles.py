"""Addresses of other services where a holder may show a certificate. Nothing is sent there before the holder clicks."""

from urllib.parse import urlencode

from certificates.models import Certificate
from credpoints.common.translated import text_in

LINKEDIN = "https://www.linkedin.com/profile/add"


def linkedin(certificate: Certificate) -> str:
    """The form of LinkedIn in which the holder finds title, awarding body, day, number and address filled in."""
    issuance = certificate.issued_on
    language = certificate.data["languages"][0]
    facts = {
        "startTask": "CERTIFICATION_NAME",
        "name": text_in(certificate.data["title"], language),
        "organizationName": text_in(certificate.data["issuer"]["name"], language),
        "issueYear": issuance.year if issuance else "",
        "issueMonth": issuance.month if issuance else "",
        "certUrl": certificate.verify_address,
        "certId": certificate.number,
    }
    if certificate.valid_until:
        facts |= {"expirationYear": certificate.valid_until.year, "expirationMonth": certificate.valid_until.month}
    return f"{LINKEDIN}?{urlencode(facts)}"
