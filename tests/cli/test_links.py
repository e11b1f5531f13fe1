"""`aoj invitations links`: written once, for its owner only; whole or nothing; never a status."""

import csv
import stat
from pathlib import Path

import pytest
from click.testing import Result

from aoj_survey.cli.door import opened
from aoj_survey.db import db
from aoj_survey.invitations import Invitation, find_invitation
from aoj_survey.waves import Act, find_participation, list_acts
from tests.responses.boxes import count_rows

from .conftest import PLAN, Aoj

PLACE = ("2026", "rijnmeer")


@pytest.fixture
def own(aoj: Aoj) -> Aoj:
    """`aoj`, with a participation planned of a region that mails itself."""
    aoj("regions", "add", "rijnmeer", "Rijnmeer")
    planned = aoj(*PLAN, "--sender", "region")
    assert planned.exit_code == 0, planned.output
    assert "Next: aoj invitations links" in planned.output
    return aoj


def make(aoj: Aoj, file: Path, *people: str) -> Result:
    return aoj("invitations", "links", *PLACE, *people, "--output", file, "--as", "de regie")


def read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened_file:
        return list(csv.DictReader(opened_file))


def test_links_are_written_for_a_mail_merge(own: Aoj, instance: Path, tmp_path: Path) -> None:
    file = tmp_path / "links.csv"
    result = make(own, file, "ib=12")
    assert result.exit_code == 0, result.output
    assert "Wrote 12 links" in result.output
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    rows = read(file)
    assert [row["number"] for row in rows] == [str(number) for number in range(1, 13)]
    assert {row["role"] for row in rows} == {"ib"}
    assert list(rows[0]) == ["number", "role", "link"]
    with opened(instance), db.read() as connection:
        found = [find_invitation(connection, row["link"].rpartition("/l/")[2]) for row in rows]
        acts = list_acts(connection, find_participation(connection, *PLACE).id)
    assert len({one.id for one in found if one}) == 12
    assert acts[0] == Act(acts[0].at, "de regie", "links_made", {"words": "ib: 12"})


def test_it_starts_and_later_more_can_be_made(own: Aoj, tmp_path: Path) -> None:
    assert "aoj invitations links" in own("waves", "start", *PLACE).output
    make(own, tmp_path / "links.csv", "ib=12")
    started = own("waves", "start", *PLACE)
    assert started.exit_code == 0, started.output
    assert "Mail the links yourself." in started.output
    assert make(own, tmp_path / "more.csv", "ib=2").exit_code == 0
    first, second = read(tmp_path / "links.csv"), read(tmp_path / "more.csv")
    assert not {row["link"] for row in first} & {row["link"] for row in second}


def test_a_file_that_is_there_is_kept_and_nothing_is_made(own: Aoj, instance: Path, tmp_path: Path) -> None:
    file = tmp_path / "links.csv"
    file.write_text("of somebody else", encoding="utf-8")
    result = make(own, file, "ib=12")
    assert result.exit_code == 1
    assert "is there already; nothing was made" in result.output
    assert file.read_text(encoding="utf-8") == "of somebody else"
    with opened(instance):
        assert count_rows(Invitation) == 0


def test_a_folder_that_is_not_there_makes_nothing(own: Aoj, instance: Path, tmp_path: Path) -> None:
    assert make(own, tmp_path / "nergens" / "links.csv", "ib=12").exit_code == 1
    with opened(instance):
        assert count_rows(Invitation) == 0


def test_what_is_refused_leaves_no_file(own: Aoj, tmp_path: Path) -> None:
    file = tmp_path / "links.csv"
    assert "no questionnaire is planned for zoco" in make(own, file, "zoco=3").output
    assert "such as ib=20" in make(own, file, "ib=x").output
    assert not file.exists()


def test_where_we_mail_no_links_are_made(planned: Aoj, tmp_path: Path) -> None:
    result = make(planned, tmp_path / "links.csv", "ib=3")
    assert result.exit_code == 1
    assert "--sender region" in result.output


def test_a_region_that_mails_itself_needs_no_list(own: Aoj, tmp_path: Path) -> None:
    frame = tmp_path / "frame.csv"
    frame.write_text("e-mail,functie,organisatie\na@school.example,ib,school\n", encoding="utf-8")
    result = own("frame", "import", *PLACE, frame)
    assert result.exit_code == 1
    assert "aoj invitations links" in result.output


def test_no_command_tells_which_links_were_used(own: Aoj, tmp_path: Path) -> None:
    make(own, tmp_path / "links.csv", "ib=12")
    own("waves", "start", *PLACE)
    words = " ".join(
        own(*command, *PLACE).output for command in (("invitations", "counts"), ("groups", "list"))
    )
    assert not [row for row in read(tmp_path / "links.csv") if row["link"].rpartition("/")[2] in words]
