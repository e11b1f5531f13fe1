"""`aoj answers`: the rules of the page by command; each person types a code of their own."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aoj_survey.accounts import add_account, list_accounts, remove_account
from aoj_survey.app import create_app
from aoj_survey.cli import answers, main
from aoj_survey.config import load_settings
from aoj_survey.db import db
from aoj_survey.open_answers import Mark, dump_marks
from aoj_survey.reviewing import Proposed, Suggestion, Verdict, Waiting, desk
from tests.factories import make_open_answer, make_open_item, make_opening, make_participation, make_wave

from .conftest import Aoj

TEXT = "Bel juf op 0612345678 voor overleg"
PLACE = ("2026", "rijnmeer", "beter")
RIGHTS = {"Verzonnen Een": ["review"], "Verzonnen Twee": ["approve"], "Verzonnen Drie": ["download"]}


@pytest.fixture
def codes(instance: Path) -> dict[str, str]:
    """An opened place with three answers, and the codes of three accounts by name."""
    app = create_app(load_settings(instance))
    with app.app_context(), db.write() as connection:
        place = make_participation(connection, wave_code="2026", region_code="rijnmeer", status="opened")
        make_opening(connection, place, tables_rewritten=True)
        make_open_item(connection, place, kept=3, unkept=2)
        make_open_answer(connection, place, text=TEXT, marks=dump_marks([Mark(11, 21, "phone")]))
        for text in ("meer tijd", "minder papier"):
            make_open_answer(connection, place, text=text)
        codes = {name: add_account(connection, name, rights)[1] for name, rights in RIGHTS.items()}
        elsewhere = {
            "Verzonnen Elders": add_account(connection, "Verzonnen Elders", ["review"], ["zandzee"])[1]
        }
        return codes | elsewhere


@pytest.fixture
def answer(instance: Path) -> "Answer":
    return Answer(instance)


class Answer:
    """Runs a command of `aoj answers` and types lines."""

    def __init__(self, instance: Path) -> None:
        self.instance = instance

    def __call__(self, command: str, *typed: str) -> Result:
        words = ["--instance", str(self.instance), "answers", command, *PLACE]
        return CliRunner().invoke(main, words, input="\n".join(typed) + "\n")


def propose_all(answer: Answer, code: str) -> Result:
    """Choose for each of the three, in whichever order they come: the text with a number is shortened twice wrongly."""
    shown = answer("review", code, "later", "later", "later").output
    order = sorted(
        [("redact", TEXT), ("release", "meer tijd"), ("drop", "minder papier")],
        key=lambda one: shown.index(one[1]),
    )
    typed = [
        line
        for choice, _ in order
        for line in ((choice, "Bel nooit", "Bel juf op voor overleg") if choice == "redact" else (choice,))
    ]
    return answer("review", code, *typed)


def test_one_proposes_another_decides_and_both_are_logged(
    aoj: Aoj, codes: dict[str, str], answer: Answer
) -> None:
    looked = propose_all(answer, codes["Verzonnen Een"])
    assert looked.exit_code == 0, looked.output
    assert "looks like: phone “0612345678”" in looked.output
    assert "The word 'nooit' does not stand there" in looked.output
    assert "becomes: Bel juf op […] voor overleg" in looked.output
    assert "Chosen for 3 answers" in looked.output
    told = aoj("answers", "status").output
    assert told == (
        "2026 rijnmeer beter: 0 wait for a proposal, 3 for a decision; 0 released, 0 shortened, 0 dropped, "
        "2 erased at the opening.\n  3 proposed by Verzonnen Een wait for: Verzonnen Twee\n"
    )
    own = answer("decide", codes["Verzonnen Een"])
    assert own.output.strip().endswith("Agreed with 0 proposals, sent back 0."), own.output
    decided = answer("decide", codes["Verzonnen Twee"], "agree", "agree", "agree")
    assert "Verzonnen Een proposes this: Bel juf op […] voor overleg" in decided.output
    assert "looks like: phone “0612345678”" in decided.output
    assert decided.output.endswith("Agreed with 3 proposals, sent back 0.\n")
    told = aoj("answers", "status").output
    assert "0 for a decision; 1 released, 1 shortened, 1 dropped" in told
    log = aoj("answers", "log", "2026", "rijnmeer").output.splitlines()
    released = "released open answers to beter: 1 whole, 1 shortened, 1 dropped"
    assert sorted(line.partition("UTC: ")[2] for line in log) == [
        "Verzonnen Een looked through 3 open answers to beter",
        f"Verzonnen Twee {released} (proposed by Verzonnen Een)",
    ]
    assert not any("papier" in line or "juf" in line for line in log)


def test_status_for_programs_tells_who_may_do_what(aoj: Aoj, codes: dict[str, str], answer: Answer) -> None:
    answer("review", codes["Verzonnen Een"], "drop", "later", "later")
    [found] = json.loads(aoj("answers", "status", "--json").output)
    assert found["may_propose"] == ["Verzonnen Een"]
    assert (found["waiting"], found["proposed"], found["unkept"]) == (2, 1, 2)
    assert found["proposed_by"] == [{"name": "Verzonnen Een", "answers": 1, "may_decide": ["Verzonnen Twee"]}]
    assert "a proposal may come from: Verzonnen Een" in aoj("answers", "status").output


def test_what_is_sent_back_or_given_up_waits_again(aoj: Aoj, codes: dict[str, str], answer: Answer) -> None:
    for typed in (("later", "later", "redact", "-"), ("redact", "-", "later", "later")):
        answer("review", codes["Verzonnen Een"], *typed)
    assert "3 wait for a proposal" in aoj("answers", "status").output
    answer("review", codes["Verzonnen Een"], "drop", "drop", "drop")
    assert answer("decide", codes["Verzonnen Twee"], "back", "later", "back").exit_code == 0
    assert "2 wait for a proposal, 1 for a decision" in aoj("answers", "status").output


@pytest.mark.parametrize(
    ("command", "name", "fault"),
    [
        ("review", "Verzonnen Twee", "may not do this; it may approve"),
        ("review", "Verzonnen Drie", "may not do this; it may download"),
        ("decide", "Verzonnen Drie", "may not do this; it may download"),
        ("review", "Verzonnen Elders", "may not do this; it may review, in zandzee"),
        ("decide", "Verzonnen Elders", "may not do this; it may review, in zandzee"),
        ("decide", "", "No account has this code"),
    ],
)
def test_who_may_not_is_told_so_and_sees_no_answer(
    codes: dict[str, str], answer: Answer, command: str, name: str, fault: str
) -> None:
    refused = answer(command, codes.get(name, "aoj_nobody"))
    assert (refused.exit_code, fault in refused.output) == (1, True), refused.output
    assert "papier" not in refused.output


@pytest.mark.parametrize("command", ["review", "decide"])
def test_whose_account_is_taken_away_meanwhile_keeps_nothing(
    aoj: Aoj, codes: dict[str, str], answer: Answer, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    name = "Verzonnen Een" if command == "review" else "Verzonnen Twee"
    if command == "decide":
        answer("review", codes["Verzonnen Een"], "drop", "drop", "drop")

    def leave(paper: Waiting | Proposed) -> Suggestion | Verdict:
        with db.write() as connection:
            if any(one.name == name for one in list_accounts(connection)):
                remove_account(connection, name)
        return (
            Verdict(paper.id, paper.seal, agrees=True)
            if isinstance(paper, Proposed)
            else Suggestion(paper.id, "drop")
        )

    monkeypatch.setattr(answers, "_ask_decision", leave)
    monkeypatch.setattr(answers, "_ask_verdict", leave)
    refused = answer(command, codes[name])
    assert (refused.exit_code, "No account has this code" in refused.output) == (1, True), refused.output
    waiting = (
        "3 wait for a proposal"
        if command == "review"
        else "3 for a decision; 0 released, 0 shortened, 0 dropped"
    )
    assert waiting in aoj("answers", "status").output


def release_alone(aoj: Aoj, codes: dict[str, str], answer: Answer) -> None:
    answer("review", codes["Verzonnen Een"], "release", "release", "release")
    answer("decide", codes["Verzonnen Een"], "agree", "agree", "agree")
    assert "0 released" in aoj("answers", "status").output, "one person released"


def test_one_code_releases_nothing(aoj: Aoj, codes: dict[str, str], answer: Answer) -> None:
    release_alone(aoj, codes, answer)


def test_twin_without_the_second_person_one_code_releases(
    aoj: Aoj, codes: dict[str, str], answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed: Callable[..., object] = answers.list_proposed
    monkeypatch.setattr(
        answers,
        "list_proposed",
        lambda connection, place, item, _name, *rest: listed(connection, place, item, "", *rest),
    )
    monkeypatch.setattr(desk, "refuse_same_person", lambda *_: None)
    with pytest.raises(AssertionError, match="one person released"):
        release_alone(aoj, codes, answer)


def test_nobody_to_wait_for_is_said_with_what_to_do(aoj: Aoj, instance: Path) -> None:
    assert "There are no open answers" in aoj("answers", "status").output
    app = create_app(load_settings(instance))
    with app.app_context(), db.write() as connection:
        make_wave(connection, code="2026")
        make_open_item(connection, None, wave_code="2026")
        make_open_answer(connection, None, wave_code="2026", proposal="drop", proposed_by="Verzonnen Vier")
    told = aoj("answers", "status").output
    assert "2026 joint beter" in told
    assert "1 proposed by Verzonnen Vier wait for: nobody yet; make an account" in told
    unknown = aoj("answers", "review", "2026", "joint", "anders")
    assert "no open answers to anders in 2026 joint. Known: beter." in unknown.output


def test_the_log_of_accounts_tells_of_small_boxes_too(
    aoj: Aoj, codes: dict[str, str], instance: Path
) -> None:
    app = create_app(load_settings(instance))
    with app.app_context(), db.write() as connection:
        make_open_item(connection, None, wave_code="2026")
        make_open_answer(connection, None, wave_code="2026")
    words = ["--instance", str(instance), "answers", "review", "2026", "joint", "beter"]
    looked = CliRunner().invoke(main, words, input=f"{codes['Verzonnen Een']}\nrelease\n")
    assert looked.exit_code == 0, looked.output
    log = aoj("accounts", "log").output
    assert "Verzonnen Een looked through 1 open answers to beter (small boxes of 2026)" in log
