"""What every process of the application sees to at its start."""

import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from aoj_survey.config import make_settings
from tests.conftest import make_app


@pytest.fixture(autouse=True)
def large_cores() -> Iterator[None]:
    """A machine that would keep the memory of a process that crashed."""
    before = resource.getrlimit(resource.RLIMIT_CORE)
    if not before[1]:
        pytest.skip("this machine keeps no memory of anybody")
    resource.setrlimit(resource.RLIMIT_CORE, (before[1], before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_CORE, before)


def check_no_core(folder: Path) -> None:
    make_app(make_settings(folder, {}))
    assert resource.getrlimit(resource.RLIMIT_CORE)[0] == 0


def test_a_crash_leaves_no_copy_of_the_memory(tmp_path: Path) -> None:
    check_no_core(tmp_path)


def test_twin_without_forbidding_it_the_machine_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aoj_survey.app.forbid_core_dumps", lambda: None)
    with pytest.raises(AssertionError):
        check_no_core(tmp_path)
