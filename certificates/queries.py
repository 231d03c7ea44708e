"""What pages of this room and the home pages ask for."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from certificates import signing, troubles
from certificates.codes import read_code
from certificates.lasting import Lasting
from certificates.models import PUBLISHED, Certificate, Kind, NumberRegister, SigningKey, State, StatusList
from credpoints.accounts.models import Person, Role, User
from credpoints.common.path import NextStep, Station, ToDo
from credpoints.common.tokens import content_hash
from credpoints.organisations.models import Organisation, Programme, Stage, programme_ids
from planning.models import Participation, PlanVersion, PlanVersionState
from planning.models.participations import ParticipationQuerySet

MOST_WORDS, MOST_ERASED = 8, 50
TONES = {
    State.ISSUED: "good",
    State.REVOKED: "bad",
    State.REPLACED: "neutral",
    State.EXPIRED: "warning",
    State.RENDER_FAILED: "bad",
    State.VOID: "neutral",
    State.DISCARDED: "neutral",
}


def participations_of(user: User | None) -> ParticipationQuerySet:
    """The participations of the programmes where the person prepares certificates."""
    staffed = programme_ids(user, Role.ADVISOR, Role.PROGRAMME_ADMIN)
    return Participation.objects.filter(programme__in=staffed).for_pages()


def without_certificate(user: User | None) -> ParticipationQuerySet:
    """Participants with an agreed plan for whom no certificate has been begun."""
    begun = Certificate.objects.filter(participation=OuterRef("pk")).exclude(state__in=[State.DISCARDED, State.VOID])
    agreed = PlanVersion.objects.filter(plan__participation=OuterRef("pk"), state=PlanVersionState.AGREED)
    found = participations_of(user).running().exclude(person__user=user)
    return found.filter(Exists(agreed), ~Exists(begun)).order_by("opened_at", "pk")


def tone(certificate: Certificate) -> str:
    """The colour and shape of its state."""
    return TONES.get(State(certificate.state), "current")


def matching(certificates: QuerySet[Certificate], wanted: dict[str, str]) -> QuerySet[Certificate]:
    """The register filtered as the address says: every word of the text, state, kind, year."""
    for word in _words(wanted):
        by_code = Q(code=read_code(word)) if read_code(word) else Q()
        certificates = certificates.filter(
            Q(number__icontains=word)
            | Q(content__holder__name__icontains=word)
            | Q(content__holder__native_name__icontains=word)
            | Q(person__family_name__icontains=word)
            | Q(person__given_name__icontains=word)
            | by_code
        )
    for name in ("state", "kind"):
        if wanted.get(name):
            certificates = certificates.filter(**{name: wanted[name]})
    return certificates.filter(_of_year(wanted))


def _words(wanted: dict[str, str]) -> list[str]:
    return wanted.get("q", "").split()[:MOST_WORDS]


def _of_year(wanted: dict[str, str]) -> Q:
    year = wanted.get("year", "")
    return Q(issued_on__year=int(year)) if re.fullmatch("[1-9][0-9]{3}", year) else Q()


def erased(user: User, wanted: dict[str, str]) -> list[NumberRegister]:
    """Numbers that alone remain of a certificate, filtered as the register; they have no kind (one query)."""
    entries = NumberRegister.objects.erased_of(user)
    if wanted.get("kind"):
        return []
    if wanted.get("state"):
        entries = entries.filter(status=wanted["state"])
    for word in _words(wanted):
        entries = entries.filter(Q(number__icontains=word) | Q(code=read_code(word)))
    return list(entries.filter(_of_year(wanted)).order_by("-given_at", "-pk"))


def station(person: Person, programme: Programme) -> Station | None:
    """Where the person stands at the last station (one query)."""
    own = Certificate.objects.filter(person=person, programme=programme)
    if programme.has_stage(Stage.PLAN):  # a module's certificate on the way is not the end of the way
        own = own.filter(kind=Kind.PROGRAMME_INDIVIDUAL)
    newest = own.exclude(state__in=[State.DISCARDED, State.VOID]).order_by("-created_at", "-pk").first()
    stage = Stage.CERTIFICATE.value
    if newest is None:
        return Station(stage, "to_come")
    if newest.state not in PUBLISHED:
        return Station(stage, "current", _("Your certificate is being prepared."))
    texts = {
        State.ISSUED: _("Certificate %(number)s is valid.") % {"number": newest.number},
        State.REVOKED: _("Certificate %(number)s has been withdrawn.") % {"number": newest.number},
        State.REPLACED: _("Certificate %(number)s has been replaced.") % {"number": newest.number},
        State.EXPIRED: _("Certificate %(number)s has expired.") % {"number": newest.number},
    }
    return Station(stage, "done", texts[State(newest.state)], newest.completed_at, newest.get_absolute_url())


def next_steps(user: User) -> list[NextStep]:
    """A fresh certificate is the learner's next card (one query)."""
    issued = Certificate.objects.filter(person__user=user, state=State.ISSUED).order_by("-completed_at")
    return [
        NextStep(
            stage=Stage.CERTIFICATE.value,
            title=_("Your certificate is here"),
            text=_("%(title)s, number %(number)s. Download it, show it, or share its address.")
            % {"title": certificate.title, "number": certificate.number},
            button=_("Open my certificate"),
            url=certificate.get_absolute_url(),
            order=50,
        )
        for certificate in issued[:3]
    ]


