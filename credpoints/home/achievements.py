"""What the intake asks of rooms above it: modules passed, certificates held, and how participations end."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db.models import Count
from django.utils import timezone

from certificates.models import Certificate
from certificates.models import State as CertificateState
from credpoints.organisations.models import Programme
from modules.models import Result
from planning.models import Participation, ParticipationState


def modules_passed(persons: Collection[int]) -> Mapping[int, set[str]]:
    """The codes of modules with a final, passed result, by person (one query)."""
    passed = Result.objects.final().filter(passed=True, enrolment__person__in=persons)
    return _by_person(passed.values_list("enrolment__person_id", "enrolment__offering__version__module__code"))


def credentials_held(persons: Collection[int]) -> Mapping[int, set[str]]:
    """What certificates in force are called: number, programme, and the codes of their lines (one query)."""
    found = Certificate.objects.filter(person__in=persons, state=CertificateState.ISSUED)
    names = []
    for certificate in found.select_related("programme"):
        if certificate.expires_before(timezone.localdate()):
            continue
        codes = [str(item.get("code", "")) for item in certificate.content.get("items", [])]
        names += [(certificate.person_id, name) for name in (certificate.number, certificate.programme.slug, *codes)]
    return _by_person(names)


def _by_person(rows: Collection[tuple[int | None, str | None]]) -> Mapping[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for person, name in rows:
        if person and name:
            found[person].add(name)
    return found


def participations_by_state(programme: Programme) -> list[tuple[str, int]]:
    """How many take part, have completed or have left (one query)."""
    counts = dict(
        Participation.objects.filter(programme=programme).order_by().values_list("state").annotate(Count("pk"))
    )
    return [(str(s.label), counts[s.value]) for s in ParticipationState if counts.get(s.value)]
