"""References in texts: what is one, what it becomes, and when it says that there is no answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.questionnaire import Text, fill_text, find_item, find_quotes, load_questionnaire
from aoj_survey.questionnaire.quotes import find_bare_quotes

from .test_corpus import CORPUS

KNOWN: dict[str, Text] = {"cijfer": {"nl": "zes", "en": "six"}, "word:verzuim": {"nl": "spijbelen"}}


def fill(text: str, language: str = "nl") -> str:
    return fill_text({language: text}, KNOWN.get)[language]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("U gaf een {cijfer}.", "U gaf een zes."),
        ("Doet u aan {word:verzuim}?", "Doet u aan spijbelen?"),
        ("U gaf {anders|niets}.", "U gaf niets."),
        ("U gaf {anders|}.", "U gaf ."),
        ("U gaf {anders}.", "U gaf …."),
        ("{cijfer} en {cijfer|x}", "zes en zes"),
        (r"Een \{cijfer} blijft staan", r"Een \{cijfer} blijft staan"),
        ("{ cijfer }, {Cijfer}, {}, { en }", "{ cijfer }, {Cijfer}, {}, { en }"),
        ("{word:ziekte|ziek}", "ziek"),
    ],
)
def test_a_reference_becomes_what_was_answered_or_what_is_said_instead(text: str, shown: str) -> None:
    assert fill(text) == shown


def test_each_language_gets_its_own_words_or_the_first() -> None:
    filled = fill_text({"nl": "{cijfer} {word:verzuim}", "en": "{cijfer} {word:verzuim}"}, KNOWN.get)
    assert filled == {"nl": "zes spijbelen", "en": "six spijbelen"}


def test_references_are_found_once_each_in_order() -> None:
    texts: list[Text | None] = [{"nl": "{b} {a|x}", "en": "{word:c} {b}"}, None, {"nl": "{a}"}]
    assert find_quotes(*texts) == ("b", "a", "word:c")


def test_a_bare_quote_says_nothing_for_no_answer() -> None:
    assert find_bare_quotes({"nl": "{a} {b|x} {word:c}", "en": "{a|y} {d}"}) == ("a", "d")


@given(text=st.text(st.sampled_from("{}|\\abc: _1")))
def test_filling_leaves_nothing_that_would_be_filled_again(text: str) -> None:
    once = fill_text({"nl": text}, lambda _: {"nl": "x"})["nl"]
    assert find_quotes({"nl": text}) or once == text


def test_an_item_knows_what_it_quotes() -> None:
    instrument = load_questionnaire(CORPUS / "valid" / "quotes.yaml", "proef")
    assert find_item(instrument, "hoger").quotes == ("cijfer", "word:verzuim")
    assert find_item(instrument, "cijfer").quotes == ()
    assert [word.code for word in instrument.words] == ["verzuim"]
