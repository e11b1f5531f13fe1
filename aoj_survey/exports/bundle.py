"""Bundles: folders for analysts, written once, hashed, read back before they count.

Layout: `statistics`, *The bundle*; CSV, codebook and reports as far as they exist today.
"""

import json
import os
import re
import shutil
import tempfile
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from aoj_survey.datasets import WaveDataset, load_codebook
from aoj_survey.errors import BundleError
from aoj_survey.statistics import ResponseTable

from .readme import write_readme
from .tables import read_responses, response_rows, write_responses, write_table

REPORT_FORMAT = 1
CHECKSUMS = "checksums.sha256"
RESPONSES = "data/responses.csv"
CODEBOOK = "metadata/codebook.json"
RESIDUAL_RISKS = [
    {
        "code": "knows_participation",
        "nl": "Wie weet dat iemand meedeed en in welk stratum, houdt zoveel rijen over als dat stratum groot is.",
        "en": "Who knows that somebody took part, and in which stratum, is left with as many rows as it holds.",
    },
    {
        "code": "knows_answers",
        "nl": "Wie iemands antwoorden al kent, kan de rij met die antwoorden aanwijzen.",
        "en": "Who knows somebody's answers already can point out the row with those answers.",
    },
]

Files = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Bundle:
    """A written bundle. `digest` is that of its checksums, so of every byte in it."""

    folder: Path
    name: str
    version: int
    digest: str


def bundle_name(region: str, wave: str, version: int = 1) -> str:
    """Return the name of a bundle's folder.

    Raises:
        BundleError: a region, wave or version that cannot be part of a file name.
    """
    for code in (region, wave):
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", code):
            raise BundleError(f"{code!r} cannot be part of a file name; use letters, digits, - and _.")
    if version < 1:
        raise BundleError(f"Versions of a bundle count from 1; {version} is not one.")
    return f"aoj_{region}_{wave}_v{version}"


def write_bundle(
    dataset: WaveDataset, response_table: ResponseTable, folder: Path, version: int = 1
) -> Bundle:
    """Write the bundle of a dataset into `folder` and return it. The same input gives the same bytes.

    It is written beside its place, read back and compared, and only then given its name. Writing the same
    bundle again changes nothing.

    Raises:
        TypeError: anything else than a WaveDataset.
        BundleError: a different bundle of this version exists, the response table counts other responses, or
            what is read back is not what was written.
    """
    # Types are not checked when the program runs, and raw rows must never be published by a mistake.
    if not isinstance(dataset, WaveDataset):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError("Only a protected WaveDataset can be exported.")
    if response_table.total.done != len(dataset.rows):
        raise BundleError(
            f"The response table counts {response_table.total.done} responses, the dataset {len(dataset.rows)}."
        )
    name = bundle_name(dataset.region, dataset.wave, version)
    files = make_files(name, dataset, response_table)
    place = folder / name
    if not place.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _write_beside(place, files, dataset)
    if _read_files(place) != files:
        raise BundleError(f"{place} exists and differs; a bundle never changes. Write version {version + 1}.")
    return Bundle(place, name, version, verify_bundle(place))


def make_files(name: str, dataset: WaveDataset, table: ResponseTable) -> Files:
    """Return the content of every file of the bundle, by its path inside it."""
    rows = response_rows(table)
    files = {
        "README.md": write_readme(name, dataset).encode(),
        RESPONSES: write_responses(dataset.columns, dataset.rows),
        CODEBOOK: _json(dict(dataset.codebook)),
        "reports/privacy.json": _json(_privacy(dataset)),
        "reports/response.json": _json({"format": REPORT_FORMAT, "rows": rows[:-1], "total": rows[-1]}),
        "reports/response.csv": write_table(list(rows[0]), [list(row.values()) for row in rows]),
    }
    return files | {CHECKSUMS: _checksums(files)}


def verify_bundle(folder: Path) -> str:
    """Return the digest of a bundle whose files are all there and unchanged.

    Raises:
        BundleError: a file is missing, added or changed, or the checksums cannot be read.
    """
    files = _read_files(folder)
    stated = files.pop(CHECKSUMS, None)
    if stated is None:
        raise BundleError(f"{folder} has no {CHECKSUMS}; it is not a whole bundle.")
    if stated != _checksums(files):
        raise BundleError(
            f"{folder} is not as it was written: {_differences(stated, files)}. Take it from a backup."
        )
    return sha256(stated).hexdigest()


def _privacy(dataset: WaveDataset) -> dict[str, Any]:
    return {
        "format": REPORT_FORMAT,
        "wave": dataset.wave,
        "region": dataset.region,
        "rows": len(dataset.rows),
        "open_text": "not included",
        "residual_risks": RESIDUAL_RISKS,
    } | asdict(dataset.privacy)


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def _checksums(files: Files) -> bytes:
    return "".join(f"{sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()


def _differences(stated: bytes, files: Files) -> str:
    lines = set(stated.decode(errors="replace").splitlines()) ^ set(_checksums(files).decode().splitlines())
    return ", ".join(sorted({line[66:] for line in lines})) or CHECKSUMS


def _read_files(folder: Path) -> Files:
    if not folder.is_dir():
        raise BundleError(f"{folder} is not a folder. Check the name.")
    found = sorted(path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    odd = [path for path in found if path.is_symlink() or not path.is_file()]
    if odd:
        raise BundleError(f"{odd[0]} is not a plain file; a bundle holds nothing else.")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def _write_beside(place: Path, files: Files, dataset: WaveDataset) -> None:
    temporary = Path(tempfile.mkdtemp(prefix=f".{place.name}.", dir=place.parent))
    try:
        for name, content in files.items():
            write_file(temporary / name, content)
        read_back(temporary, files, dataset)
        try:
            temporary.rename(place)
        except OSError:
            # Somebody else wrote it meanwhile; the caller compares.
            if not place.exists():
                raise
        _sync(place.parent)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def write_file(path: Path, content: bytes) -> None:
    """Write a new file durably, its folder too; raises FileExistsError when it is there."""
    path.parent.mkdir(exist_ok=True)
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def read_back(folder: Path, files: Files, dataset: WaveDataset) -> None:
    """Read everything back, and the responses and codebook as an analyst would."""
    written = _read_files(folder)
    try:
        rows = read_responses(written[RESPONSES], dataset.columns)
        codebook = load_codebook(written[CODEBOOK].decode())
    except (KeyError, ValueError) as error:
        raise BundleError(f"The bundle could not be read back: {error}. Nothing was published.") from error
    names = [column["name"] for column in codebook["columns"]]
    if written != files or rows != dataset.rows or names != [column.name for column in dataset.columns]:
        raise BundleError("The bundle read back differs from the dataset. Nothing was published.")


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
