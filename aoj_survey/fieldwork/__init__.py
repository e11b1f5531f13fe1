"""The turns of a participation that touch frame, box and counts together: start, close, opening's end, purge."""

from .closing import close_due, close_participation, sweep_drafts
from .finish import finish_openings
from .purge import purge_due
from .start import start_participation

__all__ = [
    "close_due",
    "close_participation",
    "finish_openings",
    "purge_due",
    "start_participation",
    "sweep_drafts",
]
