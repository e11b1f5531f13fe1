"""Waves and participations: planned, looked up, and what was frozen at their start."""

from .audit import Act, list_acts, record_act
from .errata import MadeErratum, list_errata, make_erratum, read_shown_instrument
from .instruments import label_role, read_instrument, role_digests
from .models import (
    AuditLine,
    FinalCount,
    FinalDisposition,
    MailMoment,
    Participation,
    RoleInstrument,
    StoredCaptureClass,
    StoredErratum,
    StoredInstrument,
    Stratum,
    Wave,
)
from .participations import (
    ParticipationFacts,
    find_participation,
    hold_running,
    list_participations,
    participation_facts,
    read_participation,
    select_participations,
)
from .planning import KINDS, Plan, plan_participation, read_moments
from .sending import allow_sending, may_send, pause_participation, resume_participation

__all__ = [
    "KINDS",
    "Act",
    "AuditLine",
    "FinalCount",
    "FinalDisposition",
    "MadeErratum",
    "MailMoment",
    "Participation",
    "ParticipationFacts",
    "Plan",
    "RoleInstrument",
    "StoredCaptureClass",
    "StoredErratum",
    "StoredInstrument",
    "Stratum",
    "Wave",
    "allow_sending",
    "find_participation",
    "hold_running",
    "label_role",
    "list_acts",
    "list_errata",
    "list_participations",
    "make_erratum",
    "may_send",
    "participation_facts",
    "pause_participation",
    "plan_participation",
    "read_instrument",
    "read_moments",
    "read_participation",
    "read_shown_instrument",
    "record_act",
    "resume_participation",
    "role_digests",
    "select_participations",
]
