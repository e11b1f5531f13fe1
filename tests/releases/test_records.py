"""The register: what may be released, that it never changes, and that a withdrawn name never comes back."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, insert

from aoj_survey.db import db
from aoj_survey.errors import ReleaseError
from aoj_survey.releases import (
    FileFacts,
    LedgerEntry,
    Release,
    ReleaseFacts,
    find_release,
    list_releases,
    read_bundle,
    read_document,
    read_ledger,
    record_release,
    records,
    withdraw_release,
)
from aoj_survey.responses import Opening
from aoj_survey.results import make_tables, write_tables
from aoj_survey.waves import find_participation
from tests.factories import MOMENT
from tests.results.tables import make_nine, release_tables

from .bundles import NAME, make_opened, release, write_bundle

EARLIER = {"reports/printed.json": b"{}"}
SAMPLES = Path(__file__).parent.parent / "samples"


def test_the_stored_sample_is_read_for_ever() -> None:
    assert read_document((SAMPLES / "release-1.json").read_text()) == (
        12,
        (FileFacts("data/responses.csv", 42, "ab" * 32, "text/csv; charset=utf-8"),),
    )


def test_a_released_bundle_is_found_with_all_its_files(app: Flask, tmp_path: Path) -> None:
    place = write_bundle(tmp_path)
    found = release(make_opened(), place)
    assert (found.wave, found.region, found.version, found.rows) == ("2026", "rijnmeer", 1, 12)
    assert (found.profile, found.released_at, found.withdrawn_at) == ("onderzoek", MOMENT, None)
    on_disk = {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()}
    assert {file.path for file in found.files} == on_disk
    csv = found.find_file("data/responses.csv")
    assert csv
    assert csv.size == (place / "data/responses.csv").stat().st_size
    assert csv.media_type == "text/csv; charset=utf-8"
    with db.read() as connection:
        assert list_releases(connection) == (found,)
        assert list_releases(connection, "2025") == ()
        assert find_release(connection, "aoj_rijnmeer_2026_v2") is None


def test_releases_of_one_version_have_one_order(app: Flask, tmp_path: Path) -> None:
    """A list in another order would have another ETag though nothing changed."""
    release(make_opened(), write_bundle(tmp_path))
    row = {"wave": "2026", "region": "rijnmeer", "version": 1, "profile": "onderzoek", "digest": "ab" * 32}
    document = (SAMPLES / "release-1.json").read_text()
    names = ["aoj_rijnmeer_2026_z_v1", "aoj_rijnmeer_2026_tables_v1", "aoj_rijnmeer_2026_a_v1"]
    with db.write() as connection:
        for name in names:
            connection.execute(
                insert(Release).values(**row, name=name, document=document, released_at=MOMENT)
            )
        assert [one.name for one in list_releases(connection)] == sorted([NAME, *names])


def test_releasing_the_same_again_changes_nothing(sqlite_app: Flask, tmp_path: Path) -> None:
    facts, place = make_opened(), write_bundle(tmp_path)
    release(facts, place)
    with db.write() as connection:
        assert not record_release(connection, facts, read_bundle(place), MOMENT)
        assert len(list_releases(connection)) == 1


def test_another_content_under_a_released_name_is_refused(sqlite_app: Flask, tmp_path: Path) -> None:
    facts = make_opened()
    release(facts, write_bundle(tmp_path / "one"))
    with pytest.raises(ReleaseError, match="next version"):
        release(facts, write_bundle(tmp_path / "two", more={"data/extra.csv": b"x"}))


def test_a_withdrawn_release_is_listed_as_such_and_never_comes_back(app: Flask, tmp_path: Path) -> None:
    facts, place = make_opened(), write_bundle(tmp_path)
    release(facts, place)
    with db.write() as connection:
        withdraw_release(connection, NAME, MOMENT)
        assert list_releases(connection) == ()
        assert [found.withdrawn_at for found in list_releases(connection, withdrawn=True)] == [MOMENT]
    with pytest.raises(ReleaseError, match="withdrawn"):
        release(facts, place)
    with pytest.raises(ReleaseError, match="is not released"), db.write() as connection:
        withdraw_release(connection, NAME, MOMENT)


def test_only_an_opened_participation_releases_its_own_bundle(sqlite_app: Flask, tmp_path: Path) -> None:
    facts = make_opened()
    with pytest.raises(ReleaseError, match="was not opened"):
        release(replace(facts, status="closed"), write_bundle(tmp_path))
    with pytest.raises(ReleaseError, match="holds 2026 heuvelland"):
        release(facts, write_bundle(tmp_path, "aoj_heuvelland_2026_v1"))


def release_loose(place: Path) -> ReleaseFacts:
    with db.write() as connection:
        record_release(connection, None, read_bundle(place), MOMENT)
        found = find_release(connection, place.name)
    assert found
    return found


def test_an_earlier_wave_is_released_without_a_participation(app: Flask, tmp_path: Path) -> None:
    here = release(make_opened(), write_bundle(tmp_path))
    name = "aoj_rijnmeer_2020_v1"
    found = release_loose(write_bundle(tmp_path, name, more=EARLIER))
    assert (found.wave, found.region, found.origin, here.origin) == ("2020", "rijnmeer", "imported", "box")
    with db.read() as connection:
        assert list_releases(connection) == (here, found)
        assert list_releases(connection, "2020", "rijnmeer") == (found,)


def test_a_correction_of_an_earlier_wave_is_a_new_version(app: Flask, tmp_path: Path) -> None:
    release_loose(write_bundle(tmp_path, "aoj_rijnmeer_2020_v1", more=EARLIER))
    release_loose(write_bundle(tmp_path, "aoj_rijnmeer_2020_v2", more={**EARLIER, "README.md": b"mended"}))
    with pytest.raises(ReleaseError, match="about few people"):
        release_loose(write_bundle(tmp_path, "aoj_rijnmeer_2020_v3", rows=13, more=EARLIER))
    with db.read() as connection:
        ledger = read_ledger(connection, "2020")
    assert [one.name for one in ledger.releases] == [
        f"aoj_rijnmeer_2020_{version}/{part}" for version in ("v1", "v2") for part in ("data", "response")
    ]
    assert ledger.people("strata") == {"rijnmeer/ib": 12}
    assert ledger.people("invited") == {"rijnmeer/ib": 20}


def forget(wave: str) -> None:
    """As before the ledger knew of small boxes together and of earlier waves."""
    with db.write() as connection:
        connection.execute(delete(LedgerEntry).where(LedgerEntry.wave == wave))


def test_what_was_released_before_the_ledger_knew_of_it_is_entered_first(
    sqlite_app: Flask, tmp_path: Path
) -> None:
    former = write_bundle(tmp_path, "aoj_rijnmeer_2020_v1", more=EARLIER)
    release_loose(former)
    forget("2020")
    next_one = write_bundle(tmp_path, "aoj_rijnmeer_2020_v2", more={**EARLIER, "README.md": b"mended"})
    aside = former.rename(tmp_path / "aside")
    with pytest.raises(ReleaseError, match="no whole bundle"):
        release_loose(next_one)
    aside.rename(former)
    release_loose(next_one)
    with db.read() as connection:
        ledger = read_ledger(connection, "2020")
    assert [one.name for one in ledger.releases][::2] == [
        f"aoj_rijnmeer_2020_{version}/data" for version in ("v1", "v2")
    ]


def test_a_former_release_that_changed_since_is_not_entered(sqlite_app: Flask, tmp_path: Path) -> None:
    release_loose(write_bundle(tmp_path, "aoj_rijnmeer_2020_v1", more=EARLIER))
    forget("2020")
    write_bundle(tmp_path, "aoj_rijnmeer_2020_v1", more={**EARLIER, "README.md": b"changed"})
    with pytest.raises(ReleaseError, match="is not as it was released"):
        release_loose(write_bundle(tmp_path, "aoj_rijnmeer_2020_v2", more=EARLIER))


def test_tables_wait_until_the_ledger_knows_what_was_released_before(
    sqlite_app: Flask, tmp_path: Path
) -> None:
    facts, made = make_opened(), make_tables(make_nine())
    release(facts, write_bundle(tmp_path))
    forget("2026")
    bundle = read_bundle(write_tables(made, tmp_path).folder)
    with pytest.raises(ReleaseError, match=f"does not know yet what {NAME} told"), db.write() as connection:
        record_release(connection, facts, bundle, MOMENT, made.audited)


def release_beside_lost_tables(folder: Path) -> ReleaseFacts:
    release_tables(folder)
    forget("2026")
    with db.read() as connection:
        facts = find_participation(connection, "2026", "rijnmeer")
    return release(facts, write_bundle(folder))


def test_a_ledger_that_lost_tables_stops_every_release(sqlite_app: Flask, tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="has lost what aoj_rijnmeer_2026_tables_v1 told"):
        release_beside_lost_tables(tmp_path)


def test_twin_without_a_look_at_the_register_the_loss_stays_unseen(
    sqlite_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "_list_unentered", lambda *_: ())
    assert release_beside_lost_tables(tmp_path)


def test_a_region_held_here_is_not_one_that_was_held_elsewhere(sqlite_app: Flask, tmp_path: Path) -> None:
    release_loose(write_bundle(tmp_path, more=EARLIER))
    with pytest.raises(ReleaseError, match="was released as an earlier wave"):
        release(make_opened(), write_bundle(tmp_path, "aoj_rijnmeer_2026_v2"))


def test_the_box_of_a_small_region_is_not_released_by_itself(sqlite_app: Flask, tmp_path: Path) -> None:
    facts = make_opened()
    with db.write() as connection:
        connection.execute(
            insert(Opening).values(participation_id=facts.id, opened_at=MOMENT, responses=9, joint=True)
        )
    with pytest.raises(ReleaseError, match="joint in the place of the region"):
        release(facts, write_bundle(tmp_path))


def test_what_is_of_nobody_here_is_not_released(sqlite_app: Flask, tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="aoj datasets import writes one"):
        release_loose(write_bundle(tmp_path, "aoj_rijnmeer_2020_v1"))
    with pytest.raises(ReleaseError, match="No small boxes of 2026 were opened"):
        release_loose(write_bundle(tmp_path, "aoj_joint_2026_v1"))
    with pytest.raises(ReleaseError, match="is of an earlier wave"):
        release_loose(write_bundle(tmp_path, "aoj_joint_2020_v1", more=EARLIER))
    with pytest.raises(ReleaseError, match="is of an earlier wave"):
        release(make_opened(), write_bundle(tmp_path, more=EARLIER))


def release_with_one_more(tmp_path: Path) -> None:
    facts = make_opened()
    release(facts, write_bundle(tmp_path))
    release(facts, write_bundle(tmp_path, "aoj_rijnmeer_2026_v2", rows=13))


def test_versions_that_differ_by_few_responses_are_refused(sqlite_app: Flask, tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="about few people"):
        release_with_one_more(tmp_path)


def test_twin_without_that_rule_one_response_could_be_told_by_subtraction(
    sqlite_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "LEAST_DIFFERENCE", 1)
    release_with_one_more(tmp_path)


def test_what_is_no_whole_bundle_is_refused(sqlite_app: Flask, tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="no whole bundle"):
        read_bundle(tmp_path)
    place = write_bundle(tmp_path)
    (place / "README.md").write_text("changed")
    with pytest.raises(ReleaseError, match=r"README\.md in .* is missing or is not"):
        read_bundle(place)
    other = place.rename(tmp_path / "aoj_rijnmeer_2026")
    with pytest.raises(ReleaseError, match="does not end in its version"):
        read_bundle(other)


# Rows of two versions laid beside each other


def release_both(folder: Path, former: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """Release two versions that hide quasi-identifiers in these ways."""
    facts = make_opened()
    for version, change in ((1, former), (2, now)):
        bundle = read_bundle(write_bundle(folder, f"aoj_rijnmeer_2026_v{version}"))
        with db.write() as connection:
            told = replace(bundle.told, **change)
            record_release(connection, facts, replace(bundle, told=told), MOMENT)


AGE = {"node": {"ib": {"leeftijd": 0, "school": 1}}}
SCHOOL = {"node": {"ib": {"leeftijd": 1, "school": 0}}}


@pytest.mark.parametrize("now", [SCHOOL, AGE | {"k": 6}, AGE | {"suppressed": {"ib": 1}}])
def test_versions_that_hide_other_characteristics_are_refused(
    now: Mapping[str, Any], sqlite_app: Flask, tmp_path: Path
) -> None:
    with pytest.raises(
        ReleaseError, match="v2 hides other characteristics of people than aoj_rijnmeer_2026_v1"
    ):
        release_both(tmp_path, AGE, now)


@pytest.mark.parametrize("now", [AGE, {"node": {}, "k": 6}, {"node": {"ib": {"leeftijd": 1, "school": 1}}}])
def test_versions_that_hide_the_same_or_all_characteristics_are_released(
    now: Mapping[str, Any], sqlite_app: Flask, tmp_path: Path
) -> None:
    release_both(tmp_path, AGE, now)


def test_twin_without_that_rule_age_and_school_are_told_of_the_same_rows(
    sqlite_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "may_lie_beside", lambda *_: True)
    release_both(tmp_path, AGE, SCHOOL)
