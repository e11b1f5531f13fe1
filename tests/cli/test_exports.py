"""`aoj exports`: released, listed and withdrawn, with what was done kept."""

import json
from pathlib import Path
from typing import Any

import pytest

from aoj_survey.app import create_app
from aoj_survey.cli.door import opened
from aoj_survey.config import load_settings
from aoj_survey.db import db
from aoj_survey.releases import find_release
from aoj_survey.waves import find_participation, list_acts
from tests.conftest import FixedClock
from tests.history.places import DATA, EARLIER, MAPPING, copy_wave
from tests.releases.bundles import NAME, make_opened, write_bundle
from tests.responses.boxes import close_and_open
from tests.staging import ANSWERS, list_people, send, start_wave

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


def test_an_earlier_wave_is_released_and_withdrawn(aoj: Aoj, instance: Path) -> None:
    written = aoj("datasets", "import", EARLIER / MAPPING, "--to", instance / "bundles")
    assert written.exit_code == 0, written.output
    assert "Released aoj_rijnmeer_2020_v1" in aoj("exports", "release", "2020", "rijnmeer").output
    assert "nothing changed" in aoj("exports", "release", "2020", "rijnmeer").output
    [listed] = json.loads(aoj("exports", "list", "--json").output)
    assert (listed["wave"], listed["region"], listed["origin"]) == ("2020", "rijnmeer", "imported")
    assert "Withdrew" in aoj("exports", "withdraw", "aoj_rijnmeer_2020_v1", "--reason", "a typo").output
    log = aoj("accounts", "log").output
    assert "withdrew aoj_rijnmeer_2020_v1 (a typo)" in log
    assert "released aoj_rijnmeer_2020_v1" in log


def test_a_correction_of_an_earlier_wave_is_a_new_version_unless_it_tells_of_few(
    aoj: Aoj, instance: Path, tmp_path: Path
) -> None:
    release = ("exports", "release", "2020", "rijnmeer", "--version")
    for version, (before, after) in enumerate(
        [("", ""), ("\n1;1;heel;1;", "\n1;1;heel;0;"), ("\n1;1;heel;1;", "\n1;2;heel;1;")], 1
    ):
        mapping = copy_wave(tmp_path / str(version), DATA, before, after)
        written = aoj("datasets", "import", mapping, "--to", instance / "bundles", "--version", str(version))
        assert written.exit_code == 0, written.output
    assert "Released aoj_rijnmeer_2020_v1" in aoj(*release, "1").output
    assert "v2 has 1 responses that aoj_rijnmeer_2020_v1 has not" in aoj(*release, "2").output
    assert "would tell about few people" in aoj(*release, "3").output
    # Everybody's yes was a no: that is a correction.
    mapping = copy_wave(
        tmp_path / "4",
        MAPPING,
        "doelen: {column: v3, answers: {ja: 1, nee: 0,",
        "doelen: {column: v3, answers: {ja: 0, nee: 1,",
    )
    aoj("datasets", "import", mapping, "--to", instance / "bundles", "--version", "4")
    assert "Released aoj_rijnmeer_2020_v4" in aoj(*release, "4").output


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


def open_wave(instance: Path, clock: FixedClock, region: str = "rijnmeer") -> None:
    """An opened box with 12 ib and 6 zoco."""
    with opened(instance) as installation:
        facts = start_wave(installation.keys, clock(), {"ib": 14, "zoco": 8}, region=region)
        left = {"ib": 12, "zoco": 6}
        for person in list_people(installation.keys, facts):
            if left[person.role]:
                left[person.role] -= 1
                assert send(person, ANSWERS, clock()) == "sent"
        close_and_open(installation.keys, facts, clock())


def read_privacy(instance: Path, version: int) -> Any:
    folder = instance / "bundles" / f"aoj_rijnmeer_2026_v{version}"
    return json.loads((folder / "reports" / "privacy.json").read_text())


def test_bundles_of_both_profiles_are_released_beside_each_other_and_their_reports_say_so(
    aoj: Aoj, instance: Path, clock: FixedClock
) -> None:
    open_wave(instance, clock)
    write = ("exports", "write", "2026", "rijnmeer")
    for words in (write, RELEASE, (*write, "--version", "2", "--profile", "openbaar"), write):
        result = aoj(*words)
        assert result.exit_code == 0, result.output
    first, second = read_privacy(instance, 1), read_privacy(instance, 2)
    assert (first["profile"], first["classes"]) == ("onderzoek", {"ib": 12, "zoco": 6})
    assert (second["profile"], second["k"], list(second["classes"].values())) == ("openbaar", 10, [18])
    assert (first["audit"]["beside"], second["audit"]["beside"]) == ([], ["aoj_rijnmeer_2026_v1"])
    assert second["audit"]["groups"][0]["threshold"] == 10
    assert "Released aoj_rijnmeer_2026_v2 (openbaar)" in aoj(*RELEASE, "--version", "2").output
    aoj("regions", "rule", "rijnmeer", "--k", "7")
    assert aoj(*write, "--version", "3").exit_code == 0
    assert read_privacy(instance, 3)["k"] == 7
