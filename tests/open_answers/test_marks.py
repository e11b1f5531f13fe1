"""Marks on open answers: what each form catches, what it leaves, and that marks fit their text."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.open_answers import Mark, dump_marks, load_marks
from aoj_survey.open_answers.marks import index_names, is_bsn, mark_text

SAMPLES = Path(__file__).parent.parent / "samples"
NAMES = index_names(
    [
        ("basisschool De Verzonnen Vuurtoren", "organisation"),
        ("OBS Kompas", "organisation"),
        ("De", "organisation"),
        ("school 3", "organisation"),
        ("Rijnmeer", "place"),
        ("SWV Rijn en Meer", "place"),
    ]
)


def found(text: str) -> list[tuple[str, str]]:
    return [(text[mark.start : mark.end], mark.kind) for mark in mark_text(text, NAMES)]


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("Mail naar an.een@school.example, graag.", [("an.een@school.example", "email")]),
        (
            "Bel 06-12345678 of +31 (0)20 123 45 67",
            [("06-12345678", "phone"), ("+31 (0)20 123 45 67", "phone")],
        ),
        ("zijn nummer is 111222333.", [("111222333", "bsn")]),
        ("zijn nummer is 1112.22.333", [("1112.22.333", "bsn")]),
        ("in 1234 AB en 1234ab", [("1234 AB", "postcode"), ("1234ab", "postcode")]),
        ("Bij de verzonnen vuurtoren gaat het goed", [("verzonnen vuurtoren", "organisation")]),
        ("Basisschool de Verzonnen Vuurtoren", [("Basisschool de Verzonnen Vuurtoren", "organisation")]),
        ("Op Kompas", [("Kompas", "organisation")]),
        ("De gemeente Rijnmeer, via rijn en meer", [("Rijnmeer", "place"), ("rijn en meer", "place")]),
        ("op School 3.", [("School 3", "organisation")]),
    ],
)
def test_what_may_tell_of_somebody_is_marked(text: str, marks: list[tuple[str, str]]) -> None:
    assert found(text) == marks


@pytest.mark.parametrize(
    "text",
    [
        "In 2026 is het beter, in 2027 ook.",
        "Ons kompas is de leerling; de gemeente en het samenwerkingsverband",
        "nummer 111222334",
        "12.345 leerlingen, 3 keer per jaar",
        "@ school",
    ],
)
def test_ordinary_sentences_are_not_marked(text: str) -> None:
    assert found(text) == []


PLANTED = st.sampled_from(
    ["an.een@school.example", "06 12345678", "111222333", "1234 AB", "De Verzonnen Vuurtoren", "Rijnmeer"]
)
AROUND = st.text(st.sampled_from("abc ,.\n"), max_size=20)


@given(AROUND, PLANTED, AROUND)
def test_what_is_planted_in_any_sentence_is_found(before: str, planted: str, after: str) -> None:
    text = f"{before} {planted} {after}"
    start = len(before) + 1
    covered = {place for mark in mark_text(text, NAMES) for place in range(mark.start, mark.end)}
    core = planted.removeprefix("De ")
    end = start + len(planted)
    assert set(range(end - len(core), end)) <= covered


@given(st.text(st.one_of(st.characters(), st.sampled_from("0123456789 @.+-AaKompas")), max_size=60))
def test_marks_lie_in_their_text_in_order_and_apart(text: str) -> None:
    marks = mark_text(text, NAMES)
    edges = [edge for mark in marks for edge in (mark.start, mark.end)]
    assert edges == sorted(edges)
    assert all(mark.start < mark.end for mark in marks)
    assert not edges or (edges[0] >= 0 and edges[-1] <= len(text))
    assert load_marks(dump_marks(marks)) == marks


@given(st.integers(min_value=0, max_value=10**9 - 1))
def test_one_of_the_last_digits_at_most_passes_the_11_check(number: int) -> None:
    start = f"{number:09d}"[:8]
    assert sum(is_bsn(f"{start}{last}") for last in range(10)) <= 1


def test_the_stored_sample_of_format_1_is_read_for_ever() -> None:
    sample = (SAMPLES / "open-marks-1.json").read_text()
    assert json.loads(sample)["format"] == 1
    assert load_marks(sample) == (Mark(9, 30, "email"), Mark(35, 43, "place"))
