"""Region modules written for one test."""

from pathlib import Path
from textwrap import dedent

from aoj_survey.hooks import Hooks, RegionHooks, load_hooks

PREAMBLE = """
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from aoj_survey.api import *
__version__ = "1.0"
"""


def write_module(folder: Path, name: str, source: str, *, preamble: str = PREAMBLE) -> Path:
    """Make the module `name` in a folder of modules."""
    place = folder / name
    place.mkdir(parents=True)
    (place / "__init__.py").write_text(preamble + dedent(source), encoding="utf-8")
    return place


def load(folder: Path, **sources: str) -> Hooks:
    """Write and load modules, by name."""
    for name, source in sources.items():
        write_module(folder, name, source)
    return load_hooks(folder, sources)


def ask_region(folder: Path, source: str) -> RegionHooks:
    """The hooks of the region Rijnmeer with one module, `own`."""
    return load(folder, own=source).of_region("rijnmeer", ["own"])
