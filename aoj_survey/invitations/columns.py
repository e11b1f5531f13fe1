"""Which column of a list says what: by its name, else by what is in it. A guess is there to be confirmed."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from aoj_survey.errors import Fault, FrameError
from aoj_survey.questionnaire import ROLES

from .cells import (
    LANGUAGE_NAMES,
    LANGUAGES,
    fold,
    looks_like_address,
    read_sector,
    role_words,
    suggest_role,
)
from .tables import Table

COLUMNS: dict[str, tuple[str, ...]] = {
    "address": (
        "e-mail",
        "email",
        "mail",
        "e-mailadres",
        "mailadres",
        "emailadres",
        "e-mail adres",
        "email adres",
        "address",
        "e-mail address",
        "email address",
    ),
    "role": ("rol", "role", "functie"),
    "organisation": ("organisatie", "organisation", "school", "schoolnaam", "instelling", "naam organisatie"),
    "language": ("taal", "language"),
    "sector": ("sector", "soort organisatie", "soort", "onderwijssoort", "kind of organisation"),
    "municipality": ("gemeente", "municipality"),
    "swv": ("swv", "samenwerkingsverband"),
}
"""The columns that are read, with the names they may have; the first name is the one we write."""

NEEDED = ("address", "role", "organisation")

NAME_COLUMNS = (
    "naam",
    "name",
    "voornaam",
    "achternaam",
    "tussenvoegsel",
    "first name",
    "last name",
    "surname",
)
"""Columns that are passed over: names of people are not stored at all."""

SAMPLE = 200
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each column stands in a table.

    `guessed` are those told by their content only, `ignored` the names of those with names of people, and
    `unread` of all others that are not read.
    """

    places: Mapping[str, int]
    guessed: frozenset[str]
    ignored: tuple[str, ...]
    unread: tuple[str, ...]


def guess_columns(table: Table) -> Columns:
    """Return where each column of a list probably stands: by its name, else by what most of its cells say."""
    places, ignored = _read_names(table.header)
    named = set(places)
    for key, fits in _guesses().items():
        if key not in places:
            free = [place for place in _free(table, places) if _says(table, place, fits)]
            places |= {key: free[0]} if free else {}
    return _describe(table, places, frozenset(set(places) - named), ignored)


def place_columns(table: Table, chosen: Mapping[str, int]) -> Columns:
    """Return the columns as somebody chose them, by place."""
    return _describe(table, dict(chosen), frozenset(), _read_names(table.header)[1])


def require_columns(table: Table, chosen: Mapping[str, str]) -> Columns:
    """Return the columns of a list that needs no confirmation: each is named, or `chosen` by its name.

    With anything chosen, columns that are not known are not read; else they are faults.

    Raises:
        FrameError: a column is missing, unknown or there twice; a fault proposes the one it probably is.
    """
    places, ignored = _read_names(table.header)
    faults: list[Fault] = []
    for key, name in chosen.items():
        found = [place for place, cell in enumerate(table.header) if fold(cell) == fold(name)]
        if key not in COLUMNS or len(found) != 1:
            what = f"There is no such column, or more than one. Columns are read as: {', '.join(COLUMNS)}."
            faults.append(Fault(1, name, f"{key}={name}", what, "column_unknown"))
        else:
            places = {other: place for other, place in places.items() if place != found[0]} | {key: found[0]}
    faults += _find_unknown(table.header, places, ignored) if not chosen else []
    guess = guess_columns(table)
    for key in NEEDED:
        if key not in places:
            place = guess.places.get(key)
            proposal = table.header[place] if place is not None else ""
            what = "This column is missing. The first row must name the columns."
            if proposal:
                what += f" If it is {proposal!r}, say so with: --column '{key}={proposal}'"
            faults.append(Fault(1, COLUMNS[key][0], "", what, "column_missing", key, proposal))
    if faults:
        raise FrameError(sorted(faults, key=lambda fault: fault.row))
    return _describe(table, places, frozenset(), ignored)


def _read_names(header: Sequence[str]) -> tuple[dict[str, int], tuple[str, ...]]:
    """Where each known name stands first, and the names of columns with names of people."""
    places: dict[str, int] = {}
    for place, cell in enumerate(header):
        key = next((key for key, names in COLUMNS.items() if fold(cell) in names), None)
        if key is not None:
            places.setdefault(key, place)
    return places, tuple(cell.strip() for cell in header if fold(cell) in NAME_COLUMNS)


def _find_unknown(header: Sequence[str], places: Mapping[str, int], ignored: Collection[str]) -> list[Fault]:
    faults: list[Fault] = []
    for place, cell in enumerate(header):
        if place in places.values() or cell.strip() in ignored:
            continue
        if any(fold(cell) in names for names in COLUMNS.values()):
            faults.append(Fault(1, cell, cell, "This column is there twice. Keep one.", "column_twice"))
        else:
            known = ", ".join(names[0] for names in COLUMNS.values())
            what = f"This column is not known. Known: {known}; a name column is passed over."
            faults.append(Fault(1, cell, cell, what, "column_unknown"))
    return faults


def _guesses() -> dict[str, Callable[[str], bool]]:
    roles = role_words(ROLES)
    languages = {*LANGUAGES, *LANGUAGE_NAMES}
    return {
        "address": looks_like_address,
        "role": lambda cell: fold(cell) in roles or bool(suggest_role(cell, roles)),
        "language": lambda cell: fold(cell) in languages,
        "sector": lambda cell: read_sector(cell)[1] is None,
    }


def _free(table: Table, places: Mapping[str, int]) -> list[int]:
    return [
        place
        for place, cell in enumerate(table.header)
        if place not in places.values() and fold(cell) not in NAME_COLUMNS
    ]


def _says(table: Table, place: int, fits: Callable[[str], bool]) -> bool:
    """Whether most cells of a column that hold something fit."""
    cells = [cells[place].strip() for _, cells in table.rows[:SAMPLE] if place < len(cells)]
    full = [cell for cell in cells if cell]
    return bool(full) and sum(map(fits, full)) > HALF * len(full)


def _describe(
    table: Table, places: dict[str, int], guessed: frozenset[str], ignored: tuple[str, ...]
) -> Columns:
    unread = tuple(
        cell.strip()
        for place, cell in enumerate(table.header)
        if place not in places.values() and cell.strip() and cell.strip() not in ignored
    )
    return Columns(places, guessed, ignored, unread)
