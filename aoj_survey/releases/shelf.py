"""The folder of released bundles: what lies in it is handed out only as long as it is what was released."""

import json
import os
import re
import stat
import threading
from collections.abc import Mapping
from hashlib import file_digest, sha256
from io import BufferedReader
from pathlib import Path, PurePosixPath
from typing import Any

from aoj_survey.errors import ReleaseError

from .beside import list_pairs
from .facts import BundleFacts, FileFacts, Kind, ReleaseFacts, Told

CHECKSUMS = "checksums.sha256"
PRIVACY = "reports/privacy.json"
RESPONSE = "reports/response.json"
TABLES = "data/tables.json"
MOST_SEEN = 100_000
TEXT = "text/plain; charset=utf-8"
MEDIA_TYPES: Mapping[str, str] = {
    ".R": TEXT,
    ".csv": "text/csv; charset=utf-8",
    ".do": TEXT,
    ".dta": "application/x-stata-dta",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
    ".py": TEXT,
    ".sav": "application/x-spss-sav",
    ".sha256": TEXT,
    ".sps": TEXT,
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml",
}


def read_bundle(folder: Path) -> BundleFacts:
    """Return what a written bundle tells of itself, each file looked at; what its checksums do not name is left out.

    Raises:
        ReleaseError: no checksums or privacy report, or a file that is missing, changed or no plain file.
    """
    version = re.search(r"_v([1-9][0-9]*)$", folder.name)
    try:
        stated = (folder / CHECKSUMS).read_bytes()
        lines = [line.split("  ", 1) for line in stated.decode().splitlines()]
        named = {path: digest for digest, path in lines} | {CHECKSUMS: sha256(stated).hexdigest()}
        privacy = json.loads((folder / PRIVACY).read_bytes())
        wave, region, profile = (str(privacy[name]) for name in ("wave", "region", "profile"))
        rows = int(privacy["rows"])
        kind: Kind = "tables" if privacy.get("kind") == "tables" else "bundle"
        told = _read_told(privacy, {} if kind == "tables" else json.loads((folder / RESPONSE).read_bytes()))
    except (OSError, ValueError, KeyError) as error:
        raise ReleaseError(
            f"{folder} is no whole bundle: {CHECKSUMS} or {PRIVACY} cannot be read. Write it with aoj exports write."
        ) from error
    if version is None:
        raise ReleaseError(f"{folder.name} does not end in its version, as aoj_rijnmeer_2027_v1 does.")
    files = tuple(_look_at(folder, path, digest) for path, digest in sorted(named.items()))
    number, digest = int(version[1]), named[CHECKSUMS]
    return BundleFacts(folder.name, number, wave, region, profile, rows, digest, files, told, folder, kind)


def _read_told(privacy: Any, response: Any) -> Told:
    """What a bundle tells of groups; of tables that stands in their audited plans."""
    if not response:
        return Told(str(privacy["profile"]), int(privacy["threshold"]), {}, ())
    rows = tuple(tuple(row["roles"].split()) for row in response["rows"])
    return Told(
        str(privacy["profile"]),
        int(privacy["k"]),
        dict(privacy["merged"]),
        rows,
        privacy["node"],
        privacy["suppressed"],
        homogeneous=list_pairs(privacy["homogeneous"]),
        classes=dict(privacy["classes"]),
        numbers=tuple((int(row["invited"]), int(row["done"])) for row in response["rows"]),
    )


def _look_at(folder: Path, path: str, digest: str) -> FileFacts:
    with _open_plain(folder, path) as file:
        if file_digest(file, "sha256").hexdigest() != digest:
            raise _changed(folder, path)
        return FileFacts(path, os.fstat(file.fileno()).st_size, digest, _find_media_type(path))


def _find_media_type(path: str) -> str:
    return MEDIA_TYPES.get(PurePosixPath(path).suffix, "application/octet-stream")


def _open_plain(bundle: Path, path: str) -> BufferedReader:
    """Open a plain file that really lies in the bundle; no link leads out of it."""
    place = bundle / path
    try:
        if place.resolve(strict=True) != bundle.resolve() / path:
            raise _changed(bundle, path)
        file = os.fdopen(os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")
    except OSError as error:
        raise _changed(bundle, path) from error
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise _changed(bundle, path)
    return file


def _changed(bundle: Path, path: str) -> ReleaseError:
    return ReleaseError(
        f"{path} in {bundle} is missing or is not as it was released. Put the folder back from a backup, or"
        " withdraw the version with aoj exports withdraw and release a new one."
    )


class Shelf:
    """Opens released files. Each is hashed before it is handed out, and again once its time stamps changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: set[tuple[int | str, ...]] = set()
        self._guard = threading.Lock()

    def open(self, release: ReleaseFacts, file: FileFacts) -> BufferedReader:
        """Return a released file, open at its begin.

        Raises:
            ReleaseError: it is missing, or not as it was released.
        """
        opened = _open_plain(self._folder / release.name, file.path)
        try:
            self._check(opened, release, file)
        except BaseException:
            opened.close()
            raise
        return opened

    def _check(self, opened: BufferedReader, release: ReleaseFacts, file: FileFacts) -> None:
        found = os.fstat(opened.fileno())
        mark = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns, file.sha256)
        with self._guard:
            known = mark in self._seen
        if known:
            return
        if found.st_size != file.size or file_digest(opened, "sha256").hexdigest() != file.sha256:
            raise _changed(self._folder / release.name, file.path)
        opened.seek(0)
        with self._guard:
            if len(self._seen) >= MOST_SEEN:
                self._seen.clear()
            self._seen.add(mark)

    def read_json(self, release: ReleaseFacts, path: str) -> Any:
        """Return what a JSON file of a release holds; None when the release has no such file.

        Raises:
            ReleaseError: as `open`.
        """
        file = release.find_file(path)
        if file is None:
            return None
        with self.open(release, file) as opened:
            return json.load(opened)
