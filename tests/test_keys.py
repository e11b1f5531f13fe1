"""The key directory: private files, never overwritten, destroyed for good."""

import stat
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from aoj_survey.app import create_app
from aoj_survey.config import make_settings
from aoj_survey.errors import KeyFileError
from aoj_survey.keys import KeyDirectory, derive


@pytest.fixture
def directory(tmp_path: Path) -> KeyDirectory:
    made = KeyDirectory(tmp_path / "keys")
    made.create()
    return made


@pytest.fixture
def participation(directory: KeyDirectory) -> UUID:
    identity = uuid4()
    directory.create_participation(identity)
    return identity


def modes(path: Path) -> set[int]:
    return {stat.S_IMODE(file.stat().st_mode) for file in path.rglob("*") if file.is_file()}


def test_folders_and_files_are_private(directory: KeyDirectory, participation: UUID) -> None:
    keep_private(directory)
    assert stat.S_IMODE(directory.path.stat().st_mode) == 0o700
    assert stat.S_IMODE((directory.path / str(participation)).stat().st_mode) == 0o700


def test_making_the_directory_again_keeps_the_secret(directory: KeyDirectory) -> None:
    before = directory.secret()
    directory.create()
    assert directory.secret() == before


def test_keys_of_a_participation_are_never_overwritten(directory: KeyDirectory, participation: UUID) -> None:
    with pytest.raises(FileExistsError):
        directory.create_participation(participation)


def test_the_public_key_belongs_to_the_box_key(directory: KeyDirectory) -> None:
    identity = uuid4()
    public = directory.create_participation(identity)
    assert directory.box(identity).public_key().public_bytes_raw() == public


def refuse_to_start(directory: KeyDirectory, mode: int) -> None:
    """Start with a secret key of this mode: it must be refused."""
    (directory.path / "secret.key").chmod(mode)
    with pytest.raises(KeyFileError, match="chmod 600"):
        create_app(make_settings(directory.path.parent, {}))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_that_others_can_read_stops_the_start(directory: KeyDirectory, mode: int) -> None:
    refuse_to_start(directory, mode)


def test_twin_without_the_look_at_its_mode_a_key_that_others_can_read_is_used(
    directory: KeyDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aoj_survey.keys.read_private_file", Path.read_bytes)
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        refuse_to_start(directory, 0o644)


def keep_private(directory: KeyDirectory) -> None:
    """Make the keys of a participation: nobody else may read them."""
    directory.create_participation(uuid4())
    assert modes(directory.path) == {0o600}


def test_twin_keys_written_as_any_file_can_be_read_by_others(
    directory: KeyDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_plainly(path: Path, content: bytes) -> None:
        path.write_bytes(content)
        path.chmod(0o644)

    monkeypatch.setattr("aoj_survey.keys._write", write_plainly)
    with pytest.raises(AssertionError):
        keep_private(directory)


def test_a_missing_key_directory_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match=r"key directory .* is missing"):
        create_app(make_settings(tmp_path, {}))


def test_a_missing_key_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir(mode=0o700)
    with pytest.raises(KeyFileError, match=r"secret\.key is missing"):
        create_app(make_settings(tmp_path, {}))


@pytest.mark.parametrize("name", ["link", "contact", "box"])
def test_a_destroyed_key_is_gone(directory: KeyDirectory, participation: UUID, name: str) -> None:
    assert directory.has(participation, name)
    directory.destroy(participation, name)
    directory.destroy(participation, name)
    assert not directory.has(participation, name)
    with pytest.raises(KeyFileError, match="missing"):
        getattr(directory, name)(participation)


def test_a_destroyed_key_is_overwritten_first(directory: KeyDirectory, participation: UUID) -> None:
    file = directory.path / str(participation) / "box.key"
    # Another name of the same place on the disk.
    place = directory.path / "place"
    place.hardlink_to(file)
    before = place.read_bytes()
    directory.destroy(participation, "box")
    after = place.read_bytes()
    assert (len(after), after == before) == (len(before), False)


@pytest.mark.parametrize("name", ["link", "contact", "box"])
def test_a_damaged_key_is_told_not_used(directory: KeyDirectory, participation: UUID, name: str) -> None:
    (directory.path / str(participation) / f"{name}.key").write_bytes(b"half of it")
    with pytest.raises(KeyFileError, match="holds 10 bytes, not 32"):
        getattr(directory, name)(participation)


def test_keys_that_are_not_in_their_place_do_not_count_as_destroyed(
    directory: KeyDirectory, participation: UUID, tmp_path: Path
) -> None:
    directory.path.rename(tmp_path / "not_mounted")
    directory.path.mkdir(mode=0o700)
    with pytest.raises(KeyFileError, match="Put the key directory back"):
        directory.require_folder(participation)
    assert KeyDirectory(tmp_path / "not_mounted").has(participation, "box")


def test_keys_differ_between_participations_and_purposes(
    directory: KeyDirectory, participation: UUID
) -> None:
    other = uuid4()
    directory.create_participation(other)
    found = {directory.link(participation), directory.contact(participation), directory.link(other)}
    assert len(found) == 3
    assert derive(b"secret", "one") != derive(b"secret", "two")
    assert derive(b"secret", "one", 8) == derive(b"secret", "one", 16)[:8]


def test_the_key_of_who_wants_no_mail_is_made_once_and_kept(directory: KeyDirectory) -> None:
    first = directory.optout()
    assert (len(first), first != directory.secret()) == (32, True)
    directory.create()
    assert directory.optout() == first
    (directory.path / "optout.key").unlink()
    with pytest.raises(KeyFileError, match=r"optout\.key is missing"):
        directory.optout()
    directory.create()
    assert directory.optout() != first
