"""The words and signs of a condition, and where they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.questionnaire.tokens import split_tokens


@pytest.mark.parametrize(
    ("source", "kinds", "texts"),
    [
        ('doelen == "ja"', ["name", "sign", "text"], ["doelen", "==", '"ja"']),
        ("a<=1&&!(b)", ["name", "sign", "number", "sign", "sign", "sign", "name", "sign"], None),
        (r'"een \" twee"', ["text"], [r'"een \" twee"']),
        ("'een \" twee'", ["text"], ["'een \" twee'"]),
        ("size(x) > 1", ["name", "sign", "name", "sign", "sign", "number"], None),
        ("  ", [], []),
    ],
)
def test_a_condition_is_split(source: str, kinds: list[str], texts: list[str] | None) -> None:
    (*tokens, end), wrong = split_tokens(source)
    assert wrong is None
    assert [token.kind for token in tokens] == kinds
    assert texts is None or [token.text for token in tokens] == texts
    assert (end.kind, end.offset) == ("end", len(source.rstrip()))


@pytest.mark.parametrize(
    ("source", "offset"), [("a = 1", 2), ("  @", 2), ("a == 'x", 5), ('"\n"', 0), ("1.5", 1), ("a & b", 2)]
)
def test_what_has_no_meaning_is_told_at_its_place(source: str, offset: int) -> None:
    assert split_tokens(source)[1] == offset


@given(source=st.text(max_size=30) | st.text(st.sampled_from("ab1 \"'\\=!<>&|()[],-"), max_size=20))
def test_tokens_stand_where_they_say_and_leave_out_only_spaces(source: str) -> None:
    (*tokens, _), wrong = split_tokens(source)
    end = len(source.rstrip()) if wrong is None else wrong
    rest = list(source[:end])
    for token in tokens:
        assert source[token.offset :].startswith(token.text)
        rest[token.offset : token.offset + len(token.text)] = [" "] * len(token.text)
    assert not "".join(rest).strip()
