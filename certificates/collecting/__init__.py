"""Collect what a certificate says, one small collector for each source. Only this folder reads the rooms below.

`plan` knows the agreed plan of a participation, `results` the results of courses, `snapshots` what another room or
another house hands over as plain data, in the shape of `handed_shape`. `parts` is what all of them put together.
"""

from certificates.collecting.again import collect_again
from certificates.collecting.found import Collected
from certificates.collecting.parts import issuer_of
from certificates.collecting.plan import agreed_fees, collect, is_ready, lines_to_confirm
from certificates.collecting.results import COURSE_KINDS, collect_course, collect_transcript
from certificates.collecting.snapshots import COLLECTORS, collect_handed, faults_of

__all__ = [
    "COLLECTORS",
    "COURSE_KINDS",
    "Collected",
    "agreed_fees",
    "collect",
    "collect_again",
    "collect_course",
    "collect_handed",
    "collect_transcript",
    "faults_of",
    "is_ready",
    "issuer_of",
    "lines_to_confirm",
]
