"""A questionnaire file that is being written: what it says now, and what it said when it last compiled."""

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from aoj_survey.authoring import Inspection
from aoj_survey.errors import AojError, Problem
from aoj_survey.questionnaire import Instrument

Look: TypeAlias = Callable[[str], Inspection]
"""Looks at the file as it is now, with advice in a language."""


@dataclass(frozen=True, slots=True)
class Sight:
    """The file as it is now.

    `instrument` is what it asks; of an earlier version where it `is_old`, None when it never compiled.
    """

    version: str
    text: str
    problems: tuple[Problem, ...]
    instrument: Instrument | None
    unchecked: tuple[str, ...]
    is_old: bool


class Watch:
    """Looks at a file again when it, or another file that was read for it, is not what it was."""

    def __init__(self, path: Path, look: Look) -> None:
        self.path = path
        self._look = look
        self._files = {path}
        self._seen: dict[str, Sight] = {}
        self._good: Inspection | None = None
        self._guard = threading.Lock()

    def version(self) -> str:
        """Return what changes when a file does."""
        digest = hashlib.sha256()
        for file in sorted(self._files):
            digest.update(f"{file}\0".encode() + _read_bytes(file) + b"\0")
        return digest.hexdigest()[:16]

    def see(self, language: str) -> Sight:
        """Return the file as it is now, with advice in a language."""
        with self._guard:
            known = self._seen.get(language)
            if known is None or known.version != self.version():
                known = self._seen[language] = self._look_again(language)
            return known

    def _look_again(self, language: str) -> Sight:
        text = _read_bytes(self.path).decode("utf-8", errors="replace")
        try:
            found = self._look(language)
        except AojError as error:
            found = Inspection((Problem("not-usable", str(self.path), 1, 1, str(error), ""),))
        self._files.update(found.files)
        if found.instrument is not None:
            self._good = found
        good = self._good
        return Sight(
            self.version(),
            text,
            found.problems,
            good.instrument if good else None,
            good.unchecked if good else (),
            is_old=found.instrument is None,
        )


def _read_bytes(path: Path) -> bytes:
    """The file, or nothing in the moment in which an editor puts another in its place."""
    try:
        return path.read_bytes()
    except OSError:
        return b""
