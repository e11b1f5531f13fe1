"""`aoj frame`: lists in and out, whole or not at all, and pages for suppliers."""

import stat
from pathlib import Path

import pytest
from sqlalchemy import update

from aoj_survey.cli.door import opened
from aoj_survey.db import db
from aoj_survey.waves import Participation, find_participation
from tests.cli.conftest import Aoj
from tests.cli.test_commands import PLAN
from tests.invitations.files import make_xlsx

PLACE = ("2026", "rijnmeer")


@pytest.fixture
def planned(aoj: Aoj) -> Aoj:
    aoj("regions", "add", "rijnmeer", "Rijnmeer")
    assert aoj(*PLAN).exit_code == 0
    return aoj


def write(folder: Path, content: str | bytes, name: str = "frame.csv") -> Path:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def test_columns_are_chosen_by_name_and_the_rest_is_not_read(planned: Aoj, tmp_path: Path) -> None:
    rows = [["Contact", "functie", "school", "BRIN"], ["a@b.example", "ib", "De School", "00XX"]]
    file = write(tmp_path, make_xlsx(rows), "lijst.xlsx")
    refused = planned("frame", "import", *PLACE, file)
    assert refused.exit_code == 1
    assert "--column 'address=Contact'" in refused.output
    added = planned("frame", "import", *PLACE, file, "--column", "address=Contact", "--as", "Verzonnen Een")
    assert added.exit_code == 0, added.output
    assert "Column 'BRIN' was not read." in added.output
    assert "Added 1 people" in added.output


@pytest.mark.parametrize("text", ["address", "schoen=Contact", "address=", "=Contact"])
def test_a_choice_that_is_none_is_told(planned: Aoj, tmp_path: Path, text: str) -> None:
    file = write(tmp_path, "e-mail;rol;school\na@b.example;ib;De School\n")
    result = planned("frame", "import", *PLACE, file, "--column", text)
    assert (result.exit_code, "such as address=Mail" in result.output) == (2, True)


def test_a_shared_address_and_an_old_encoding_are_taken_when_that_is_said(
    planned: Aoj, tmp_path: Path
) -> None:
    text = "e-mail;rol;school\na@b.example;ib;De Zeeën\na@b.example;ib;De Haven\n"
    file = write(tmp_path, text.encode("cp1252"))
    refused = planned("frame", "import", *PLACE, file)
    assert (refused.exit_code, "Windows-1252" in refused.output) == (1, True)
    refused = planned("frame", "import", *PLACE, file, "--windows")
    assert (refused.exit_code, "--shared" in refused.output) == (1, True)
    added = planned("frame", "import", *PLACE, file, "--windows", "--shared")
    assert "Added 2 people" in added.output


def test_a_list_is_taken_along_to_a_file_of_its_own(planned: Aoj, tmp_path: Path) -> None:
    planned("frame", "import", *PLACE, write(tmp_path, "e-mail;rol;school\na@b.example;ib;De School\n"))
    target = tmp_path / "mee.csv"
    result = planned("frame", "export", *PLACE, target)
    assert (result.exit_code, "Wrote 1 people" in result.output) == (0, True)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert "a@b.example;intern begeleider;De School;nl" in target.read_text(encoding="utf-8-sig")
    again = planned("frame", "export", *PLACE, target)
    assert (again.exit_code, "File exists" in again.output) == (1, True)


@pytest.mark.parametrize("status", ["closed", "opened", "lapsed"])
def test_a_list_that_was_destroyed_as_promised_cannot_be_taken_along(
    planned: Aoj, tmp_path: Path, instance: Path, status: str
) -> None:
    planned("frame", "import", *PLACE, write(tmp_path, "e-mail;rol;school\na@b.example;ib;De School\n"))
    with opened(instance) as installation, db.write() as connection:
        facts = find_participation(connection, *PLACE)
        connection.execute(update(Participation).values(status=status))
    target = tmp_path / "mee.csv"
    if status != "lapsed":
        assert planned("frame", "export", *PLACE, target).exit_code == 0, "it is there until the purge"
        target.unlink()
    installation.keys.destroy(facts.id, "contact")
    result = planned("frame", "export", *PLACE, target)
    assert (result.exit_code, target.exists()) == (1, False)
    assert "The list of rijnmeer in 2026 was destroyed, as was promised" in result.output


def test_suppliers_are_made_and_listed(planned: Aoj) -> None:
    made = planned("frame", "supplier", *PLACE, "gemeente Rijnstad")
    assert made.output.startswith("http://127.0.0.1:8000/u/")
    again = planned("frame", "supplier", *PLACE, "gemeente Rijnstad")
    assert (again.exit_code, "already" in again.output) == (1, True)
    listed = planned("frame", "suppliers", *PLACE)
    assert listed.output == "gemeente Rijnstad: not yet\n"