def todos(user: User) -> list[ToDo]:
    """What waits for staff: drafts, approvals, failed files; oldest first (one query)."""
    waiting = (
        Certificate.objects.managed_by(user)
        .filter(state__in=[State.DRAFT, State.FROZEN, State.HALF_APPROVED, State.APPROVED, State.RENDER_FAILED])
        .exclude(person__user=user)
        .exclude(state=State.HALF_APPROVED, first_approver=user)
        .order_by("created_at")
    )
    titles = {
        State.DRAFT: _("Check the certificate and submit it for approval"),
        State.FROZEN: _("Approve the certificate"),
        State.HALF_APPROVED: _("Approve the certificate as the second person"),
        State.APPROVED: _("Issue the approved certificate"),
        State.RENDER_FAILED: _("The certificate could not be made"),
    }
    return [
        ToDo(
            title=titles[State(one.state)],
            person=one.holder_name,
            url=reverse("certificates:certificate", args=[one.uuid]),
            since=one.approved_at or one.frozen_at or one.created_at,
            text=troubles.in_words(one.render_error)[:200],
        )
        for one in waiting
    ]


@dataclass(frozen=True)
class Withdrawal:
    """What a withdrawal of many would do: who is concerned, and which numbers it leaves alone."""

    certificates: list[Certificate]
    left_alone: list[str]

    @property
    def with_mail(self) -> int:
        return sum(1 for one in self.certificates if one.person_id)

    @property
    def fingerprint(self) -> str:
        return content_hash(",".join(str(one.pk) for one in self.certificates))


def withdrawal(user: User, numbers: list[str]) -> Withdrawal:
    """The valid certificates behind these numbers that the person may withdraw (one query), never their own."""
    mine = programme_ids(user, Role.PROGRAMME_ADMIN)
    found = Certificate.objects.for_pages().select_related("status_entry")
    valid = found.filter(programme__in=mine, number__in=numbers, state=State.ISSUED).exclude(person__user=user)
    certificates = list(valid.order_by("number"))
    known = {one.number for one in certificates}
    return Withdrawal(certificates, [number for number in numbers if number not in known])


@dataclass(frozen=True)
class KeyRow:
    """A key, how many valid certificates carry its signature, and until when it should serve."""

    key: SigningKey
    count: int
    lasting: Lasting | None  # of one that signs today


@dataclass(frozen=True)
class House:
    """An awarding body with its keys and its public lists of withdrawn certificates."""

    issuer: Organisation
    keys: list[KeyRow]
    lists: list[tuple[StatusList, bool]]  # the list, and whether it is sound


def houses(user: User, now: datetime) -> list[House]:
    """The awarding bodies that somebody keeps the keys of (three queries, and one per status list)."""
    known = list(SigningKey.objects.visible_to(user).select_related("issuer").order_by("issuer__slug", "-pk"))
    counts = signing.counts_by_key(known) if known else {}
    issuers = list(dict.fromkeys(key.issuer for key in known))
    given = Count("entries")
    gone = Count("entries", filter=Q(entries__withdrawn_at__isnull=False))
    lists = list(
        StatusList.objects.filter(issuer__in=issuers).annotate(given=given, gone=gone).select_related("issuer")
    )
    return [
        House(
            issuer,
            [
                KeyRow(key, counts[key.pk], key.lasting(now) if key.is_active else None)
                for key in known
                if key.issuer_id == issuer.pk
            ],
            [(one, signing.is_sound(one)) for one in lists if one.issuer_id == issuer.pk],
        )
        for issuer in issuers
    ]
