"""The key directory: files outside database and ordinary backup, one set per participation.

`link.key` makes personal links (worker), `contact.key` opens addresses (web, worker), `box.key` opens the
ballot box (opening only). The public half of the box key stands in the database. Beside those sets lie
`secret.key` and `optout.key` (web): that of cookies and forms, and that of the list of who wants no mail.
"""

import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .errors import KeyFileError

KEY_BYTES = 32


def derive(secret: bytes, purpose: str, length: int = 32) -> bytes:
    """Return `length` bytes for one purpose by HKDF-SHA256; values of two purposes tell nothing of each other."""
    return HKDF(SHA256(), length, salt=None, info=b"aoj " + purpose.encode()).derive(secret)


def _write(path: Path, content: bytes) -> None:
    # O_EXCL: an existing key is never overwritten, since that would orphan what it opens.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def read_private_file(path: Path) -> bytes:
    """Return the content of a file that only its owner may read.

    Raises:
        KeyFileError: it is missing, or readable by group or others.
    """
    try:
        mode = path.stat().st_mode
        content = path.read_bytes()
    except FileNotFoundError:
        raise KeyFileError(f"The key {path} is missing. Put it back from the backup of the keys.") from None
    except PermissionError:
        raise KeyFileError(f"The key {path} cannot be read by this user. Check who owns it.") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyFileError(f"The key {path} can be read by others. Run: chmod 600 {path}")
    return content


def _read_key(path: Path) -> bytes:
    content = read_private_file(path)
    if len(content) != KEY_BYTES:
        raise KeyFileError(
            f"The key {path} is damaged: it holds {len(content)} bytes, not {KEY_BYTES}. Put it back from the "
            "backup of the keys."
        )
    return content


@dataclass(frozen=True, slots=True)
class KeyDirectory:
    """The keys of one installation."""

    path: Path

    def create(self) -> None:
        """Make the folder (0700) with the two keys of the web process; harmless when run twice."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path.chmod(0o700)
        for name in ("secret", "optout"):
            if not (self.path / f"{name}.key").exists():
                _write(self.path / f"{name}.key", secrets.token_bytes(KEY_BYTES))

    def check(self) -> None:
        """Raise KeyFileError when the folder is missing, or others may look into it."""
        if not self.path.is_dir():
            raise KeyFileError(
                f"The key directory {self.path} is missing. Put it back from the backup of the keys."
            )
        if self.path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise KeyFileError(f"The key directory {self.path} is open to others. Run: chmod 700 {self.path}")

    def create_participation(self, participation: UUID) -> bytes:
        """Make the three keys of a participation; return the public half of its box key (32 bytes)."""
        folder = self.path / str(participation)
        folder.mkdir(mode=0o700)
        box = X25519PrivateKey.generate()
        _write(folder / "link.key", secrets.token_bytes(KEY_BYTES))
        _write(folder / "contact.key", secrets.token_bytes(KEY_BYTES))
        _write(folder / "box.key", box.private_bytes_raw())
        return box.public_key().public_bytes_raw()

    def secret(self) -> bytes:
        """The key that signs cookies and form tokens."""
        self.check()
        return read_private_file(self.path / "secret.key")

    def optout(self) -> bytes:
        """The key by which addresses that want no more mail are known again; it outlives every participation."""
        return read_private_file(self.path / "optout.key")

    def link(self, participation: UUID) -> bytes:
        """The key that personal links are made of."""
        return _read_key(self.path / str(participation) / "link.key")

    def contact(self, participation: UUID) -> bytes:
        """The key that opens addresses."""
        return _read_key(self.path / str(participation) / "contact.key")

    def box(self, participation: UUID) -> X25519PrivateKey:
        """The key that opens the ballot box."""
        path = self.path / str(participation) / "box.key"
        if self.path.is_dir() and not path.exists():
            raise KeyFileError(
                f"The key {path} is missing. If it was destroyed after an opening, this is an older backup of the "
                "database, and nothing opens it any more. Else put the key back from the backup of the keys."
            )
        return X25519PrivateKey.from_private_bytes(_read_key(path))

    def destroy(self, participation: UUID, *names: str) -> None:
        """Overwrite and remove keys (`link`, `contact`, `box`); those already gone are passed over."""
        folder = self.path / str(participation)
        for name in names:
            path = folder / f"{name}.key"
            if path.exists():
                with path.open("r+b") as file:
                    file.write(secrets.token_bytes(KEY_BYTES))
                    file.flush()
                    os.fsync(file.fileno())
                path.unlink()
        if folder.exists():
            _sync_folder(folder)

    def require_folder(self, participation: UUID) -> None:
        """Raise KeyFileError when the folder of a participation is missing: that does not tell that its keys are gone.

        It outlives the keys in it, so the disk with the keys is not mounted then.
        """
        folder = self.path / str(participation)
        if not folder.is_dir():
            raise KeyFileError(
                f"The folder {folder} is missing, so nobody can tell whether its keys are gone. Put the key "
                f"directory back in its place, or, if they were destroyed by hand: mkdir -m 700 {folder}"
            )

    def list_keys(self) -> tuple[Path, ...]:
        """Return every file under the key directory that has the size of a key, whatever its name."""
        return tuple(
            path
            for path in sorted(self.path.rglob("*"))
            if path.is_file() and path.stat().st_size == KEY_BYTES
        )

    def has(self, participation: UUID, name: str) -> bool:
        """Whether a key is still there."""
        return (self.path / str(participation) / f"{name}.key").exists()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
