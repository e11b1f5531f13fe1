"""Shortening: words may be left out, none added or moved; what was left out is […]."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.open_answers import Mark
from aoj_survey.reviewing import OUT, RedactionError, propose_shortened, redact

TEXT = "Juf Truus (de Vuurtoren) belt nooit terug, Truus wel."


@pytest.mark.parametrize(
    ("shortened", "result"),
    [
        (
            "Juf (de Vuurtoren) belt nooit terug, Truus wel.",
            "Juf […] (de Vuurtoren) belt nooit terug, Truus wel.",
        ),
        ("Juf […] belt nooit terug, […] wel.", "Juf […] belt nooit terug, […] wel."),
        ("[...] belt nooit terug", "[…] belt nooit terug[…]"),
        ("Juf  Truus\nbelt", "Juf Truus […] belt […]"),
    ],
)
def test_what_was_left_out_becomes_dots(shortened: str, result: str) -> None:
    assert redact(TEXT, shortened) == result


@pytest.mark.parametrize(
    ("shortened", "code"),
    [
        ("Juf Jansen belt nooit terug.", "added"),
        ("wel. Juf", "added"),
        ("Juf Truu", "added"),
        (TEXT, "nothing"),
        (f"{TEXT} […]", "nothing"),
        ("[…]", "everything"),
        ("", "everything"),
    ],
)
def test_what_is_no_shortening_is_refused(shortened: str, code: str) -> None:
    with pytest.raises(RedactionError) as refused:
        redact(TEXT, shortened)
    assert refused.value.code == code


WORDS = st.lists(st.sampled_from(["de", "juf", "Truus", "belt", ",", "."]), min_size=2, max_size=12)


@given(WORDS, st.data())
def test_any_words_left_give_a_text_with_those_words_in_their_order(
    words: list[str], data: st.DataObject
) -> None:
    kept = data.draw(st.lists(st.booleans(), min_size=len(words), max_size=len(words)))
    left = [word for word, stays in zip(words, kept, strict=True) if stays]
    if 0 < len(left) < len(words):
        result = redact(" ".join(words), " ".join(left))
        assert result.replace(OUT, " ").split() == left
        assert OUT in result


@given(WORDS, WORDS)
def test_no_word_comes_in_that_was_not_there_in_that_order(words: list[str], typed: list[str]) -> None:
    try:
        result = redact(" ".join(words), " ".join(typed)).replace(OUT, " ").split()
    except RedactionError:
        return
    rest = iter(words)
    assert result == typed
    assert all(word in rest for word in result)


def test_marked_parts_are_proposed_to_be_left_out() -> None:
    text = "bel 0612345678 of ga naar Rijnmeer"
    marks = (Mark(4, 14, "phone"), Mark(26, 34, "place"))
    assert propose_shortened(text, marks) == "bel […] of ga naar […]"
