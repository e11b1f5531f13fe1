"""A region may leave out what is not locked, and use its own words, in every edition of the standard set."""

import pytest

from aoj_survey.errors import QuestionnaireError
from aoj_survey.interview import find_page, walk
from aoj_survey.questionnaire import Instrument, OverlayText, compile_questionnaire

from .catalogue import STANDARD, compile_edition, read_yaml

THEMES = [(*key, theme.code, theme.locked) for key in STANDARD for theme in compile_edition(*key).themes]


def compile_with(name: str, edition: str, lines: str) -> Instrument:
    overlay = f'format: 1\noverlay: {name}\nedition: "{edition}"\nregion: proef\n{lines}\n'
    return compile_questionnaire(
        read_yaml(name, edition), "standard.yaml", "proef", [OverlayText(overlay, "overlay.yaml")]
    )


@pytest.mark.parametrize(
    ("name", "edition", "theme"),
    [theme[:3] for theme in THEMES if not theme[3]],
    ids=["-".join(theme[:3]) for theme in THEMES if not theme[3]],
)
def test_an_unlocked_theme_can_be_left_out(name: str, edition: str, theme: str) -> None:
    """No question that stays may need one that goes."""
    found = compile_with(name, edition, f"leave_out: [{theme}]")
    whole = compile_edition(name, edition)
    assert found.themes == tuple(kept for kept in whole.themes if kept.code != theme)


@pytest.mark.parametrize(
    ("name", "edition", "theme"),
    [theme[:3] for theme in THEMES if theme[3]],
    ids=["-".join(theme[:3]) for theme in THEMES if theme[3]],
)
def test_a_locked_theme_cannot(name: str, edition: str, theme: str) -> None:
    with pytest.raises(QuestionnaireError, match="overlay-locked"):
        compile_with(name, edition, f"leave_out: [{theme}]")


@pytest.mark.parametrize(("name", "edition"), STANDARD, ids=["@".join(key) for key in STANDARD])
def test_what_all_regions_are_compared_on_is_locked(name: str, edition: str) -> None:
    locked = {theme.code for theme in compile_edition(name, edition).themes if theme.locked}
    shared = {"zicht"} if name in ("aoj-professionals", "aoj-beleid", "aoj-kinderopvang") else set[str]()
    assert locked >= {"oordeel", *shared}


def test_a_regions_own_word_stands_in_the_question_and_changes_nothing_else() -> None:
    words = "words: {thuiszitterspact: {nl: Stappenplan verzuim, en: Roadmap on absence}}"
    own = compile_with("aoj-beleid", "2021", words)
    page = find_page(walk(own, {}), "thuiszitterspact")
    assert page is not None
    assert page.items[0].text["nl"] == "Is er een Stappenplan verzuim gesloten?"
    assert own.themes == compile_edition("aoj-beleid", "2021").themes
