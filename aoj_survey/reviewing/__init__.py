"""Looking open answers through: what becomes of each is proposed by one person and confirmed by another."""

from .desk import (
    DECISIONS,
    Decision,
    Place,
    Progress,
    Proposed,
    ReviewError,
    Waiting,
    confirm,
    count_decisions,
    list_progress,
    list_proposed,
    list_waiting,
    propose,
    send_back,
)
from .redaction import OUT, RedactionError, propose_shortened, redact
from .released import ReleasedAnswer, read_released

__all__ = [
    "DECISIONS",
    "OUT",
    "Decision",
    "Place",
    "Progress",
    "Proposed",
    "RedactionError",
    "ReleasedAnswer",
    "ReviewError",
    "Waiting",
    "confirm",
    "count_decisions",
    "list_progress",
    "list_proposed",
    "list_waiting",
    "propose",
    "propose_shortened",
    "read_released",
    "redact",
    "send_back",
]
