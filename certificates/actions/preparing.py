"""From a plan and its results to a draft that is complete."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certificates import checking, collecting, designs, fees, rules
from certificates.content import Content, kept_in_order
from certificates.models import (
    OPEN,
    PUBLISHED,
    Certificate,
    Kind,
    State,
)
from certificates.workflow import CERTIFICATE
from credpoints.accounts.models import Person, User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.organisations.models import Programme
from credpoints.workflow import NoLongerPossible, NotAllowed
from planning.models import Participation

describe(
    {
        "certificate.drafted": gettext_lazy("Certificate prepared"),
        "certificate.collected": gettext_lazy("Content collected anew"),
        "certificate.confirmed": gettext_lazy("Practice and mentoring confirmed"),
        "certificate.fee_settled": gettext_lazy("Fee confirmed as settled"),
        "certificate.languages": gettext_lazy("Languages chosen"),
    }
)


def draft_certificate(
    *,
    person: Person,
    programme: Programme,
    kind: str = Kind.PROGRAMME_INDIVIDUAL,
    content: Content,
    checks: list[dict[str, Any]] | None = None,
    by: User | None,
    replaces: Certificate | None = None,
    **links: Any,
) -> Certificate:
    """Begin a certificate from its content; nothing is promised yet, and nobody is mailed."""
    with transaction.atomic():
        certificate = Certificate.objects.create(
            person=person,
            programme=programme,
            kind=kind,
            content=content,
            checks=checks or [],
            approvals_needed=programme.certificate_approvals,
            created_by=by,
            replaces=replaces,
            **links,
        )
        audit.record("certificate.drafted", certificate, by=by)
    return certificate


def collect_certificate(*, participation: Participation, by: User | None) -> Certificate:
    """Collect plan and results into a draft; the one that is open already stays the only one."""
    with transaction.atomic():
        Participation.objects.select_for_update(of=("self",)).get(pk=participation.pk)
        present = Certificate.objects.filter(participation=participation, replaces=None, state__in=(*OPEN, *PUBLISHED))
        existing = present.order_by("pk").last()
        if existing:
            return existing
        found = collecting.collect(participation)
        return draft_certificate(
            person=participation.person,
            programme=participation.programme,
            kind=Kind.PROGRAMME_INDIVIDUAL,
            content=found.content,
            checks=found.checks,
            by=by,
            participation=participation,
        )


def collect_when_ready(*, person: Person, programme_id: int | None, by: User | None) -> None:
    """After a final result: prepare the certificate as soon as every course of the plan is finished."""
    running = Participation.objects.running().filter(person=person, programme=programme_id)
    for participation in running.select_related("programme__organisation", "person__user", "advisor__person"):
        if collecting.is_ready(participation):
            collect_certificate(participation=participation, by=by)


def collect_anew(*, certificate: Certificate, by: User) -> None:
    """Collect a draft again, because results, plan or name have changed since."""
    found = collecting.collect_again(certificate)
    if found is None:
        raise NoLongerPossible(_("This certificate was not collected from a plan or from results."), certificate)
    content = _in_own_languages(found.content, certificate)
    change_draft(certificate=certificate, by=by, content=content, checks=found.checks)


def refresh_drafts(*, participation: Participation) -> None:
    """A room below has changed what a plan's certificate says: drafts follow, whatever was approved stays as it is."""
    drafts = Certificate.objects.filter(participation=participation, state=State.DRAFT)
    with transaction.atomic():
        for certificate in drafts.select_for_update(of=("self",)).order_by("pk"):
            found = collecting.collect(participation)
            certificate.content = dict(_in_own_languages(found.content, certificate))
            certificate.checks = found.checks
            certificate.save(update_fields=["content", "checks"])
            audit.record("certificate.collected", certificate, by=None)


def _in_own_languages(content: Content, certificate: Certificate) -> Content:
    """The languages that somebody has chosen for this certificate stay, whatever the programme prints."""
    return with_languages_of(content, certificate) if certificate.data.get("own_languages") else content


def choose_languages(*, certificate: Certificate, by: User, languages: list[str]) -> None:
    """Print a draft in these languages, the first of them leading; what it says stays the same."""
    with _draft_for(certificate, by) as locked:
        locked.content["languages"], locked.content["own_languages"] = kept_in_order(languages), True
        locked.save(update_fields=["content"])
        audit.record("certificate.languages", locked, by=by, languages=", ".join(locked.content["languages"]))
    certificate.content = locked.content


def with_languages_of(content: Content, certificate: Certificate) -> Content:
    """The same content in the languages of a certificate that is there already."""
    return {**content, "languages": list(certificate.data["languages"]), "own_languages": True}


def change_draft(*, certificate: Certificate, by: User, content: Content, checks: list[dict[str, Any]]) -> None:
    """Put new content into a draft (collected anew, or corrected)."""
    with _draft_for(certificate, by) as locked:
        locked.content, locked.checks = dict(content), checks
        locked.save(update_fields=["content", "checks"])
        audit.record("certificate.collected", locked, by=by)
    certificate.content, certificate.checks = locked.content, locked.checks


def confirm_lines(*, certificate: Certificate, by: User) -> None:
    """Confirm practice, mentoring and whatever else no course finishes."""
    with _draft_for(certificate, by) as locked:
        locked.confirmed_by, locked.confirmed_at = by, timezone.now()
        locked.save(update_fields=["confirmed_by", "confirmed_at"])
        audit.record("certificate.confirmed", locked, by=by)


def settle_fee(*, certificate: Certificate, by: User, reason: str) -> None:
    """Confirm that what is due was paid or need not be paid; the reason says how somebody knows."""
    with _draft_for(certificate, by) as locked:
        locked.fee_settled_by, locked.fee_settled_at, locked.fee_reason = by, timezone.now(), reason
        locked.save(update_fields=["fee_settled_by", "fee_settled_at", "fee_reason"])
        audit.record("certificate.fee_settled", locked, by=by, reason=reason)


def checks_of(certificate: Certificate) -> list[checking.Check]:
    """The whole check list of a certificate as it is now."""
    content = as_printed(certificate)
    checks = checking.all_checks(content, [*certificate.checks, *_confirmations(certificate)])
    if certificate.programme.room_settings("certificates").get("forbidden_words"):
        checks.append(checking.strict_words(content))
    return checks


def as_printed(certificate: Certificate) -> Content:
    """The content as the pages show it: frozen, or with the template that is in use now."""
    if certificate.state != State.DRAFT:
        return certificate.data
    return designs.with_design(certificate.data, designs.version_for(certificate.programme_id, certificate.kind))


def _confirmations(certificate: Certificate) -> list[dict[str, Any]]:
    """What a person has to vouch for, because no result says it."""
    found: list[dict[str, Any]] = []
    lines = collecting.lines_to_confirm(certificate.participation) if certificate.participation else []
    if lines:
        found.append(
            {"key": "practice_confirmed", "ok": certificate.confirmed_at is not None, "detail": ", ".join(lines)}
        )
    due = fees.what_is_due(certificate)
    if due:
        settled = fees.is_settled(certificate)
        found.append({"key": "paid", "ok": settled, "detail": certificate.fee_reason if settled else due})
    return found


@contextmanager
def _draft_for(certificate: Certificate, by: User) -> Iterator[Certificate]:
    """The locked draft, for somebody who may prepare it."""
    with transaction.atomic():
        locked = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
        if not rules.may_prepare(by, locked):
            raise NotAllowed(CERTIFICATE.steps["freeze"])
        if locked.state != State.DRAFT:
            raise NoLongerPossible(CERTIFICATE.refusal(locked), locked)
        yield locked
