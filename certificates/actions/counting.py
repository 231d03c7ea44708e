"""Count that certificates are checked; nothing about who."""

from certificates.models import (
    Certificate,
    VerificationLog,
)


def log_verification(*, way: str, result: str, certificate: Certificate | None) -> None:
    """Count that somebody checked a certificate; nothing about who."""
    VerificationLog.objects.create(way=way, result=result, certificate=certificate)
