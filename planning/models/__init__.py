"""Consultations, participations and plans."""

from planning.models.appointments import (
    ACTIVE_STATES,
    Appointment,
    AppointmentCell,
    AppointmentLink,
    AppointmentState,
    CalendarFeed,
    EarlierWish,
    VisitorCell,
)
from planning.models.availability import (
    Assignment,
    AvailabilityException,
    AvailabilityRule,
    ConsultationType,
    ExceptionKind,
    Mode,
    WhoMayBook,
)
from planning.models.participations import (
    MentoringKind,
    MentoringSession,
    Participation,
    ParticipationState,
    TermChoice,
)
from planning.models.placements import Placement, PlacementState
from planning.models.plans import (
    OPEN_STATES,
    ItemKind,
    Party,
    Plan,
    PlanItem,
    PlanParty,
    PlanVersion,
    PlanVersionState,
    ReasonCode,
    Recognition,
)
from planning.models.records import ConsultationRecord, Finding, FindingKind, FollowUp
from planning.models.signatures import PlanComment, PlanSignature, ProposedContent, SignatureMethod

__all__ = [
    "ACTIVE_STATES", "OPEN_STATES", "Appointment", "AppointmentCell", "AppointmentLink", "AppointmentState",
    "Assignment", "AvailabilityException", "AvailabilityRule", "CalendarFeed", "ConsultationRecord",
    "ConsultationType", "EarlierWish", "ExceptionKind", "Finding", "FindingKind", "FollowUp", "ItemKind",
    "MentoringKind", "MentoringSession", "Mode", "Participation", "ParticipationState", "Party", "Placement",
    "PlacementState", "Plan",
    "PlanComment", "PlanItem", "PlanParty", "PlanSignature", "PlanVersion", "PlanVersionState", "ProposedContent",
    "ReasonCode", "Recognition", "SignatureMethod", "TermChoice", "VisitorCell", "WhoMayBook",
]  # fmt: skip
