"""Folders that are written once, beside their place, hashed, and only then given their name."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from hashlib import file_digest, sha256
from pathlib import Path

from aoj_survey.errors import BundleError

CHECKSUMS = "checksums.sha256"


def write_folder(place: Path, fill: Callable[[Path], None]) -> str | None:
    """Write a folder durably and return the digest of its checksums, so of every byte in it.

    `fill` writes the files, subfolders too, into the folder it is given. Where `place` exists already nothing
    changes; the digest is returned when it holds the same, None when it differs.

    Raises:
        BundleError: what exists at `place` is damaged; and whatever `fill` raises.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{place.name}.", dir=place.parent))
    try:
        fill(temporary)
        write_file(temporary / CHECKSUMS, _checksums(temporary, _list_files(temporary)))
        for path in (temporary, *temporary.rglob("*")):
            _sync(path)
        digest = verify_folder(temporary)
        _give_name(temporary, place)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return digest if verify_folder(place) == digest else None


def verify_folder(folder: Path) -> str:
    """Return the digest of a bundle whose files are all there and unchanged.

    Raises:
        BundleError: a file is missing, added or changed, or the checksums cannot be read.
    """
    names = [name for name in _list_files(folder) if name != CHECKSUMS]
    if not (folder / CHECKSUMS).is_file():
        raise BundleError(f"{folder} has no {CHECKSUMS}; it is not a whole bundle.")
    stated = (folder / CHECKSUMS).read_bytes()
    found = _checksums(folder, names)
    if stated != found:
        raise BundleError(
            f"{folder} is not as it was written: {_differences(stated, found)}. Take it from a backup."
        )
    return sha256(stated).hexdigest()


def read_digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file of a bundle, as its checksums state them."""
    lines = (folder / CHECKSUMS).read_text(encoding="utf-8").splitlines()
    return {path: digest for digest, path in (line.split("  ", 1) for line in lines)}


def write_file(path: Path, content: bytes) -> None:
    """Write a new file, its folder too; raises FileExistsError when it is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(content)


def _checksums(folder: Path, names: Iterable[str]) -> bytes:
    return "".join(f"{_digest(folder / name)}  {name}\n" for name in sorted(names)).encode()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _differences(stated: bytes, found: bytes) -> str:
    lines = set(stated.decode(errors="replace").splitlines()) ^ set(found.decode().splitlines())
    return ", ".join(sorted({line[66:] for line in lines})) or CHECKSUMS


def _list_files(folder: Path) -> list[str]:
    if not folder.is_dir():
        raise BundleError(f"{folder} is not a folder. Check the name.")
    found = sorted(path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    odd = [path for path in found if path.is_symlink() or not path.is_file()]
    if odd:
        raise BundleError(f"{odd[0]} is not a plain file; a bundle holds nothing else.")
    return [path.relative_to(folder).as_posix() for path in found]


def _give_name(temporary: Path, place: Path) -> None:
    if place.exists():
        return
    try:
        temporary.rename(place)
    except OSError:
        # Somebody else wrote it meanwhile; the caller compares.
        if not place.exists():
            raise
    _sync(place.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
