"""Certificates from the first draft to the register, the keys that sign them, and the list that withdraws them."""

from certificates.models.certificates import (
    OPEN,
    PUBLISHED,
    UNNUMBERED,
    Certificate,
    CertificateApproval,
    CertificateQuerySet,
    Kind,
    State,
)
from certificates.models.editions import FormerEdition
from certificates.models.register import NumberRegister, RegisterStatus, VerificationLog
from certificates.models.sharing import ShareLink, ShareLinkQuerySet
from certificates.models.signing import SigningKey, StatusEntry, StatusList

__all__ = [
    "OPEN",
    "PUBLISHED",
    "UNNUMBERED",
    "Certificate",
    "CertificateApproval",
    "CertificateQuerySet",
    "FormerEdition",
    "Kind",
    "NumberRegister",
    "RegisterStatus",
    "ShareLink",
    "ShareLinkQuerySet",
    "SigningKey",
    "State",
    "StatusEntry",
    "StatusList",
    "VerificationLog",
]
