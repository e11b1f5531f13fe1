"""`aoj audit relink`: what is printed and written, and that a success of the attacker is loud."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from .conftest import Aoj

LINKED = re.compile(r"LINKED: 1 of \d+ attempts on 2026 succeeded!")
ADDRESS = "post@school-3.example"


def write_log(folder: Path, line: str) -> Path:
    folder.mkdir()
    (folder / "mail.log").write_text(line, encoding="utf-8")
    return folder


def test_where_nothing_is_linked_it_says_so_and_ends_with_0(planned: Aoj) -> None:
    result = planned("audit", "relink", "2026")
    assert result.exit_code == 0, result.output
    first, *others = result.output.splitlines()
    assert re.fullmatch(r"Nothing was linked: 6 attempts on 2026, and \d+ could not be made\. .+", first)
    assert others[0] == "NOT LOOKED AT: No backup was given (--backup)."
    assert "unlinked   database: Do the tables of answers keep a moment" in result.output
    assert "not tried  rijnmeer: Do the log files say who took part when" in result.output


def test_a_success_of_the_attacker_is_loud_and_ends_with_1(planned: Aoj, tmp_path: Path) -> None:
    logs = write_log(tmp_path / "logs", f"sent to {ADDRESS}\n")
    result = planned("audit", "relink", "2026", "--logs", logs)
    assert result.exit_code == 1
    assert LINKED.match(result.output.splitlines()[0])
    assert "\nLINKED     rijnmeer: Do the log files" in result.output


def test_programs_get_the_same_as_json(planned: Aoj, tmp_path: Path) -> None:
    logs = write_log(tmp_path / "logs", f"sent to {ADDRESS}\n")
    result = planned("audit", "relink", "2026", "--logs", logs, "--json")
    assert result.exit_code == 1
    found = json.loads(result.output)
    assert (found["format"], found["wave"], found["regions"], found["linked"]) == (1, "2026", ["rijnmeer"], 1)
    [linked] = [attempt for attempt in found["attempts"] if attempt["succeeded"]]
    assert (linked["name"], linked["outcome"], linked["measure"]["addresses"]) == ("logs", "linked", 1)
    assert set(linked["words"]) == set(linked["question"]) == {"nl", "en"}


def test_the_report_is_written_whole_in_two_languages_and_names_nobody(planned: Aoj, tmp_path: Path) -> None:
    logs = write_log(tmp_path / "logs", f"sent to {ADDRESS}\n")
    folder = tmp_path / "report"
    result = planned("audit", "relink", "2026", "--logs", logs, "--with-keys", "--output", folder)
    assert f"Wrote {folder / 'relink-2026.html'}." in result.output
    page = (folder / "relink-2026.html").read_text(encoding="utf-8")
    data = (folder / "relink-2026.json").read_text(encoding="utf-8")
    assert '<p class="verdict loud">Mis. Gelukte pogingen' in page
    assert re.search(r"that succeeded: 1 of \d+\.", page)
    assert "evidence of what was tried, not a promise" in page
    assert '<html lang="nl">' in page
    assert page.count("<tr ") == len(json.loads(data)["attempts"]) + 2
    assert "<script" not in page
    assert re.findall(r"(?:src|href)=", page) == []
    for text in (page, data, result.output):
        assert "school-3" not in text


def test_a_verdict_without_success_is_calm(planned: Aoj, tmp_path: Path) -> None:
    assert planned("audit", "relink", "2026", "--output", tmp_path).exit_code == 0
    page = (tmp_path / "relink-2026.html").read_text(encoding="utf-8")
    assert '<p class="verdict">Geen van de 6 pogingen' in page
    assert "GEKOPPELD" not in page


def write_workbook(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_row(0, 0, ["ib", ADDRESS])


def write_list(path: Path) -> None:
    path.write_text(f"ib;{ADDRESS}\n", encoding="utf-8")


@pytest.mark.parametrize(("name", "write"), [("list.xlsx", write_workbook), ("list.csv", write_list)])
def test_a_list_that_was_left_with_the_installation_is_found(
    planned: Aoj, instance: Path, name: str, write: Callable[[Path], None]
) -> None:
    (instance / "old").mkdir()
    write(instance / "old" / name)
    result = planned("audit", "relink", "2026")
    assert result.exit_code == 1
    assert "LINKED     rijnmeer: Does a file of the installation hold links" in result.output
    assert "Yes: 0 links, 1 addresses" in result.output


@pytest.mark.parametrize("content", [b"\x28\xb5\x2f\xfd packed", b"PK\x03\x04 damaged"])
def test_a_file_of_the_installation_that_cannot_be_read_is_said(
    planned: Aoj, instance: Path, content: bytes
) -> None:
    (instance / "old").write_bytes(content)
    result = planned("audit", "relink", "2026")
    assert result.exit_code == 0
    assert "NOT LOOKED AT: Some files of the installation cannot be read" in result.output


def test_settings_keys_and_a_report_of_before_are_no_find(planned: Aoj, instance: Path) -> None:
    first, second = (planned("audit", "relink", "2026", "--output", instance / "reports") for _ in range(2))
    assert first.exit_code == 0, first.output
    assert second.output == first.output
    assert "No. 0 files were searched." in second.output


def test_an_unknown_wave_is_refused(planned: Aoj) -> None:
    result = planned("audit", "relink", "2031")
    assert result.exit_code == 1
    assert "There is no wave 2031. Known: 2026." in result.output
