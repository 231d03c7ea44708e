"""Collect a certificate once more from where it came from: results, plan or name have changed since."""

from certificates.collecting import plan, results
from certificates.collecting.found import Collected
from certificates.models import Certificate, Kind
from modules.models import Enrolment


def collect_again(certificate: Certificate) -> Collected | None:
    """What the source says today; nothing when it was handed over from elsewhere or is gone."""
    if certificate.participation:
        return plan.collect(certificate.participation)
    if certificate.person and certificate.kind == Kind.TRANSCRIPT:
        return results.collect_transcript(certificate.person, certificate.programme)
    if certificate.person and certificate.kind in results.COURSE_KINDS:
        source, _mark, key = certificate.source_key.partition(":")
        course = Enrolment.objects.filter(uuid=key, person=certificate.person) if source == "enrolment" else None
        enrolment = course.select_related("person", "offering__version__module__provider").first() if course else None
        return results.collect_course(enrolment, certificate.programme, certificate.kind) if enrolment else None
    return None
