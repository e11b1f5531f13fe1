"""Remarks on sentences, word by word."""

import pytest

from aoj_survey.questionnaire.prose import (
    DIFFICULT,
    find_abbreviations,
    find_explained,
    find_ranges,
    read_prose,
    split_sentences,
)


def find_codes(text: str, language: str) -> list[str]:
    return [remark.code for remark in read_prose(text, language)]


def test_a_sentence_of_twenty_words_is_not_long_and_one_more_is() -> None:
    words = " ".join(["woord"] * 20)
    assert find_codes(words + ".", "nl") == []
    assert find_codes(words + " erbij.", "nl") == ["long-sentence"]
    assert find_codes(f"{words}. {words}.", "nl") == []
    assert find_codes(words + " erbij.", "tr") == ["long-sentence"]


def test_sentences_end_at_points_questions_and_lines() -> None:
    assert split_sentences("Een. Twee? Drie!\nVier") == ["Een.", "Twee?", "Drie!", "Vier"]
    assert split_sentences("2.5 jaar") == ["2.5 jaar"]


@pytest.mark.parametrize(
    ("text", "language", "codes"),
    [
        ("Werken onderwijs en jeugdhulp samen?", "nl", []),
        ("Praat u met ouders en kinderen?", "nl", []),
        ("Werkt u samen en bent u tevreden?", "nl", ["two-questions"]),
        ("Do education and youth care cooperate?", "en", []),
        ("Do you meet and do you agree?", "en", ["two-questions"]),
        ("Praat u met school en/of gemeente.", "nl", ["two-questions"]),
        ("Wat? En waarom?", "nl", ["two-questions"]),
        ("Dat is niet goed.", "nl", []),
        ("Is het niet goed zonder plan?", "nl", ["double-negation"]),
        ("Dat is niet goed. Het kan niet.", "nl", []),
        ("You don\u2019t talk to nobody.", "en", ["double-negation"]),
        ("Middels overleg.", "nl", ["difficult-word"]),
        ("De middelste.", "nl", []),
        ("In order to start.", "en", ["difficult-word"]),
    ],
)
def test_remarks_on_a_text(text: str, language: str, codes: list[str]) -> None:
    assert find_codes(text, language) == codes


def test_abbreviations_are_words_in_capitals_and_can_be_explained_on_either_side() -> None:
    assert find_abbreviations("De IB-er en het SWV op A4, met OOGO.") == {"IB", "SWV", "A4", "OOGO"}
    assert find_explained("het samenwerkingsverband (SWV) en het OOGO (overleg)") == {"SWV", "OOGO"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1 - 5", (1, 5)),
        ("van 6 tot en met 10", (6, 10)),
        ("6 t/m 10 jaar", (6, 10)),
        ("1 to 3", (1, 3)),
        ("1\u20132", (1, 2)),
    ],
)
def test_ranges_are_read(text: str, found: tuple[int, int]) -> None:
    assert find_ranges([text]) == [found]
    assert find_ranges(["meer dan 10", "geen"]) == []


def test_what_is_proposed_is_not_difficult_itself() -> None:
    for words in DIFFICULT.values():
        assert not set(words) & set(words.values())
