"""A list that somebody is still correcting on a page: kept sealed between two steps, and nobody is asked by it."""

import json
import os
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, delete, insert, select, update

from aoj_survey.errors import Fault
from aoj_survey.keys import KeyDirectory, derive

from .cells import LANGUAGES
from .columns import COLUMNS, place_columns
from .entries import CheckedRow, Entry, check_entries, list_entries, make_words
from .frame import find_asked, find_listed, find_region_members, store_people
from .models import FrameUpload
from .optouts import find_opted_out
from .organisations import SPREAD, find_moved, link_organisations
from .tables import Table

VERSION = 1
NONCE = 12
KEPT = timedelta(days=7)

SOLVED_BY_SAYING_SO = frozenset({"shared_file", "shared_list", "surplus"}) | SPREAD
"""Faults that are none once somebody confirms that the row is right as it is."""

LEFT_OUT = frozenset({"opted_out"})
"""Faults whose row is never added, whatever is typed."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A list as far as it came.

    `places` is where each column stands, None until somebody confirmed that. By the number of a row: `texts`
    are what was typed instead, `skipped` rows are left out, and `confirmed` ones are right as they are.
    """

    name: str
    table: Table
    places: Mapping[str, int] | None = None
    texts: Mapping[int, Mapping[str, str]] = field(default_factory=dict[int, Mapping[str, str]])
    skipped: frozenset[int] = frozenset()
    confirmed: frozenset[int] = frozenset()
    id: UUID = field(default_factory=uuid4)
    supplier: UUID | None = None

    @property
    def is_begun(self) -> bool:
        """Whether anything was typed or chosen for its rows."""
        return bool(self.texts or self.skipped or self.confirmed)


@dataclass(frozen=True, slots=True)
class CheckedUpload:
    """The rows of a list: those that are good, those with a fault, and those that are skipped.

    `quiet` are good rows that are not added and not told of: on a supplier's list, who is on the list already
    or wants no mail is nobody else's business. `roles` are those that are asked.
    """

    good: tuple[CheckedRow, ...]
    faulty: tuple[CheckedRow, ...]
    skipped: tuple[CheckedRow, ...]
    quiet: tuple[CheckedRow, ...] = ()
    roles: tuple[str, ...] = ()

    @property
    def read(self) -> int:
        """How many rows there are."""
        return len(self.good) + len(self.faulty) + len(self.skipped) + len(self.quiet)

    @property
    def shown_good(self) -> int:
        """How many rows are called good."""
        return len(self.good) + len(self.quiet)


def start_upload(
    connection: Connection, keys: KeyDirectory, participation: UUID, upload: Upload, today: date
) -> None:
    """Keep a new list, sealed under the contact key."""
    connection.execute(
        insert(FrameUpload).values(
            id=upload.id,
            participation_id=participation,
            supplier_id=upload.supplier,
            sealed=_seal(keys.contact(participation), upload),
            made_on=today,
        )
    )


def keep_upload(connection: Connection, keys: KeyDirectory, participation: UUID, upload: Upload) -> bool:
    """Keep a list as far as it came, in place of what was kept before; return False when that is gone."""
    changed = connection.execute(
        update(FrameUpload)
        .where(FrameUpload.id == upload.id, FrameUpload.participation_id == participation)
        .values(sealed=_seal(keys.contact(participation), upload))
    )
    return changed.rowcount == 1


def read_upload(
    connection: Connection, keys: KeyDirectory, participation: UUID, upload: UUID
) -> Upload | None:
    """Return a list that was kept, or None when it is gone: added, cancelled, or a week old.

    Raises:
        InvalidTag: what is stored was changed.
    """
    row = connection.execute(
        select(FrameUpload.sealed, FrameUpload.supplier_id).where(
            FrameUpload.id == upload, FrameUpload.participation_id == participation
        )
    ).one_or_none()
    if row is None:
        return None
    return _open(keys.contact(participation), upload, row.sealed, row.supplier_id)


def list_uploads(connection: Connection, participation: UUID) -> dict[UUID, date]:
    """Return the lists that coordinators did not finish yet, with their days; those of suppliers are left out."""
    rows = connection.execute(
        select(FrameUpload.id, FrameUpload.made_on)
        .where(FrameUpload.participation_id == participation, FrameUpload.supplier_id.is_(None))
        .order_by(FrameUpload.made_on, FrameUpload.id)
    )
    return {row.id: row.made_on for row in rows}


def find_upload_of(connection: Connection, supplier: UUID) -> UUID | None:
    """Return the list that a supplier is correcting, if there is one."""
    query = select(FrameUpload.id).where(FrameUpload.supplier_id == supplier)
    return connection.execute(query).scalars().first()


def delete_upload(connection: Connection, participation: UUID, upload: UUID) -> bool:
    """Erase a list, by which nobody is asked; return False when it is gone already."""
    mine = FrameUpload.id == upload, FrameUpload.participation_id == participation
    return connection.execute(delete(FrameUpload).where(*mine)).rowcount == 1


