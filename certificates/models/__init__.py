"""Certificates from the first draft to the register, the keys that sign them, and the list that withdraws them."""

from certificates.models.certificates import (
    OPEN,
    PUBLISHED,
    UNNUMBERED,
    Certificate,
    CertificateApproval,
    CertificateQuerySet,
    State,
)
from certificates.models.editions import FormerEdition
from certificates.models.kinds import Kind
from certificates.models.register import NumberRegister, RegisterStatus, VerificationLog
from certificates.models.runs import IssueRun, IssueRunItem, Outcome, RunState
from certificates.models.sharing import ShareLink, ShareLinkQuerySet
from certificates.models.signing import SealCertificate, SigningKey, StatusEntry, StatusList
from certificates.models.templates import CertificateTemplate, Layout, TemplateVersion, VersionState

__all__ = [
    "OPEN",
    "PUBLISHED",
    "UNNUMBERED",
    "Certificate",
    "CertificateApproval",
    "CertificateQuerySet",
    "CertificateTemplate",
    "FormerEdition",
    "IssueRun",
    "IssueRunItem",
    "Kind",
    "Layout",
    "NumberRegister",
    "Outcome",
    "RegisterStatus",
    "RunState",
    "SealCertificate",
    "ShareLink",
    "ShareLinkQuerySet",
    "SigningKey",
    "State",
    "StatusEntry",
    "StatusList",
    "TemplateVersion",
    "VerificationLog",
    "VersionState",
]
