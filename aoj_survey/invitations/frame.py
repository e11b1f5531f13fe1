"""The frame: the list of people to be asked, read from a file and stored, whole or not at all."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from aoj_survey.errors import Fault, FrameError, StateError
from aoj_survey.keys import KeyDirectory
from aoj_survey.regions import Members, find_members
from aoj_survey.waves import RoleInstrument, read_participation

from .columns import COLUMNS, require_columns
from .contacts import hash_address, hash_person
from .entries import check_entries, list_entries, make_words
from .models import Invitee
from .optouts import find_opted_out
from .organisations import SPREAD, find_moved, link_organisations
from .records import FrameRow, add_invitations
from .tables import MAX_FILE, read_table


@dataclass(frozen=True, slots=True)
class FrameFile:
    """A frame file without faults: its people, and the file's row of each.

    `ignored` are columns with names of people, `unread` others that were not asked for.
    """

    rows: tuple[FrameRow, ...]
    ignored: tuple[str, ...]
    numbers: tuple[int, ...]
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FrameReading:
    """How somebody wants a file read: columns by name, and what to take for granted.

    `shared`: several people may have one address; `windows`: text that is not UTF-8 is Windows-1252; `spread`: an
    organisation may lie in several municipalities or school partnerships.
    """

    columns: Mapping[str, str]
    shared: bool = False
    windows: bool = False
    spread: bool = False


PLAIN = FrameReading({})


def load_frame(
    path: Path,
    roles: Collection[str],
    languages: Sequence[str],
    reading: FrameReading = PLAIN,
    members: Members | None = None,
) -> FrameFile:
    """Return the people on a frame file as `read_frame` does, reading no more than it takes; raises OSError too."""
    with path.open("rb") as file:
        return read_frame(file.read(MAX_FILE + 1), roles, languages, reading, members)


def read_frame(
    content: bytes,
    roles: Collection[str],
    languages: Sequence[str],
    reading: FrameReading = PLAIN,
    members: Members | None = None,
) -> FrameFile:
    """Return the people on a frame file.

    Args:
        content: the file: CSV, XLSX or ODS.
        roles: the codes of the roles that have a questionnaire.
        languages: the codes mails can be written in; the first is meant where the file says nothing.
        reading: which columns to read, and what to take for granted.
        members: those of the region, where they are known: any other municipality or partnership is a fault.

    Raises:
        FrameError: the file has faults; all of them are named, by row and column, with what was meant.
    """
    table = read_table(content, windows=reading.windows)
    columns = require_columns(table, reading.columns)
    if not table.rows:
        raise FrameError(
            [Fault(1, "", "", "The file holds no people. Put one on each row below the header.")]
        )
    checked = link_organisations(
        check_entries(list_entries(table, columns), make_words(roles, languages, members))
    )
    allowed = {"shared_file"} if reading.shared else set[str]()
    allowed |= SPREAD if reading.spread else set[str]()
    faults = [fault for item in checked for fault in item.faults if fault.code not in allowed]
    if faults:
        raise FrameError(faults)
    return FrameFile(
        tuple(item.row for item in checked),
        columns.ignored,
        tuple(item.number for item in checked),
        columns.unread,
    )


def import_frame(
    connection: Connection,
    keys: KeyDirectory,
    participation: UUID,
    frame: FrameFile,
    *,
    shared: bool = False,
    spread: bool = False,
) -> int:
    """Put the people of a frame file on the list and return how many; who wants no more mail is skipped.

    Raises:
        FrameError: somebody is on the list already, or a role has no questionnaire in this wave; every such
            row is named, and nobody is added.
        StateError: the participation is closed.
    """
    require_open(connection, participation)
    asked = find_asked(connection, participation)
    faults = [
        Fault(
            number,
            "role",
            row.role,
            "This role has no questionnaire in this wave. Plan one, or take the row out.",
            "role_unasked",
        )
        for number, row in zip(frame.numbers, frame.rows, strict=True)
        if row.role not in asked
    ]
    numbered = list(zip(frame.numbers, frame.rows, strict=True))
    faults += [
        fault
        for fault in find_listed(connection, keys, participation, numbered)
        if not shared or fault.code != "shared_list"
    ]
    faults += find_moved(connection, keys, participation, numbered) if not spread else []
    if faults:
        raise FrameError(sorted(faults, key=lambda fault: fault.row))
    out = find_opted_out(connection, keys, participation, [row.address for row in frame.rows])
    return store_people(
        connection, keys, participation, [row for row in frame.rows if row.address not in out], linked=True
    )


def find_region_members(connection: Connection, participation: UUID) -> Members:
    """Return the members of the region that takes part."""
    return find_members(connection, read_participation(connection, participation).region)


def require_open(connection: Connection, participation: UUID) -> None:
    """Raise StateError when nobody can be added to the list of a participation any more."""
    facts = read_participation(connection, participation)
    if facts.status not in {"planned", "running"}:
        raise StateError(
            f"Wave {facts.wave} is {facts.status} in {facts.region}: nobody can be added any more."
        )


def find_asked(connection: Connection, participation: UUID) -> frozenset[str]:
    """Return the roles that have a questionnaire in a participation."""
    query = select(RoleInstrument.role).where(RoleInstrument.participation_id == participation)
    return frozenset(connection.execute(query).scalars())


def find_listed(
    connection: Connection,
    keys: KeyDirectory,
    participation: UUID,
    rows: Sequence[tuple[int, FrameRow]],
) -> list[Fault]:
    """Return a fault for each row (with its number) whose person, or address, is on the list already.

    The code is `listed` for the same person, and `shared_list` for an address of somebody else.
    """
    key = keys.contact(participation)
    query = select(Invitee.address_hash, Invitee.person_hash).where(Invitee.participation_id == participation)
    known = connection.execute(query).all()
    addresses, people = {row.address_hash for row in known}, {row.person_hash for row in known}
    faults: list[Fault] = []
    for number, row in rows if known else ():
        if hash_address(key, row.address) not in addresses:
            continue
        code, what = "listed", "This address is on the list already. Take the row out."
        if hash_person(key, row.address, row.role, row.organisation) not in people:
            code = "shared_list"
            what = (
                "This address is on the list already, with another role or organisation."
                " Take the row out, or say that several people share it: --shared"
            )
        faults.append(Fault(number, COLUMNS["address"][0], row.address, what, code, "address"))
    return faults


def store_people(
    connection: Connection,
    keys: KeyDirectory,
    participation: UUID,
    rows: Sequence[FrameRow],
    *,
    linked: bool,
) -> int:
    """Put people on the list who were checked before, and return how many.

    Raises:
        StateError: somebody else put one of them on it in between; nobody is added.
    """
    try:
        add_invitations(connection, keys, participation, rows, linked=linked)
    except IntegrityError:
        message = "Somebody else changed the list just now. Nobody was added; try again."
        raise StateError(message) from None
    return len(rows)
