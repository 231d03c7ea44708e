"""What runs out or grows old among the seal and the signing keys, and who has to act."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from certificates.lasting import Lasting
from certificates.models import SealCertificate, SigningKey
from credpoints.accounts.models import Role, RoleAssignment, ScopeKind, User
from credpoints.common.path import ToDo
from credpoints.organisations.models import Organisation, Programme


@dataclass(frozen=True)
class KeysOfOneDay:
    """The keys of an awarding body that were made on one day and grow old together."""

    issuer: Organisation
    made_on: date
    keys: list[SigningKey]
    lasting: Lasting

    @property
    def names(self) -> str:
        return ", ".join(key.fragment for key in self.keys)


def seal_in_use() -> SealCertificate | None:
    """What seals today, as a worker has written it down (one query)."""
    return SealCertificate.objects.filter(in_use=True).first()


def standstill(now: datetime) -> str:
    """Why nothing can be issued at present, for whoever is about to approve; empty when all is well (one query)."""
    seal = seal_in_use()
    if seal is None or not seal.lasting(now).has_ended:
        return ""
    words = _("The seal ran out on %(day)s. What is approved now gets its number, but its files only with a new seal.")
    return words % {"day": _day(seal.ends_at)}


def keys_to_follow(keys: QuerySet[SigningKey], now: datetime) -> list[KeysOfOneDay]:
    """Which of these keys should be followed by new ones, by awarding body and day (one query)."""
    active = keys.filter(retired_at=None, compromised_at=None).select_related("issuer")
    ordered = sorted(active, key=lambda key: (key.issuer_id, key.published_at, key.pk))
    days = groupby(ordered, key=lambda key: (key.issuer, key.published_at.date()))
    batches = [(issuer, day, list(made)) for (issuer, day), made in days]
    found = [KeysOfOneDay(issuer, day, made, made[0].lasting(now)) for issuer, day, made in batches]
    return [one for one in found if one.lasting.warning is not None]


def keepers_of_keys(issuers: Collection[int]) -> QuerySet[User]:
    """Everybody who administers a programme of one of these awarding bodies."""
    programmes = Programme.objects.filter(organisation__in=issuers)
    held = RoleAssignment.objects.in_force(timezone.localdate()).filter(
        Q(scope_kind=ScopeKind.PROGRAMME, scope_id__in=programmes.values("pk"))
        | Q(scope_kind=ScopeKind.ORGANISATION, scope_id__in=programmes.values("organisation")),
        role=Role.PROGRAMME_ADMIN,
    )
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk")


def todos(user: User) -> list[ToDo]:
    """What keepers of keys have to do before the seal or a key comes to its end (two queries)."""
    own = SigningKey.objects.visible_to(user)
    now = timezone.now()
    found = [_about_keys(one) for one in keys_to_follow(own, now)]
    seal = seal_in_use() if own.exists() else None
    lasting = seal.lasting(now) if seal else None
    if seal and lasting and lasting.warning is not None:
        found.append(_about_seal(seal, lasting))
    return found


def _about_seal(seal: SealCertificate, lasting: Lasting) -> ToDo:
    if lasting.has_ended:
        title = _("The seal has run out: nothing can be issued")
        text = _(
            "Its certificate ran out on %(day)s. What is approved now stays as “could not be made” until a new one is "
            "in place. What was issued stays valid."
        )
    else:
        title = _("See to a new certificate for the seal on the PDF")
        text = _("The present one is valid until %(day)s: %(left)s. Afterwards nothing can be issued.")
    facts = {"day": _day(lasting.until), "left": lasting.left}
    return ToDo(title, seal.name, f"{reverse('certificates:keys')}#seal", lasting.warned_since, text % facts)


def _about_keys(one: KeysOfOneDay) -> ToDo:
    title = ngettext("Follow a signing key by a new one", "Follow signing keys by new ones", len(one.keys))
    text = _("%(keys)s: two years old on %(day)s. Two clicks; nothing stands still, and what was issued stays valid.")
    facts = {"keys": one.names, "day": _day(one.lasting.until)}
    return ToDo(title, str(one.issuer), reverse("certificates:keys"), one.lasting.warned_since, text % facts)


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT")
