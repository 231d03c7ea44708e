"""Certificates in the states that tests start from."""

import uuid
from typing import Any

from certificates import actions
from certificates.actions import runs, templates
from certificates.models import Certificate, CertificateTemplate, IssueRun, Kind, TemplateVersion
from credpoints.jobs import actions as jobs
from tests.certificates import samples
from tests.people import World

READY = [
    {"key": "plan_agreed", "ok": True, "detail": ""},
    {"key": "results_final", "ok": True, "detail": ""},
]


def draft(world: World, **changes: Any) -> Certificate:
    """Rana's certificate, collected and complete."""
    content = samples.content(**changes)
    content["issuer"]["slug"] = world.organisation.slug
    return actions.draft_certificate(
        person=world.rana.person,
        programme=world.programme,
        kind=Kind.PROGRAMME_INDIVIDUAL,
        content=content,
        checks=READY,
        by=world.petersen,
    )


def approved_once(world: World, **changes: Any) -> Certificate:
    certificate = draft(world, **changes)
    actions.freeze_certificate(certificate=certificate, by=world.vogel)
    actions.approve_certificate(certificate=certificate, by=world.petersen, content_hash=certificate.content_hash)
    return certificate


def numbered(world: World, **changes: Any) -> Certificate:
    """Approved twice: it has its number and waits to be made."""
    certificate = approved_once(world, **changes)
    actions.approve_certificate(certificate=certificate, by=world.vogel, content_hash=certificate.content_hash)
    return certificate


def issued(world: World, **changes: Any) -> Certificate:
    """Made and signed; the jobs have run."""
    certificate = numbered(world, **changes)
    jobs.run_waiting()
    certificate.refresh_from_db()
    return certificate


def replacement(world: World, old: Certificate) -> Certificate:
    """A corrected certificate, approved twice; when the jobs have run the old one is replaced."""
    new = actions.begin_replacement(certificate=old, content=old.data, by=world.petersen, reason="Name")
    actions.freeze_certificate(certificate=new, by=world.petersen)
    for user in (world.petersen, world.vogel):
        actions.approve_certificate(certificate=new, by=user, content_hash=new.content_hash)
    return new


def template(world: World) -> CertificateTemplate:
    """The template of the programme's individual certificates, with its first draft."""
    return templates.begin_template(programme=world.programme, kind=Kind.PROGRAMME_INDIVIDUAL, by=world.petersen)


def design(world: World) -> TemplateVersion:
    return template(world).versions.get()


def run(world: World) -> IssueRun:
    """A run with Rana's certificate, not yet checked."""
    draft(world)
    return runs.begin_run(programme=world.programme, kind=Kind.PROGRAMME_INDIVIDUAL, by=world.vogel)


def run_checked(world: World) -> IssueRun:
    """Its certificate is frozen; the run waits for approval."""
    one = run(world)
    jobs.run_waiting()
    one.refresh_from_db()
    return one


def run_approved_once(world: World) -> IssueRun:
    one = run_checked(world)
    runs.approve_run(run=one, by=world.petersen, digest=one.digest)
    return one


def shared(certificate: Certificate, **changes: Any) -> str:
    """A link of the holder, by its token."""
    facts: dict[str, Any] = {"label": "Stromwerk", "days": 30, "shows_parts": True, "shows_grades": True, **changes}
    return actions.share_certificate(
        certificate=certificate, by=certificate.person.user, link_uuid=uuid.uuid4(), **facts
    )
