"""Findings: what is right and wrong before mail goes out, kept by the worker for the pages."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from sqlalchemy import Connection

from aoj_survey.invitations import read_note, write_note

from .sentences import SENTENCES

PREFLIGHT_NOTE = "preflight"
"""The service note that holds the findings."""

FORMAT = 1
Level: TypeAlias = Literal["ok", "advice", "fault"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: a sentence by its `code`, with values to fill in.

    A `fault` keeps mail from arriving or answers from being safe; `advice` is what we cannot judge or what could
    be better. `detail` is for who runs `aoj doctor` on the machine: it may name files, and is not kept.
    """

    check: str
    level: Level
    code: str
    values: Mapping[str, str | int] = field(default_factory=dict[str, str | int])
    detail: str = ""

    @property
    def sentence(self) -> str:
        """The sentence with its values still open, as the catalogues know it."""
        return SENTENCES[self.code]

    @property
    def text(self) -> str:
        """The finding in English."""
        return self.sentence % self.values if self.values else self.sentence


NOT_CHECKED = (Finding("preflight", "fault", "not_checked"),)
"""What is known before the worker made its first checks."""


def store_findings(connection: Connection, findings: Sequence[Finding], now: datetime) -> None:
    """Keep findings for the pages, in place of the former; without their details."""
    kept = [
        {"check": one.check, "level": one.level, "code": one.code, "values": dict(one.values)}
        for one in findings
    ]
    write_note(connection, PREFLIGHT_NOTE, now, json.dumps({"format": FORMAT, "findings": kept}))


def read_findings(connection: Connection) -> tuple[Finding, ...]:
    """Return what was found last, in order of the checks; a fault when nothing was checked yet; one statement."""
    note = read_note(connection, PREFLIGHT_NOTE)
    if note is None:
        return NOT_CHECKED
    kept = json.loads(note.text)
    known = [one for one in kept["findings"] if one["code"] in SENTENCES]
    # What another version of this engine found is found again within the hour.
    return tuple(Finding(**one) for one in known) if kept["format"] == FORMAT else NOT_CHECKED


def find_mail_fault(connection: Connection) -> Finding | None:
    """Return what was found last that keeps the mail server from taking any mail; None when it takes mail."""
    found = read_findings(connection)
    # Mail that could be overheard goes out all the same.
    return next(
        (one for one in found if (one.check, one.level) == ("smtp", "fault") and one.code != "smtp_open"),
        None,
    )


def read_checked_at(connection: Connection) -> datetime | None:
    """Return when the checks were made last; None when they never were."""
    note = read_note(connection, PREFLIGHT_NOTE)
    return note.at if note else None
