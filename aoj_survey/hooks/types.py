"""The values region modules give, and those they are given."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from aoj_survey.questionnaire import Text

Cell: TypeAlias = int | float | str


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


@dataclass(frozen=True, slots=True)
class KnownColumn:
    """A column of a protected dataset, by what its codebook says: docs/datasets.md explains `holds`.

    `values` and `missing` are the words of its codes.
    """

    name: str
    holds: str
    label: Text
    values: Mapping[int, Text] = field(default_factory=dict[int, Text])
    missing: Mapping[int, Text] = field(default_factory=dict[int, Text])
    sensitive: bool = False
    quasi_identifier: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether whole numbers stand in it."""
        return self.holds not in {"text", "decimal"}


@dataclass(frozen=True, slots=True)
class DatasetFacts:
    """A protected dataset without its rows: of which wave and region, for whom (`profile`, `k`), how many rows and which columns."""

    wave: str
    region: str
    profile: str
    k: int
    rows: int
    columns: tuple[KnownColumn, ...]

    def find_column(self, name: str) -> KnownColumn | None:
        """Return the column of this name; None when there is none in this wave."""
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True, slots=True)
class DerivedColumn:
    """A column that is worked out of others, row by row, after these were protected.

    `compute` gets the cells of the `sources`, whole numbers that are no missing codes, and gives a whole number from 0
    up: one of `values` where there are any. Where a source has a missing code, the column has it too. It is sensitive
    when a source is. `how` says in the codebook how it was worked out. A `quasi_identifier` could be known of
    a person from elsewhere.
    """

    name: str
    label: Text
    how: Text
    sources: tuple[str, ...]
    compute: Callable[..., int]
    values: Mapping[int, Text] = field(default_factory=dict[int, Text])
    sensitive: bool = False
    quasi_identifier: bool = False


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    """A protected dataset to write to a file: its name, what is known of it, and its rows in the order of the columns."""

    name: str
    dataset: DatasetFacts
    rows: Sequence[tuple[Cell, ...]]


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A further file of a bundle, `data/responses.<ending>`.

    `write` makes it at a path; the same table gives the same bytes. `read`, where there is one, gives the rows back, which are
    compared with the dataset. `label` says what it is.
    """

    name: str
    ending: str
    media_type: str
    label: Text
    write: Callable[[Path, ProtectedTable], None]
    read: Callable[[Path], Iterable[Sequence[Cell]]] | None = None


CORE_ENDINGS = frozenset({"csv", "parquet", "xlsx", "sav", "dta"})
"""The endings of the engine's own data files."""


@dataclass(frozen=True, slots=True)
class StoredDataset:
    """A bundle that was written and read back: where it lies, the digest of all its bytes, and that of each file."""

    dataset: DatasetFacts
    name: str
    version: int
    folder: Path
    digest: str
    files: Mapping[str, str]