def sweep_uploads(connection: Connection, today: date) -> int:
    """Erase lists that nobody finished in a week; return how many there were. Harmless when run twice."""
    return connection.execute(delete(FrameUpload).where(FrameUpload.made_on <= today - KEPT)).rowcount


def check_upload(
    connection: Connection, keys: KeyDirectory, participation: UUID, upload: Upload
) -> CheckedUpload:
    """Return the rows of a list whose columns are confirmed, by what is to be done with them.

    Only what is left counts: a row that is skipped is nobody's double.
    """
    entries = list_entries(upload.table, place_columns(upload.table, upload.places or {}))
    entries = [_correct(entry, upload.texts.get(entry.number, {})) for entry in entries]
    members = find_region_members(connection, participation)
    roles = find_asked(connection, participation)
    words = make_words(roles, LANGUAGES, members)
    skipped = check_entries((entry for entry in entries if entry.number in upload.skipped), words)
    checked = link_organisations(
        check_entries((entry for entry in entries if entry.number not in upload.skipped), words)
    )
    found = _find_known(connection, keys, participation, checked)
    good: list[CheckedRow] = []
    faulty: list[CheckedRow] = []
    quiet: list[CheckedRow] = []
    for item in checked:
        own = [fault for fault in item.faults if not _is_solved(fault, upload)]
        known = [fault for fault in found.get(item.number, []) if not _is_solved(fault, upload)]
        if upload.supplier is not None:
            (faulty if own else quiet if found.get(item.number) else good).append(
                replace(item, faults=tuple(own))
            )
        else:
            faults = (*own, *known)
            (faulty if faults else good).append(replace(item, faults=faults))
    return CheckedUpload(tuple(good), tuple(faulty), tuple(skipped), tuple(quiet), tuple(sorted(roles)))


def _correct(entry: Entry, typed: Mapping[str, str]) -> Entry:
    return replace(entry, texts={**entry.texts, **typed}) if typed else entry


def _is_solved(fault: Fault, upload: Upload) -> bool:
    return fault.code in SOLVED_BY_SAYING_SO and fault.row in upload.confirmed


def _find_known(
    connection: Connection, keys: KeyDirectory, participation: UUID, checked: Sequence[CheckedRow]
) -> dict[int, list[Fault]]:
    """Faults of rows whose person is on the list already or wants no mail, by row."""
    rows = [(item.number, item.row) for item in checked if item.row.address]
    out = find_opted_out(connection, keys, participation, [row.address for _, row in rows])
    column = COLUMNS["address"][0]
    faults = [
        Fault(number, column, row.address, "This address wants no more mail.", "opted_out", "address")
        for number, row in rows
        if row.address in out
    ]
    faults += find_moved(connection, keys, participation, rows)
    faults += [
        fault for fault in find_listed(connection, keys, participation, rows) if fault.value not in out
    ]
    found: dict[int, list[Fault]] = {}
    for fault in faults:
        found.setdefault(fault.row, []).append(fault)
    return found


def add_upload(
    connection: Connection, keys: KeyDirectory, participation: UUID, upload: Upload, checked: CheckedUpload
) -> int | None:
    """Put the good rows on the list in this transaction, erase the upload, and return how many were added.

    The worker makes their links. None when the upload is gone, as when a button was pressed twice.

    Raises:
        StateError: somebody else put one of them on the list in between; nobody is added.
        ValueError: there are rows with a fault.
    """
    if checked.faulty:
        raise ValueError("A list with faults is not added.")
    if not delete_upload(connection, participation, upload.id):
        return None
    return store_people(connection, keys, participation, [item.row for item in checked.good], linked=False)


def _seal(contact_key: bytes, upload: Upload) -> bytes:
    document = asdict(upload) | {
        "version": VERSION,
        "skipped": sorted(upload.skipped),
        "confirmed": sorted(upload.confirmed),
        "id": None,
        "supplier": None,
    }
    nonce = os.urandom(NONCE)
    packed = zlib.compress(json.dumps(document, ensure_ascii=False).encode())
    return nonce + AESGCM(derive(contact_key, "upload")).encrypt(nonce, packed, upload.id.bytes)


def _open(contact_key: bytes, identity: UUID, sealed: bytes, supplier: UUID | None) -> Upload:
    packed = AESGCM(derive(contact_key, "upload")).decrypt(sealed[:NONCE], sealed[NONCE:], identity.bytes)
    document: dict[str, Any] = json.loads(zlib.decompress(packed))
    table = document["table"]
    return Upload(
        name=document["name"],
        table=Table(
            tuple(table["header"]),
            tuple((number, tuple(cells)) for number, cells in table["rows"]),
            table["encoding"],
        ),
        places=document["places"],
        texts={int(row): texts for row, texts in document["texts"].items()},
        skipped=frozenset(document["skipped"]),
        confirmed=frozenset(document["confirmed"]),
        id=identity,
        supplier=supplier,
    )
