"""`aoj exports`: released, listed and withdrawn, with what was done kept."""

import json
from pathlib import Path

import pytest

from aoj_survey.app import create_app
from aoj_survey.config import load_settings
from aoj_survey.db import db
from aoj_survey.releases import find_release
from aoj_survey.waves import find_participation, list_acts
from tests.releases.bundles import NAME, make_opened, write_bundle

from .conftest import Aoj

RELEASE = ("exports", "release", "2026", "rijnmeer")


@pytest.fixture
def bundle(aoj: Aoj, instance: Path) -> Path:
    """A written bundle of an opened participation."""
    with create_app(load_settings(instance)).app_context():
        make_opened()
        db.engine.dispose()
    return write_bundle(instance / "bundles")


def test_a_bundle_is_released_once_listed_and_withdrawn(aoj: Aoj, bundle: Path, instance: Path) -> None:
    assert "Nothing was released" in aoj("exports", "list").output
    assert f"Released {NAME} (onderzoek)" in aoj(*RELEASE).output
    assert "nothing changed" in aoj(*RELEASE).output
    assert f"{NAME}: released, onderzoek, released on 2026-05-04.\n" in aoj("exports", "list").output
    assert f"Withdrew {NAME}" in aoj("exports", "withdraw", NAME, "--reason", "a typo").output
    assert f"{NAME}: withdrawn on 2026-05-04" in aoj("exports", "list").output
    assert aoj(*RELEASE).exit_code == 1
    with create_app(load_settings(instance)).app_context(), db.read() as connection:
        acts = list_acts(connection, find_participation(connection, "2026", "rijnmeer").id)
        assert {act.code for act in acts} == {"released", "withdrawn"}
        assert find_release(connection, NAME)
        db.engine.dispose()


def test_a_release_that_changed_on_disk_is_listed_with_what_to_do(aoj: Aoj, bundle: Path) -> None:
    aoj(*RELEASE)
    (bundle / "README.md").write_text("changed")
    (listed,) = json.loads(aoj("exports", "list", "--json").output)
    assert listed["name"] == NAME
    assert "README.md" in listed["fault"]
    assert "aoj exports withdraw" in aoj("exports", "list").output


def test_what_is_not_written_or_not_whole_is_not_released(aoj: Aoj, bundle: Path) -> None:
    assert "is not a folder" in aoj(*RELEASE, "--version", "2").output
    (bundle / "README.md").write_text("changed")
    assert "is not as it was written" in aoj(*RELEASE).output
    assert "Nothing was released" in aoj("exports", "list").output
