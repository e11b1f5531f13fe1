"""What respondents read in Dutch: the sentences of the design, at level B1, complete in both languages."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from tests.web.test_language import NOT_FOR_YOUTH, extract, list_texts, read_catalogue

LONGEST = 20
"""Words in a sentence (design, acceptance check 9)."""

DESIGNED = (
    "Meedoen is vrijwillig. U mag vragen overslaan of stoppen.",
    "Lees de hele privacyverklaring",
    "Start de vragenlijst",
    "Ga verder met de vragenlijst",
    "Klopt dit niet?",
    "Welke functie past het best bij u?",
    "Bewaar en ga verder",
    "Vorige vraag",
    "Volgende",
    "Later verdergaan",
    "U heeft nog niets gekozen",
    "Dat mag. Wilt u ze toch invullen?",
    "Er ging iets mis",
    "Kies uw functie",
    "U kunt dit venster sluiten en later verdergaan.",
    "Welkom terug",
    "Controleer uw antwoorden",
    "U kunt alles nog aanpassen. Na het versturen kan dat niet meer.",
    "niet ingevuld",
    "Wijzig",
    "Verstuur mijn antwoorden",
    "Bedankt! Uw antwoorden zijn verstuurd",
    "U kunt dit venster nu sluiten.",
    "U heeft deze vragenlijst al ingevuld",
    "Heeft u dit niet zelf gedaan?",
    "De vragenlijst is gesloten",
    "De vragenlijst is nog niet open",
    "We kennen deze link niet",
    "Even wachten",
    "Deze pagina is te vaak geopend. Probeer het over 5 minuten opnieuw.",
    "Er is een storing",
    "Nee, terug",
    "Bewaard",
    "Nog niet bewaard",
    "Nog niet bewaard: geen verbinding. We proberen het opnieuw.",
    "Stop en wis mijn antwoorden",
    "Uw antwoorden zijn gewist",
)
"""Sentences of the design that stand in the catalogue as they are, or without "u" where young people meet them.

What is told of privacy follows docs/anonymity.md.
"""

HARD = re.compile(
    r"\b(helaas|oeps|gelieve|dient te|dienen te|e-mailbericht\w*|middels|teneinde|indien|desgewenst|betreffende|"
    r"conform|alvorens|reeds|echter|tevens|mits|rollen?)\b",
    re.IGNORECASE,
)
"""Words the design forbids, and others that are not B1."""

LONG_BY_RIGHT: dict[str, str] = {}
"""Sentences over the limit that stay, each with the reason."""


def list_for_respondents(sources: Catalog, dutch: Catalog) -> list[str]:
    """The Dutch texts that respondents can meet."""
    shown = {
        str(message.id)
        for message in sources
        if message.id and any(not NOT_FOR_YOUTH.search(f"/{file}") for file, _ in message.locations)
    }
    return [text for message in dutch if str(message.id) in shown for text in list_texts(message.string)]


def split_sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.?!:;])\s+", text) if part]


def find_long(texts: list[str]) -> list[str]:
    sentences = [sentence for text in texts for sentence in split_sentences(text)]
    return [sentence for sentence in sentences if len(sentence.split()) > LONGEST]


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder: Path = tmp_path_factory.mktemp("sources")
    found = list_for_respondents(extract(folder), read_catalogue("nl"))
    assert len(found) > 150
    return found


@pytest.mark.parametrize("sentence", DESIGNED)
def test_the_sentences_of_the_design_are_used_as_they_are(texts: list[str], sentence: str) -> None:
    assert sentence in texts


def test_no_sentence_is_longer_than_twenty_words(texts: list[str]) -> None:
    assert [sentence for sentence in find_long(texts) if sentence not in LONG_BY_RIGHT] == []


def test_every_exception_is_still_needed(texts: list[str]) -> None:
    assert set(LONG_BY_RIGHT) <= set(find_long(texts))
    assert all(LONG_BY_RIGHT.values())


def test_no_word_is_hard(texts: list[str]) -> None:
    assert [text for text in texts if HARD.search(text)] == []


def test_young_people_read_short_sentences_and_easy_words_too() -> None:
    youth = [text for message in read_catalogue("nl", "youth") for text in list_texts(message.string)]
    assert find_long(youth) == []
    assert [text for text in youth if HARD.search(text)] == []


def test_twin_a_long_sentence_and_a_hard_word_are_found() -> None:
    long = " ".join(["woord"] * (LONGEST + 1)) + "."
    assert find_long([f"Kort. {long}"]) == [long]
    assert HARD.search("U dient te antwoorden")
    assert not HARD.search("Er is controle op")
