"""Rows of two versions of a wave held elsewhere: none may have come, left or changed, or ten."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from flask import Flask

from aoj_survey.db import db
from aoj_survey.errors import ReleaseError
from aoj_survey.releases import changed, read_bundle, record_release
from aoj_survey.releases.changed import count_changed
from tests.factories import MOMENT

from .bundles import write_bundle

Answers = Sequence[str]


def write(file: Path, header: str, rows: Answers) -> Path:
    file.write_bytes("\r\n".join([header, *rows, ""]).encode())
    return file


@pytest.mark.parametrize(
    ("now", "came", "left"),
    [
        (["1,1", "1,2", "2,1", "2,1"], 0, 0),
        (["1,1", "1,2", "2,2", "2,1"], 1, 1),
        (["1,1", "1,2", "2,1"], 0, 1),
        (["1,1", "1,2", "2,1", "2,1", "1,1"], 1, 0),
        # Two who are in each other's stratum.
        (["2,1", "1,2", "2,1", "1,1"], 0, 0),
        (["2,2", "1,1", "2,1", "1,1"], 2, 2),
    ],
)
def test_rows_are_compared_whatever_their_order(tmp_path: Path, now: Answers, came: int, left: int) -> None:
    former = write(tmp_path / "former.csv", "stratum,zicht", ["1,1", "1,2", "2,1", "2,1"])
    assert count_changed(former, write(tmp_path / "now.csv", "stratum,zicht", now)) == (came, left)


def test_columns_that_one_of_them_has_and_weights_are_no_difference(tmp_path: Path) -> None:
    former = write(tmp_path / "former.csv", "w_all,zicht,snel", ["2.5,1,3", "2.5,2,3"])
    now = write(tmp_path / "now.csv", "zicht,w_all,doelen", ["2,2.6,1", "1,2.6,2"])
    assert count_changed(former, now) == (0, 0)


def release(folder: Path, version: int, answers: Answers) -> None:
    data = "\r\n".join(["region,overleg", *(f"rijnmeer,{answer}" for answer in answers), ""]).encode()
    place = write_bundle(
        folder,
        f"aoj_rijnmeer_2020_v{version}",
        rows=len(answers),
        more={"reports/printed.json": b"{}", "data/responses.csv": data},
    )
    with db.write() as connection:
        record_release(connection, None, read_bundle(place), MOMENT)


@pytest.mark.parametrize("mended", [1, 9])
def test_a_correction_of_few_answers_is_refused(sqlite_app: Flask, tmp_path: Path, mended: int) -> None:
    release(tmp_path, 1, ["1"] * 12)
    with pytest.raises(ReleaseError, match=f"has {mended} responses that .*about few people"):
        release(tmp_path, 2, ["2"] * mended + ["1"] * (12 - mended))


@pytest.mark.parametrize(("came", "left"), [(12, 2), (2, 12)])
def test_who_came_and_who_left_are_each_many_or_nobody(
    sqlite_app: Flask, tmp_path: Path, came: int, left: int
) -> None:
    release(tmp_path, 1, ["1"] * 10 + ["2"] * left)
    with pytest.raises(ReleaseError, match=f"has {came} responses that .* has not, and {left} the other"):
        release(tmp_path, 2, ["1"] * 10 + ["3"] * came)


def test_a_correction_of_many_answers_is_held_against_every_former_version(
    sqlite_app: Flask, tmp_path: Path
) -> None:
    release(tmp_path, 1, ["1"] * 12)
    release(tmp_path, 2, ["2"] * 10 + ["1"] * 2)
    with pytest.raises(ReleaseError, match="v3 has 8 responses that aoj_rijnmeer_2020_v2 has not"):
        release(tmp_path, 3, ["1"] * 10 + ["2"] * 2)


def test_twin_without_that_rule_one_answer_could_be_told(
    sqlite_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changed, "LEAST_DIFFERENCE", 1)
    release(tmp_path, 1, ["1"] * 12)
    release(tmp_path, 2, ["2"] + ["1"] * 11)
