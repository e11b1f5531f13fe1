"""What is known of a release, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeAlias

Origin: TypeAlias = Literal["box", "joint", "imported"]
"""Where responses came from: a region's box, small boxes of a wave together, or a wave held elsewhere."""


Kind: TypeAlias = Literal["bundle", "tables"]
"""What a release is: protected data for analysts, or tables of figures."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file of a release: its path in the bundle, its size in bytes, its SHA-256 and its media type."""

    path: str
    size: int
    sha256: str
    media_type: str


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """A released version of a bundle. `rows` counts its responses; the digest is that of its checksums."""

    name: str
    wave: str
    region: str
    version: int
    profile: str
    rows: int
    digest: str
    released_at: datetime
    withdrawn_at: datetime | None
    origin: Origin
    files: tuple[FileFacts, ...]
    kind: Kind = "bundle"

    def find_file(self, path: str) -> FileFacts | None:
        """Return the file at a path of the bundle; None when the release has none."""
        return next((file for file in self.files if file.path == path), None)


@dataclass(frozen=True, slots=True)
class Told:
    """What a bundle tells of groups: which strata it merged (each into which), and the rows of the response table.

    `node` holds by stratum which quasi-identifiers it keeps (0) and drops (1), `suppressed` how many rows lost all;
    `homogeneous` are the sensitive columns, with their strata, that a whole class gave alike.
    `classes` counts the rows of each stratum, `numbers` the invited and done people of each row of the response table.
    """

    profile: str
    k: int
    merged: Mapping[str, str]
    rows: tuple[tuple[str, ...], ...]
    node: Mapping[str, Mapping[str, int]] = field(default_factory=dict[str, Mapping[str, int]])
    suppressed: Mapping[str, int] = field(default_factory=dict[str, int])
    homogeneous: frozenset[tuple[str, str]] = frozenset()
    classes: Mapping[str, int] = field(default_factory=dict[str, int])
    numbers: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class BundleFacts:
    """A written bundle, as its own files tell of it, and the folder it lies in."""

    name: str
    version: int
    wave: str
    region: str
    profile: str
    rows: int
    digest: str
    files: tuple[FileFacts, ...]
    told: Told
    folder: Path
    kind: Kind = "bundle"
