"""The catalogue and what happens in it: modules, their versions, offerings, sessions, enrolments, results."""

from modules.models.enrolments import ENDED_WITHOUT, RUNNING, SEATED, Enrolment, EnrolmentQuerySet, EnrolmentState
from modules.models.keeping import catalogue_organisations, keeping_roles
from modules.models.offerings import Access, Attendance, Offering, OfferingQuerySet, OfferingState, Session
from modules.models.results import AttendanceRecord, AttendanceState, Result, ResultQuerySet, ResultState
from modules.models.versions import PUBLIC_VERSION_STATES, Module, ModuleQuerySet, ModuleVersion, ModuleVersionQuerySet
from modules.models.words import (
    Admission,
    CreditFramework,
    Mode,
    ModuleKind,
    OutcomeKind,
    QualityAssurance,
    Supervision,
    VersionState,
)

__all__ = [
    "ENDED_WITHOUT", "PUBLIC_VERSION_STATES", "RUNNING", "SEATED", "Access", "Admission", "Attendance",
    "AttendanceRecord", "AttendanceState", "CreditFramework", "Enrolment", "EnrolmentQuerySet", "EnrolmentState",
    "Mode", "Module", "ModuleKind", "ModuleQuerySet", "ModuleVersion", "ModuleVersionQuerySet", "Offering",
    "OfferingQuerySet", "OfferingState", "OutcomeKind", "QualityAssurance", "Result", "ResultQuerySet",
    "ResultState", "Session", "Supervision", "VersionState", "catalogue_organisations",
    "keeping_roles",
]  # fmt: skip
