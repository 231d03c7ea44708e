"""Consultations, participations and plans."""

from planning.models.consultations import (
    ACTIVE_STATES,
    Appointment,
    AppointmentCell,
    AppointmentLink,
    AppointmentState,
    Assignment,
    AvailabilityException,
    AvailabilityRule,
    CalendarFeed,
    ConsultationRecord,
    ConsultationType,
    EarlierWish,
    ExceptionKind,
    Finding,
    FindingKind,
    FollowUp,
    Mode,
    VisitorCell,
    WhoMayBook,
)
from planning.models.participations import (
    MentoringKind,
    MentoringSession,
    Participation,
    ParticipationState,
    TermChoice,
)
from planning.models.plans import (
    OPEN_STATES,
    ItemKind,
    Party,
    Plan,
    PlanComment,
    PlanItem,
    PlanParty,
    PlanSignature,
    PlanVersion,
    PlanVersionState,
    ProposedContent,
    ReasonCode,
    Recognition,
    SignatureMethod,
)

__all__ = [
    "ACTIVE_STATES", "OPEN_STATES", "Appointment", "AppointmentCell", "AppointmentLink", "AppointmentState",
    "Assignment", "AvailabilityException", "AvailabilityRule", "CalendarFeed", "ConsultationRecord",
    "ConsultationType", "EarlierWish", "ExceptionKind", "Finding", "FindingKind", "FollowUp", "ItemKind",
    "MentoringKind", "MentoringSession", "Mode", "Participation", "ParticipationState", "Party", "Plan",
    "PlanComment", "PlanItem", "PlanParty", "PlanSignature", "PlanVersion", "PlanVersionState", "ProposedContent",
    "ReasonCode", "Recognition", "SignatureMethod", "TermChoice", "VisitorCell", "WhoMayBook",
]  # fmt: skip
