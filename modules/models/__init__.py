"""The catalogue and what happens in it: modules, their versions, offerings, sessions, enrolments, results."""

from modules.models.enrolments import ENDED_WITHOUT, RUNNING, SEATED, Enrolment, EnrolmentQuerySet, EnrolmentState
from modules.models.keeping import catalogue_organisations, keeping_roles
from modules.models.offerings import Access, Attendance, Offering, OfferingQuerySet, OfferingState, Session
from modules.models.results import AttendanceRecord, AttendanceState, Result, ResultQuerySet, ResultState
from modules.models.versions import PUBLIC_VERSION_STATES, Module, ModuleQuerySet, ModuleVersion, ModuleVersionQuerySet
from modules.models.words import (
    Admission,
    Context,
    CreditFramework,
    Mode,
    ModuleKind,
    NeedServed,
    OutcomeKind,
    Purpose,
    QualityAssurance,
    Supervision,
    TagKind,
    VersionState,
)

__all__ = [
    "ENDED_WITHOUT", "PUBLIC_VERSION_STATES", "RUNNING", "SEATED", "Access", "Admission", "Attendance",
    "AttendanceRecord", "AttendanceState", "Context", "CreditFramework", "Enrolment", "EnrolmentQuerySet",
    "EnrolmentState", "Mode", "Module", "ModuleKind", "ModuleQuerySet", "ModuleVersion", "ModuleVersionQuerySet",
    "NeedServed", "Offering", "OfferingQuerySet", "OfferingState", "OutcomeKind", "Purpose", "QualityAssurance",
    "Result", "ResultQuerySet", "ResultState", "Session", "Supervision", "TagKind", "VersionState",
    "catalogue_organisations", "keeping_roles",
]  # fmt: skip
