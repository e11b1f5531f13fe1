"""The attacker's program: tries to link answers to people with all that can be stolen, and reports how it went."""

from .attack import Means, Report, relink_wave
from .attempts import Attempt, Outcome
from .loot import carry_off, copy_rows, find_write_ahead_log, take_database
from .needles import find_needles
from .order import (
    LIMIT,
    are_random,
    compare_classes,
    find_file_places,
    follow_ids,
    rank_correlation,
    read_storage_order,
)
from .packing import LootError
from .report import describe_report, render_report, write_report
from .schema import BOX, inspect_columns, inspect_live, inspect_models
from .transactions import count_matches, count_neighbours, count_transactions
from .values import find_shared_values, list_answers, list_known_values
from .words import Text

__all__ = [
    "BOX",
    "LIMIT",
    "Attempt",
    "LootError",
    "Means",
    "Outcome",
    "Report",
    "Text",
    "are_random",
    "carry_off",
    "compare_classes",
    "copy_rows",
    "count_matches",
    "count_neighbours",
    "count_transactions",
    "describe_report",
    "find_file_places",
    "find_needles",
    "find_shared_values",
    "find_write_ahead_log",
    "follow_ids",
    "inspect_columns",
    "inspect_live",
    "inspect_models",
    "list_answers",
    "list_known_values",
    "rank_correlation",
    "read_storage_order",
    "relink_wave",
    "render_report",
    "take_database",
    "write_report",
]
