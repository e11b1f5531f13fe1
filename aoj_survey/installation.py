"""What every door is given of the machine it runs on: settings, keys, a clock, and the region modules."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from .config import Settings
from .hooks import Hooks
from .keys import KeyDirectory

Clock: TypeAlias = Callable[[], datetime]
"""Tells the moment, in UTC."""


@dataclass(frozen=True, slots=True)
class Installation:
    """Lies at `app.extensions["aoj"]`; doors read it there and pass its values on as arguments."""

    settings: Settings
    keys: KeyDirectory
    now: Clock
    hooks: Hooks
