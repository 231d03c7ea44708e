"""Part of soak_certificates: make the certificates, and count what came out."""

from pathlib import Path

from django.conf import settings
from django.db import OperationalError, connection

from certificates import actions
from certificates.models import Certificate, NumberRegister, State
from credpoints.accounts.models import User
from credpoints.audit.models import AuditEvent
from credpoints.common.tokens import content_hash
from credpoints.files.models import StoredFile
from credpoints.outbox.models import OutboxMessage
from tests.certificates import makers, samples
from tests.people import build_world


def number_many(count: int) -> None:
    """Certificates of one page that two people have approved: numbered, waiting for the workers."""
    world = build_world()
    for _place in range(count):
        makers.numbered(world, languages=["en"], items=[samples.item()], credits="5", hours="150")


def made() -> int:
    """How many are issued; while the database is away nobody knows, which counts as no news."""
    try:
        return Certificate.objects.filter(state=State.ISSUED).count()
    except OperationalError:
        connection.close()
        return -1


def try_again() -> None:
    """What staff do with certificates that could not be made: press “Try again”."""
    try:
        keeper = User.objects.get(email="petersen@bht.example")
        for certificate in Certificate.objects.filter(state=State.RENDER_FAILED):
            actions.retry_rendering(certificate=certificate, by=keeper)
    except OperationalError:
        connection.close()


def count() -> dict[str, int]:
    """What was promised, counted in the tables and on the disk."""
    issued = NumberRegister.objects.filter(status="issued")
    places = sorted(issued.values_list("place", flat=True))
    rows = StoredFile.objects.filter(purpose="certificates.document")
    root = Path(settings.PRIVATE_FILES_ROOT)
    on_disk = {path: root / path for path in rows.values_list("path", flat=True)}
    hashes = dict(rows.values_list("path", "sha256"))
    damaged = [name for name, path in on_disk.items() if content_hash(path.read_bytes()) != hashes[name]]
    tried = AuditEvent.objects.filter(action="certificate.retry").count()
    mails = OutboxMessage.objects.filter(template="certificates/email/issued")
    return {
        "tried_again": tried,
        "issued": Certificate.objects.filter(state=State.ISSUED).count(),
        "files": len(on_disk),
        "left_over": sum(1 for path in (root / "certificates").rglob("*") if path.is_file()) - len(on_disk),
        "damaged": len(damaged),
        "gaps": len(set(range(1, len(places) + 1)) - set(places)),
        "twice": len(places) - len(set(places)),
        "mails": mails.values("object_id").distinct().count() if mails.count() == len(places) else mails.count(),
    }
