"""Certificates in the states that tests start from."""

import uuid
from typing import Any

from certificates import actions
from certificates.models import Certificate, Kind
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


def shared(certificate: Certificate, **changes: Any) -> str:
    """A link of the holder, by its token."""
    facts: dict[str, Any] = {"label": "Stromwerk", "days": 30, "shows_parts": True, "shows_grades": True, **changes}
    return actions.share_certificate(
        certificate=certificate, by=certificate.person.user, link_uuid=uuid.uuid4(), **facts
    )
