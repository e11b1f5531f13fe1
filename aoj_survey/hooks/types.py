"""The values region modules give."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Region:
    """A region that holds the monitor.

    `code` stands in addresses and file names (small letters, figures, `-`, `_`). `members` are the names of
    its municipalities and school partnerships (those begin with `swv`).
    """

    code: str
    name: str
    languages: tuple[str, ...] = ("nl",)
    time_zone: str = "Europe/Amsterdam"
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MessageText:
    """Words of a mail in one language; what is empty stays as the engine writes it.

    `subject` replaces the subject. `purpose` says in a sentence or two what the monitor is for; it replaces
    the engine's in invitations and is added to reminders. `signature` stands under "Kind regards".
    """

    subject: str = ""
    purpose: str = ""
    signature: str = ""
