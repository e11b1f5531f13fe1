"""The rows of a list, checked: what each says, every fault by row and column, and what was probably meant."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from aoj_survey.errors import Fault
from aoj_survey.questionnaire import ROLES
from aoj_survey.regions import Members

from .cells import (
    Slip,
    find_control,
    fold,
    member_words,
    read_address,
    read_language,
    read_member,
    read_organisation,
    read_role,
    read_sector,
    role_words,
)
from .columns import COLUMNS, Columns
from .lists import release
from .records import FrameRow
from .tables import Table


@dataclass(frozen=True, slots=True)
class Words:
    """What roles, languages and the region's members may be called.

    `elsewhere` are roles without a questionnaire in this wave. Without members any place is taken.
    """

    roles: Mapping[str, str]
    elsewhere: Collection[str]
    languages: Sequence[str]
    municipalities: Mapping[str, str]
    partnerships: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a list before it is a person: its number, and its texts by what they are read as.

    `names` are the columns' names in the file; `surplus` is a cell beyond the last of them.
    """

    number: int
    texts: Mapping[str, str]
    names: Mapping[str, str]
    surplus: str = ""


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row as it would be stored, and what is wrong with it."""

    number: int
    row: FrameRow
    faults: tuple[Fault, ...]


def make_words(asked: Collection[str], languages: Sequence[str], members: Members | None = None) -> Words:
    """Return the words for lists of a wave in which these roles are asked, in a region with these members."""
    elsewhere = frozenset(role_words(set(ROLES) - set(asked)))
    return Words(role_words(asked), elsewhere, languages, *member_words(members or Members()))


def list_entries(table: Table, columns: Columns) -> list[Entry]:
    """Return the rows of a table by what its columns are read as."""
    names = {key: table.header[place].strip() for key, place in columns.places.items()}
    return [
        Entry(
            number,
            {
                key: release(cells[place].strip()) if place < len(cells) else ""
                for key, place in columns.places.items()
            },
            names,
            next((cell for cell in cells[len(table.header) :] if cell.strip()), ""),
        )
        for number, cells in table.rows
    ]


def check_entries(entries: Iterable[Entry], words: Words) -> list[CheckedRow]:
    """Return each row with what is wrong with it, those twice in the list included.

    The same address with another role or organisation is a fault that can be confirmed (`shared_file`).
    """
    checked = [read_entry(entry, words) for entry in entries]
    addresses: dict[str, CheckedRow] = {}
    people: dict[tuple[str, str, str], CheckedRow] = {}
    for place, item in enumerate(checked):
        row = item.row
        if not row.address:
            continue
        first = addresses.setdefault(row.address.casefold(), item)
        same = people.setdefault((row.address.casefold(), row.role, fold(row.organisation)), item)
        if first is not item:
            fault = _twice(item, same) if same is not item else _shared(item, first)
            checked[place] = CheckedRow(item.number, row, (*item.faults, fault))
    return checked


def _twice(item: CheckedRow, other: CheckedRow) -> Fault:
    what = f"This address is there twice, also in row {other.number}. Keep one."
    return Fault(item.number, _NAME, item.row.address, what, "double", "address", other=other.number)


def _shared(item: CheckedRow, other: CheckedRow) -> Fault:
    what = (
        f"This address is there twice, also in row {other.number}, with another role or organisation."
        " Keep one, or say that several people share it: --shared"
    )
    return Fault(item.number, _NAME, item.row.address, what, "shared_file", "address", other=other.number)


_NAME = COLUMNS["address"][0]


def read_entry(entry: Entry, words: Words) -> CheckedRow:
    """Return what one row says, and what is wrong with its cells."""
    texts = {key: entry.texts.get(key, "") for key in COLUMNS}
    address, wrong_address = read_address(texts["address"])
    role, wrong_role = _read_role(texts["role"], words)
    language, wrong_language = read_language(texts["language"], words.languages)
    sector, wrong_sector = read_sector(texts["sector"])
    municipality, wrong_municipality = read_member(
        texts["municipality"], words.municipalities, "municipality_unknown"
    )
    swv, wrong_swv = read_member(texts["swv"], words.partnerships, "swv_unknown")
    slips = {
        "address": wrong_address,
        "role": wrong_role,
        "organisation": read_organisation(texts["organisation"])[1],
        "language": wrong_language,
        "sector": wrong_sector,
        "municipality": wrong_municipality,
        "swv": wrong_swv,
    }
    faults = [
        Fault(entry.number, name, texts[key], slip.what, slip.code, key, slip.proposal)
        for key, name in entry.names.items()
        if (slip := find_control(texts[key]) or slips[key])
    ]
    if entry.surplus:
        what = "This row has more cells than the header. Check its quotes."
        faults.append(Fault(entry.number, "", entry.surplus, what, "surplus"))
    row = FrameRow(address, role, texts["organisation"], language, sector, municipality, swv)
    return CheckedRow(entry.number, row, tuple(faults))


def _read_role(text: str, words: Words) -> tuple[str, Slip | None]:
    if fold(text) in words.elsewhere:
        what = "This role has no questionnaire in this wave. Plan one, or take the row out."
        return "", Slip("role_unasked", what)
    return read_role(text, words.roles)
