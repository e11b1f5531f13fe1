from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.exports.variables import (
    Code,
    Variable,
    cut_bytes,
    cut_characters,
    find_title,
    find_universe,
    group_choices,
    read_variables,
    say,
)
from tests.datasets.builders import INSTRUMENTS, ROW, make_small
from tests.exports.sheets import LABEL, VARIABLES, texts


def test_variables_are_the_columns_of_the_codebook() -> None:
    made = make_small([ROW] * 6)
    variables = read_variables(made.codebook)
    assert [item.name for item in variables] == [column.name for column in made.columns]
    assert [item.holds for item in variables] == [column.holds for column in made.columns]
    snel = next(item for item in variables if item.name == "snel")
    assert snel.label == {"nl": "Sneller?", "en": "Sooner?"}
    assert [code.value for code in snel.codes] == [-8, -7, -6, -5, 1, 2, 99]
    assert snel.universe is not None
    assert snel.universe["nl"]


def test_columns_of_the_design_have_no_missing_codes_and_no_universe() -> None:
    first = read_variables(make_small([ROW] * 6).codebook)[:6]
    assert all(item.missing == () and item.universe is None and item.item is None for item in first)


def test_bounds_and_unit_are_read() -> None:
    codebook: dict[str, Any] = {
        "columns": [
            {
                "name": "jaren",
                "holds": "number",
                "label": LABEL,
                "unit": {"nl": "jaar"},
                "minimum": 0,
                "maximum": 50,
            }
        ]
    }
    (jaren,) = read_variables(codebook)
    assert (jaren.minimum, jaren.maximum, jaren.unit) == (0, 50, {"nl": "jaar"})


@pytest.mark.parametrize(
    ("maximum", "holds", "wide"),
    [
        (None, "code", False),
        (None, "number", True),
        (2**31 - 1, "number", False),
        (2**31, "number", True),
        (None, "date", False),
    ],
)
def test_column_is_wide_by_what_it_may_hold(maximum: int | None, holds: str, *, wide: bool) -> None:
    assert Variable("a", holds, LABEL, maximum=maximum).is_wide is wide


def test_title_names_questionnaires_once_with_region_and_wave() -> None:
    codebook = make_small([ROW] * 6).codebook
    assert find_title(codebook) == {"nl": "Proef (proef, 2015)", "en": "Trial (proef, 2015)"}
    assert find_title({**codebook, "questionnaires": codebook["questionnaires"] * 2}) == find_title(codebook)
    assert set(INSTRUMENTS) == {"digest-p", "digest-b"}


def test_universe_names_the_strata() -> None:
    assert find_universe(make_small([ROW] * 6).codebook)["nl"] == "intern begeleiders"


def test_text_is_said_in_its_language_else_in_dutch_else_in_any() -> None:
    assert say({"nl": "ja", "en": "yes"}, "en") == "yes"
    assert say({"nl": "ja"}, "en") == "ja"
    assert say({"ar": "نعم"}, "en") == "نعم"
    assert say({}, "en") == ""


@given(texts, st.integers(3, 60))
def test_cut_text_fits_in_its_bytes_and_is_the_start_of_the_text(text: str, limit: int) -> None:
    kept = cut_bytes(text, limit)
    assert len(kept.encode()) <= limit
    assert kept == text if len(text.encode()) <= limit else text.startswith(kept.removesuffix("…"))


def test_cut_never_leaves_half_a_character() -> None:
    assert cut_bytes("éééé", 7) == "éé…"
    assert cut_bytes("a😀😀", 8) == "a😀…"


def test_twin_cut_at_any_byte_would_leave_half_a_character() -> None:
    with pytest.raises(UnicodeDecodeError):
        "éééé".encode()[:3].decode()


@given(texts, st.integers(1, 60))
def test_cut_text_fits_in_its_characters(text: str, limit: int) -> None:
    kept = cut_characters(text, limit)
    assert len(kept) <= limit
    assert kept == text if len(text) <= limit else kept.endswith("…")


def test_columns_of_one_question_with_several_answers_belong_together() -> None:
    assert {name: [item.name for item in members] for name, members in group_choices(VARIABLES).items()} == {
        "in": ["in_visie", "in_inkoop"]
    }


def test_codes_are_sorted_with_missing_ones_first() -> None:
    item = Variable("a", "code", LABEL, (Code(2, LABEL), Code(1, LABEL)), (Code(-8, LABEL), Code(-5, LABEL)))
    assert [code.value for code in item.codes] == [-8, -5, 1, 2]
