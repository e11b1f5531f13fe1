"""What somebody may be asked at most."""

from textwrap import indent

from hypothesis import given

from aoj_survey.interview import count_questions, minutes, progress, walk, widest_path
from aoj_survey.questionnaire import (
    NOBODY,
    Answers,
    Instrument,
    compile_questionnaire,
    find_context,
    load_questionnaire,
)
from tests.questionnaire.strategies import WIDTHS, answered
from tests.questionnaire.test_corpus import CORPUS

from .builders import HEAD, ask, compile_themes, list_codes

ROLES = compile_questionnaire((CORPUS / "valid" / "condition-role.yaml").read_text("utf-8"), "f.yaml", "gooi")


@given(pair=answered())
def test_no_path_leads_outside_the_widest(pair: tuple[Instrument, Answers]) -> None:
    instrument, answers = pair
    widest = widest_path(instrument, NOBODY)
    asked = {item.code for page in widest.pages for item in page.items}
    path = walk(instrument, answers)
    assert {item.code for page in path.pages for item in page.items} <= asked
    for page in path.pages:
        place = progress(path, page.code, widest)
        assert place.themes == len(widest.themes) == len(place.fractions)
        assert widest.themes[place.theme_number - 1].title == place.title


def test_without_answers_it_holds_what_answers_could_open() -> None:
    widest = widest_path(WIDTHS, find_context("ib", "rijnmeer"))
    assert widest.pages == WIDTHS.pages
    assert count_questions(widest.pages) > count_questions(walk(WIDTHS, {}).pages)
    assert minutes(widest.pages) > minutes(walk(WIDTHS, {}).pages)


def test_what_a_role_is_never_asked_is_left_out_with_its_theme() -> None:
    only_ib = ask("voor_ib", 'role == "ib"') + ask("daarna", 'voor_ib == "ja"')
    themes = "".join(
        f"  - code: {code}\n    title: {{nl: T, en: T}}\n    items:\n" + indent(items, " " * 6)
        for code, items in (("eerst", only_ib), ("dan", ask("b")))
    )
    text = HEAD.replace("roles: [ib]", "roles: [ib, zoco]")
    instrument = compile_questionnaire(text + themes, "proef.yaml", "proef")
    assert list_codes(widest_path(instrument, find_context("ib", "proef"))) == [
        ["voor_ib"],
        ["daarna"],
        ["b"],
    ]
    zoco = widest_path(instrument, find_context("zoco", "proef"))
    assert list_codes(zoco) == [["b"]]
    assert [theme.code for theme in zoco.themes] == ["dan"]


def test_the_region_of_the_respondent_counts() -> None:
    assert list_codes(widest_path(ROLES, find_context("jgz", "gooi"))) == []
    assert list_codes(widest_path(ROLES, find_context("jgz", "almere"))) == [["hoe"]]


def test_pages_that_exclude_each_other_are_both_in_it() -> None:
    instrument = compile_themes(ask("a") + ask("b", 'a == "ja"') + ask("c", 'a == "nee"'))
    assert list_codes(widest_path(instrument, NOBODY)) == [["a"], ["b"], ["c"]]


def test_explanations_and_texts_beside_choices_are_no_questions() -> None:
    explained = load_questionnaire(CORPUS / "valid" / "explanation.yaml", "proef")
    assert count_questions(explained.pages) == len(list(explained.items())) - 1
    others = load_questionnaire(CORPUS / "valid" / "other-text.yaml", "proef")
    assert count_questions(others.pages) == sum(not item.beside for item in others.items()) == 2


def test_a_text_beside_a_choice_goes_with_its_question() -> None:
    others = load_questionnaire(CORPUS / "valid" / "other-text.yaml", "proef")
    assert widest_path(others, NOBODY).pages == others.pages


def test_it_is_found_once_for_each_role() -> None:
    one = widest_path(WIDTHS, find_context("ib", "rijnmeer"))
    assert widest_path(WIDTHS, find_context("ib", "rijnmeer")) is one
    assert widest_path(WIDTHS, find_context("zoco", "rijnmeer")) is not one
