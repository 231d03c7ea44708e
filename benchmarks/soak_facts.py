"""Part of soak_certificates: begin the issue run, do what staff do, and count what came out."""

from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Count

from certificates import actions
from certificates.actions import runs
from certificates.models import Certificate, IssueRun, Kind, NumberRegister, RunState, State
from credpoints.accounts.models import User
from credpoints.audit.models import AuditEvent
from credpoints.common.tokens import content_hash
from credpoints.files.models import StoredFile
from credpoints.jobs.models import Job, JobState
from credpoints.organisations.models import Organisation, Programme
from credpoints.outbox.models import MessageState, OutboxMessage
from tests.certificates import makers, samples
from tests.people import build_world

ABOUT_ISSUING = "certificates/email/issued"


def begin(count: int) -> None:
    """So many drafts of one page, and a run that takes them all."""
    if IssueRun.objects.exists():
        return
    if not Organisation.objects.exists():
        build_world()
    programme = Programme.objects.get(slug="credit-points")
    rana, petersen = (User.objects.get(email=name) for name in ("rana@example.org", "petersen@bht.example"))
    content = samples.content(languages=["en"], items=[samples.item()], credits="5", hours="150")
    content["issuer"]["slug"] = programme.organisation.slug
    for _place in range(count - Certificate.objects.count()):
        actions.draft_certificate(
            person=rana.person, programme=programme, content=content, checks=makers.READY, by=petersen
        )
    runs.begin_run(programme=programme, kind=Kind.PROGRAMME_INDIVIDUAL, by=petersen)


def steps() -> dict[str, int]:
    """How many certificates are how far; while the database is away nobody knows."""
    try:
        return dict(Certificate.objects.order_by("state").values_list("state").annotate(Count("pk")))
    except DatabaseError:
        connection.close()
        return {}


def is_finished(count: int) -> bool:
    """All issued, the run closed, and nothing left to do for the workers."""
    try:
        return (
            Certificate.objects.filter(state=State.ISSUED).count() == count
            and IssueRun.objects.filter(state=RunState.FINISHED).exists()
            and not Job.objects.filter(state__in=[JobState.WAITING, JobState.RUNNING]).exists()
        )
    except DatabaseError:
        connection.close()
        return False


def do_what_staff_do(*, idle: bool) -> None:
    """Approve the run, both of them, and start it; when nothing moves, press “Try again” where files failed."""
    try:
        run = IssueRun.objects.get()
        vogel, petersen = (User.objects.get(email=f"{name}@bht.example") for name in ("vogel", "petersen"))
        if run.state == RunState.WAITING:
            runs.approve_run(run=run, by=vogel, digest=run.digest)
        elif run.state == RunState.HALF_APPROVED:
            runs.approve_run(run=run, by=petersen, digest=run.digest)
        elif run.state == RunState.APPROVED:
            runs.start_run(run=run, by=petersen)
        elif idle:
            for certificate in Certificate.objects.filter(state=State.RENDER_FAILED):
                actions.retry_rendering(certificate=certificate, by=petersen)
    except DatabaseError:
        connection.close()


def count() -> dict[str, int]:
    """What was promised, counted in the tables and on the disk."""
    register = NumberRegister.objects.filter(status="issued")
    places = sorted(register.values_list("place", flat=True))
    rows = StoredFile.objects.filter(purpose="certificates.document")
    root = Path(settings.PRIVATE_FILES_ROOT)
    on_disk = {path: root / path for path in rows.values_list("path", flat=True)}
    hashes = dict(rows.values_list("path", "sha256"))
    damaged = [name for name, path in on_disk.items() if content_hash(path.read_bytes()) != hashes[name]]
    mails = OutboxMessage.objects.filter(template=ABOUT_ISSUING)
    return {
        "tried_again": AuditEvent.objects.filter(action="certificate.retry").count(),
        "died_while_working": sum(Job.objects.values_list("deaths", flat=True)),
        "failed_jobs": Job.objects.filter(state=JobState.FAILED).count(),
        "issued": Certificate.objects.filter(state=State.ISSUED).count(),
        "files": len(on_disk),
        "left_over": sum(1 for path in (root / "certificates").rglob("*") if path.is_file()) - len(on_disk),
        "damaged": len(damaged),
        "gaps": len(set(range(1, len(places) + 1)) - set(places)),
        "twice": len(places) - len(set(places)),
        "mails": mails.values("object_id").distinct().count() if mails.count() == len(places) else mails.count(),
        "perhaps_sent": mails.filter(state=MessageState.UNCERTAIN).count(),
    }
