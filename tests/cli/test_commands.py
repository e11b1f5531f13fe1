"""The commands: what they print, how they fail, and that they call the real thing."""

import errno
import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.exc import IntegrityError
from werkzeug.security import check_password_hash

from aoj_survey.cli import main
from aoj_survey.cli.door import describe_database_error, opened
from aoj_survey.cli.serve import web_command
from aoj_survey.config import SETTINGS_FILE, load_settings
from aoj_survey.db import db
from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import find_participation, list_acts
from tests.smtp_server import find_free_port
from tests.staging import QUESTIONNAIRES

from .conftest import PLAN, Aoj


def test_init_makes_an_instance_whose_password_opens_the_coordinator_page(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "new"
    result = CliRunner().invoke(main, ["--instance", str(folder), "init"])
    assert result.exit_code == 0, result.output
    password = result.output.strip().rpartition(" ")[2]
    settings = load_settings(folder)
    assert check_password_hash(settings.coordinator_password_hash, password)
    assert KeyDirectory(settings.keys).secret()
    assert stat.S_IMODE((folder / SETTINGS_FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / "keys").stat().st_mode) == 0o700


def test_init_leaves_an_instance_alone(aoj: Aoj, instance: Path) -> None:
    before = (instance / SETTINGS_FILE).read_bytes()
    result = aoj("init")
    assert (result.exit_code, "already" in result.output) == (1, True)
    assert (instance / SETTINGS_FILE).read_bytes() == before


def test_an_unknown_setting_stops_every_command_with_one_clear_line(aoj: Aoj, instance: Path) -> None:
    with (instance / SETTINGS_FILE).open("a") as file:
        file.write('smtp_hots = "mail.example"\n')
    result = aoj("waves", "show")
    assert result.exit_code == 1
    assert "unknown setting smtp_hots. Did you mean smtp_host?" in result.output
    assert "Traceback" not in result.output


def test_a_wave_is_planned_filled_started_shown_and_closed(planned: Aoj) -> None:
    assert "Started 2026 rijnmeer" in planned("waves", "start", "2026", "rijnmeer").output
    shown = planned("waves", "show").output
    assert "2026 rijnmeer: running, 2026-05-04 to 2026-06-05" in shown
    assert "second reminder: 2026-05-26 09:00" in shown
    assert "Closed 2026 rijnmeer" in planned("waves", "close", "2026", "rijnmeer").output
    again = planned("waves", "close", "2026", "rijnmeer")
    assert (again.exit_code, "is not running" in again.output) == (1, True)


def test_the_import_says_which_column_it_ignored(aoj: Aoj, tmp_path: Path) -> None:
    aoj("regions", "add", "rijnmeer", "Rijnmeer")
    aoj(*PLAN)
    frame = tmp_path / "frame.csv"
    frame.write_text("naam,e-mail,functie,organisatie,taal\nAnna,post@a.example,ib,school,nl\n")
    result = aoj("frame", "import", "2026", "rijnmeer", frame)
    assert result.exit_code == 0, result.output
    assert "'naam' was ignored" in result.output
    assert "Added 1 people" in result.output


def test_a_faulty_list_is_refused_whole_with_every_fault(aoj: Aoj, tmp_path: Path) -> None:
    aoj("regions", "add", "rijnmeer", "Rijnmeer")
    aoj(*PLAN)
    frame = tmp_path / "frame.csv"
    frame.write_text(
        "e-mail,functie,organisatie,taal\npost,ib,s,nl\npost@a.example,kok,s,nl\npost@b.example,ib,s,nl\n"
    )
    result = aoj("frame", "import", "2026", "rijnmeer", frame)
    assert result.exit_code == 1
    assert "row 2" in result.output
    assert "row 3" in result.output
    start = aoj("waves", "start", "2026", "rijnmeer")
    assert "nobody on the list" in start.output


@pytest.mark.parametrize("text", ["widths", "widths@1", "@1=ib", "widths=ib"])
def test_a_questionnaire_for_roles_must_be_written_in_full(aoj: Aoj, text: str) -> None:
    words = [text if word == "widths@1=ib" else word for word in PLAN]
    result = aoj(*words)
    assert result.exit_code == 2
    assert "does not look like" in result.output


def add_officer(aoj: Aoj, name: str, *limits: str) -> str:
    """Make an account that may approve, and return its code."""
    made = aoj("accounts", "add", name, "--right", "approve", *limits)
    assert made.exit_code == 0, made.output
    return made.output.strip().rpartition("\n")[2]


def approve_as_nobody(aoj: Aoj) -> None:
    """Try to approve with words that are no code, another right, and a right elsewhere."""
    other = aoj("accounts", "add", "Analist", "--right", "download").output.strip().rpartition("\n")[2]
    elsewhere = add_officer(aoj, "Elders", "--region", "joint")
    aoj("waves", "start", "2026", "rijnmeer")
    aoj("waves", "close", "2026", "rijnmeer")
    for typed, told in (("Een", "nobody's code"), (other, "no right to approve"), (elsewhere, "no right to")):
        refused = aoj("responses", "approve", "2026", "rijnmeer", typed=typed)
        assert (refused.exit_code, told in refused.output) == (1, True), refused.output


def test_a_command_takes_an_approval_from_a_code_only(planned: Aoj) -> None:
    approve_as_nobody(planned)


def test_twin_without_asking_for_the_right_any_code_approves(
    planned: Aoj, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aoj_survey.cli.people.may", lambda *_anything: True)
    with pytest.raises(AssertionError, match="1 of 2 people"):
        approve_as_nobody(planned)


def test_the_box_stays_shut_before_the_close_and_without_two_people(planned: Aoj, instance: Path) -> None:
    planned("waves", "start", "2026", "rijnmeer")
    assert "is not closed" in planned("responses", "open", "2026", "rijnmeer").output
    code = add_officer(planned, "Een")
    early = planned("responses", "approve", "2026", "rijnmeer", typed=code)
    assert (early.exit_code, "is not closed" in early.output) == (1, True)
    planned("waves", "close", "2026", "rijnmeer")
    for _ in range(2):
        approved = planned("responses", "approve", "2026", "rijnmeer", typed=code)
        assert "1 of 2 people" in approved.output
        assert code not in approved.output
    with opened(instance), db.read() as connection:
        acts = list_acts(connection, find_participation(connection, "2026", "rijnmeer").id)
    assert [act.made_by for act in acts if act.code == "opening_approved"] == ["Een"]
    refused = planned("responses", "open", "2026", "rijnmeer")
    assert (refused.exit_code, "Two people must approve" in refused.output) == (1, True)


def test_an_export_before_the_opening_is_refused(planned: Aoj, tmp_path: Path) -> None:
    result = planned("exports", "write", "2026", "rijnmeer", "--to", tmp_path / "bundles")
    assert (result.exit_code, "was not opened yet" in result.output) == (1, True)
    assert not (tmp_path / "bundles").exists()


def test_an_unknown_participation_is_answered_with_the_known_ones(planned: Aoj) -> None:
    result = planned("waves", "start", "2027", "rijnmeer")
    assert (result.exit_code, "Known: 2026 rijnmeer" in result.output) == (1, True)


def test_check_shows_all_faults_and_exits_with_1(aoj: Aoj, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("format: 1\nquestionnaire: x\nthemes: []\nsurprise: 1\n")
    result = aoj("questionnaires", "check", broken)
    assert result.exit_code == 1
    assert result.output.splitlines()[0] == str(broken)
    problems = json.loads(aoj("questionnaires", "check", broken, "--json").output)
    assert len(problems) > 1
    assert set(problems[0]) == {"code", "file", "line", "column", "what", "remedy", "level"}
    assert aoj("questionnaires", "check", QUESTIONNAIRES / "widths" / "1.yaml").exit_code == 0


def test_the_web_server_keeps_no_access_log(instance: Path) -> None:
    assert "--no-access-log" in web_command(load_settings(instance))


def test_a_missing_key_stops_serve_before_any_process_starts(aoj: Aoj, instance: Path) -> None:
    (instance / "keys" / "secret.key").unlink()
    result = aoj("serve")
    assert (result.exit_code, "secret.key is missing" in result.output) == (1, True)


def test_resetting_leaves_a_real_instance_alone(aoj: Aoj, instance: Path) -> None:
    result = aoj("demo", "reset")
    assert (result.exit_code, instance.exists()) == (1, True)


# What goes wrong outside this engine is one line too


def assert_one_line(result: Result, *words: str) -> None:
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit), result.exception
    [line] = result.output.splitlines()
    for word in words:
        assert word in line


def test_a_database_that_is_not_there_is_one_line(aoj: Aoj, instance: Path) -> None:
    for file in instance.glob("aoj.sqlite3*"):
        file.unlink()
    assert_one_line(aoj("waves", "show"), "no such table", "database_url", "aoj init")


def test_a_database_that_cannot_be_reached_is_one_line_without_its_password(aoj: Aoj, instance: Path) -> None:
    with (instance / SETTINGS_FILE).open("a") as file:
        file.write(f'database_url = "postgresql+psycopg://monitor:geheim@127.0.0.1:{find_free_port()}/x"\n')
    result = aoj("waves", "show")
    assert_one_line(result, "OperationalError", "database_url")
    assert "geheim" not in result.output


def test_what_a_database_says_of_values_is_not_shown() -> None:
    cause = ValueError("Key (address)=(anna@school.example) already exists")
    shown = describe_database_error(IntegrityError("INSERT …", {}, cause))
    assert "ValueError" in shown
    assert "anna" not in shown


def test_an_instance_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = CliRunner().invoke(main, ["--instance", str(tmp_path / "file" / "instance"), "init"])
    assert_one_line(result, str(tmp_path / "file"), "Not a directory")


@pytest.mark.parametrize("words", [("--database-url", "rubbish"), ("--public-url", "http://[::1")])
def test_init_with_a_bad_setting_is_one_line_and_makes_nothing(
    tmp_path: Path, words: tuple[str, str]
) -> None:
    result = CliRunner().invoke(main, ["--instance", str(tmp_path / "new"), "init", *words])
    assert_one_line(result, words[0].removeprefix("--").replace("-", "_"))
    assert not (tmp_path / "new").exists()


def test_a_mistake_of_ours_is_not_hidden(aoj: Aoj, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aoj_survey.cli.waves.list_participations", lambda *_: 1 // 0)
    assert isinstance(aoj("waves", "show").exception, ZeroDivisionError)


def test_a_reader_who_goes_away_is_no_error_to_tell(aoj: Aoj, monkeypatch: pytest.MonkeyPatch) -> None:
    def hang_up(*_: object) -> None:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    monkeypatch.setattr("aoj_survey.cli.waves.list_participations", hang_up)
    assert aoj("waves", "show").output == ""


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a file that has no end")
@pytest.mark.timeout(30)
def test_a_list_without_end_is_refused(planned: Aoj) -> None:
    result = planned("frame", "import", "2026", "rijnmeer", "/dev/zero")
    assert_one_line(result, "larger than 5 MiB")
