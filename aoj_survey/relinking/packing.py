"""Files as they are, or unpacked where a common program packed them."""

import bz2
import gzip
import lzma
import zipfile
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

from aoj_survey.errors import AojError


class LootError(AojError):
    """A backup or log file that cannot be read."""


def _unpack_zip(content: bytes) -> bytes:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return b"\0".join(archive.read(name) for name in archive.namelist())


UNPACKED: Mapping[bytes, Callable[[bytes], bytes]] = {
    b"\x1f\x8b": gzip.decompress,
    b"BZh": bz2.decompress,
    b"\xfd7zXZ\0": lzma.decompress,
    b"PK\x03\x04": _unpack_zip,
}
"""How files begin that gzip, bzip2, xz or zip packed; a workbook of Excel is a zip too."""

UNREAD = (b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18", b"7z\xbc\xaf", b"LPKSHHRH")
"""How files begin of zstd, lz4, 7-Zip, and of the journal of systemd, which packs long lines."""


def read_file(path: Path) -> bytes:
    """Return a file, unpacked; raises LootError where it cannot be read."""
    try:
        content = path.read_bytes()
        for start, unpack in UNPACKED.items():
            if content.startswith(start):
                return unpack(content)
    except (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, RuntimeError):
        raise LootError(f"{path} was packed, and is damaged or locked.") from None
    except OSError as error:
        raise LootError(f"{path} cannot be read: {error.strerror or 'it is damaged'}.") from None
    return content


def is_packed(content: bytes) -> bool:
    """Return whether a file is packed in a way that is not read here: nothing would be found in it."""
    return content.startswith(UNREAD)
