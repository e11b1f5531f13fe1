"""Open answers from the opening on: out of the responses, marked, in a table of their own."""

from .levels import choose_levels
from .marks import Mark, MarkKind, Names, dump_marks, load_marks
from .models import OpenAnswer, OpenItem
from .names import read_names
from .texts import FEWEST, Gathered, OpenItems, find_open_items, store_texts, take_texts_out

__all__ = [
    "FEWEST",
    "Gathered",
    "Mark",
    "MarkKind",
    "Names",
    "OpenAnswer",
    "OpenItem",
    "OpenItems",
    "choose_levels",
    "dump_marks",
    "find_open_items",
    "load_marks",
    "read_names",
    "store_texts",
    "take_texts_out",
]
