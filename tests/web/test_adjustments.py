"""What was changed, in plain words: from the reports of real data, in Dutch and English."""

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

import pytest
from flask import Flask

from aoj_survey.datasets import OpenAnswers, WaveDataset
from aoj_survey.exports.reports import report_limits, report_privacy
from aoj_survey.exports.variables import Cut
from aoj_survey.reviewing import People
from aoj_survey.web.adjustments import MOST, Adjustment, list_adjustments, read_privacy
from tests.datasets.builders import ROW, make_joined, make_small

ALWAYS = 2
GIVEN = OpenAnswers(
    (), {}, {"released": 8, "redacted": 2, "dropped": 3, "waiting": 4, "unkept": 0}, People(2, 1)
)


@pytest.fixture(params=["nl", "en"])
def language(request: pytest.FixtureRequest, sqlite_app: Flask) -> Iterator[str]:
    with sqlite_app.test_request_context(headers={"Accept-Language": request.param}):
        yield request.param


def tell(dataset: WaveDataset, given: OpenAnswers | None = None, limits: Any = None) -> list[Adjustment]:
    # As they are read from the files: JSON knows no tuples.
    report, codebook = (
        json.loads(json.dumps(one)) for one in (report_privacy(dataset, None, given), dataset.codebook)
    )
    return list_adjustments(report, codebook, limits or {})


def say_all(found: list[Adjustment]) -> str:
    return "\n".join(" ".join((one.words, *one.parts)) for one in found)


def test_roles_that_stand_together_are_named_with_their_answers(language: str) -> None:
    text = say_all(tell(make_joined()))
    expected = {
        "nl": (
            "Beleidsmedewerkers gemeente, directeuren en coördinatoren samenwerkingsverband staan samen als",
            "“beleid” (18 antwoorden). Dat geldt voor alle bestanden.",
            "Intern begeleiders, jeugdhulpverleners staan samen (16 antwoorden).",
        ),
        "en": ("stand together as “policy” (18 answers), in all files.", "stand together (16 answers)"),
    }
    assert all(words in text for words in expected[language])


def test_a_column_hidden_since_all_gave_one_answer_is_named_with_its_group(language: str) -> None:
    [hidden] = [one for one in tell(make_small([ROW] * 6)) if one.parts]
    words = {
        "nl": "Verborgen, omdat een hele groep hetzelfde antwoord gaf:",
        "en": "Hidden, since a whole group gave the same answer:",
    }
    assert hidden.words == words[language]
    assert [part.partition(":")[0] for part in hidden.parts] == [
        {"nl": "Welk cijfer? (cijfer)", "en": "Which mark? (cijfer)"}[language]
    ]


def test_of_open_answers_it_says_what_became_of_them_and_that_nobody_sought_names(language: str) -> None:
    with_them = say_all(tell(make_small([ROW] * 6), GIVEN))
    counted = {
        "nl": "8 helemaal vrijgegeven en 2 zonder sommige woorden. Weggegooid: 3.",
        "en": "8 are released whole and 2 with parts left out. Thrown away: 3.",
    }
    assert counted[language] in with_them
    assert {"nl": "nog niemand had beslist: 4.", "en": "nobody had decided on when the files were made: 4."}[
        language
    ] in with_them
    assert {"nl": "Naar namen van mensen heeft", "en": "did not look for names of people"}[
        language
    ] in with_them


def test_what_is_cut_short_is_told_per_file(sqlite_app: Flask) -> None:
    cuts = [Cut("responses.dta", name, None, 80, "characters", "…") for name in ("a", "b")]
    with sqlite_app.test_request_context(headers={"Accept-Language": "nl"}):
        text = say_all(tell(make_small([ROW] * 6), limits=report_limits(cuts, {})))
    assert "In responses.dta zijn 2 lange teksten ingekort." in text


def test_many_columns_are_not_all_named_and_rows_and_areas_are_told(sqlite_app: Flask) -> None:
    privacy = replace(
        make_small([ROW] * 6).privacy,
        protected={f"kolom_{number}": 2 for number in range(MOST + 3)},
        suppressed={"ib": 2},
        merged={"jeugdhulp@a1": "ib+jeugdhulp"},
        quasi_identifiers=(("jaren", "region"),),
    )
    report = json.loads(json.dumps(asdict(privacy) | {"rows": 6, "open_text": "not included"}))
    with sqlite_app.test_request_context(headers={"Accept-Language": "nl"}):
        found = list_adjustments(report, {"areas": ["x"]}, {})
        text = say_all(found)
        facts = read_privacy(report, {})
    assert "26 cellen zijn verborgen (-6)" in text
    assert "en nog 3" in text
    assert "In 2 rijen is alles verborgen" in text
    assert "jeugdhulpverleners, gebied a1: intern begeleiders, jeugdhulpverleners" in text
    assert "jaren: alle functies" in text
    assert "alleen in als gebied" in text
    assert (facts.joined, facts.columns, facts.cells, facts.every) == (1, MOST + 5, 26, 0)


def test_nothing_but_what_always_holds_is_told_of_data_that_needed_nothing(sqlite_app: Flask) -> None:
    answers = [{**ROW, "cijfer": mark} for mark in (4, 5, 6, 7, 8, 8)]
    with sqlite_app.test_request_context(headers={"Accept-Language": "nl"}):
        dataset = make_small(answers)
        assert len(tell(dataset)) == ALWAYS
        facts = read_privacy(json.loads(json.dumps(report_privacy(dataset))), dataset.codebook)
    assert facts.every == 6 * sum("item" in column for column in dataset.codebook["columns"])
