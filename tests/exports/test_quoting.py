import re

import pytest
from hypothesis import given

from aoj_survey.exports.quoting import quote_r, quote_spss, quote_stata
from tests.exports.sheets import texts

HOSTILE = ["'; system('id'); '", '"); q(); c("', "`=1+1'", "${HOME}", "\\", "a\"'b", "een\ntwee", "$x", "é😀"]


@given(texts)
def test_string_of_r_is_ascii_and_one_literal(text: str) -> None:
    literal = quote_r(text)
    assert literal.isascii()
    assert literal.isprintable()
    assert re.fullmatch(r'"([^"\\]|\\["\\]|\\u[0-9a-f]{4}|\\U[0-9a-f]{8})*"', literal)


@given(texts)
def test_string_of_spss_is_one_literal_a_line_and_says_the_same(text: str) -> None:
    pieces = quote_spss(text).split(" +\n  ")
    assert all(re.fullmatch(r"'([^'\n\r]|'')*'", piece) for piece in pieces)
    flat = "".join(piece[1:-1].replace("''", "'") for piece in pieces)
    assert re.sub(r"\s", "", flat) == re.sub(r"[\s\x00-\x1f\x7f-\x9f\ufeff]", "", text)
    assert all(len(line.encode()) <= 256 for line in quote_spss(text).splitlines())


@given(texts)
def test_string_of_stata_has_no_sign_its_macros_act_on(text: str) -> None:
    literal = quote_stata(text)
    assert literal.startswith('`"')
    assert literal.endswith("\"'")
    assert not set('`$\\"\n\r') & set(literal[2:-2])


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_on_one_line_of_stata_and_within_its_quotes(text: str) -> None:
    assert quote_stata(text).count('"') == 2
    assert "\n" not in quote_stata(text)


def test_long_text_goes_over_several_lines_of_spss() -> None:
    assert quote_spss("a" * 130).count("+\n") == 2


def test_empty_text_is_an_empty_string() -> None:
    assert (quote_r(""), quote_spss(""), quote_stata("")) == ('""', "''", '`""\'')


def test_what_lies_beyond_ascii_is_told_to_r_by_number() -> None:
    assert quote_r("coö😀") == '"co\\u00f6\\U0001f600"'


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a /* b */ c", "a / * b * / c"),
        ("a // b /// c", "a / / b / / / c"),
        ("\\* ja", "/ * ja"),
        ("//ja", "/ /ja"),
        ("https://monitor.example", "https://monitor.example"),
    ],
)
def test_stata_sees_no_comment_in_a_string(text: str, kept: str) -> None:
    assert quote_stata(text) == f'`"{kept}"\''
