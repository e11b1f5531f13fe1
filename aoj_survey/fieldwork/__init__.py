"""The turns of a participation that touch frame, box and counts together: start, close, opening's end, purge."""

from .areas import forecast_areas
from .closing import close_due, close_participation, sweep_drafts
from .finish import destroy_small_boxes, finish_openings
from .openings import open_asked
from .purge import purge_due
from .readiness import require_worker_keys
from .relinking import renew_links
from .start import start_participation
from .turns import TurnError

__all__ = [
    "TurnError",
    "close_due",
    "close_participation",
    "destroy_small_boxes",
    "finish_openings",
    "forecast_areas",
    "open_asked",
    "purge_due",
    "renew_links",
    "require_worker_keys",
    "start_participation",
    "sweep_drafts",
]
