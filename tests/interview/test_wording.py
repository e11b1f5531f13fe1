"""Answers in words, texts that quote them, and the path of a respondent in a role."""

import pytest

from aoj_survey.errors import AnswersError
from aoj_survey.interview import check_answers, drop_off_path, show_answer, summary, walk
from aoj_survey.questionnaire import (
    NOBODY,
    Answers,
    Context,
    Value,
    compile_questionnaire,
    find_context,
    find_item,
    load_questionnaire,
    show_inline,
)
from tests.questionnaire.large import write_large
from tests.questionnaire.test_corpus import CORPUS

from .builders import ask, compile_themes, list_codes

QUOTES = load_questionnaire(CORPUS / "valid" / "quotes.yaml", "proef")
OTHERS = load_questionnaire(CORPUS / "valid" / "other-text.yaml", "proef")
DATES = load_questionnaire(CORPUS / "valid" / "date-and-month.yaml", "proef")


def find_text(answers: Answers) -> str:
    pages = walk(QUOTES, answers).pages
    return next(item.text["nl"] for page in pages for item in page.items if item.code == "hoger")


def test_a_question_quotes_the_answer_that_was_given() -> None:
    assert find_text({"cijfer": 6}) == "U gaf 6. Wat moet er beter?"


@pytest.mark.parametrize("answers", [{}, {"cijfer": "weet_niet"}])
def test_without_an_answer_it_says_what_the_text_says_for_that(answers: Answers) -> None:
    assert find_text(answers) == "U gaf geen cijfer. Wat moet er beter?"


def test_words_are_filled_in_and_the_instrument_keeps_its_texts() -> None:
    walked = walk(QUOTES, {"cijfer": 6}).pages[-1].items[0]
    assert walked.hint == {"nl": "Denk aan verzuim. Accolades als \\{deze} mogen."}
    assert find_item(QUOTES, "hoger").text["nl"] == "U gaf {cijfer|geen cijfer}. Wat moet er beter?"


def test_an_answer_off_the_path_is_not_quoted() -> None:
    items = ask("a") + ask("b", 'a == "ja"')
    later = "- {code: c, kind: open, text: {nl: 'U zei {b|niets}.', en: 'You said {b|nothing}.'}}\n"
    instrument = compile_themes(items + later)
    for answer, shown in (("ja", "U zei nee."), ("nee", "U zei niets.")):
        path = walk(instrument, {"a": answer, "b": "nee"})
        assert path.pages[-1].items[0].text["nl"] == shown
    assert walk(instrument, {"a": "ja", "b": "nee"}).pages[-1].items[0].text["en"] == "You said no."


def test_a_heading_of_a_group_quotes_too() -> None:
    group = (
        "- group: samen\n  text: {nl: 'U zei {a|niets}', en: '{a}'}\n  scale: jn\n  items:\n"
        "    - {code: c, text: {nl: c, en: c}}\n"
    )
    page = walk(compile_themes(ask("a") + group), {"a": "ja"}).pages[-1]
    assert page.text == {"nl": "U zei ja", "en": "yes"}


@pytest.mark.parametrize(
    ("code", "value", "language", "shown"),
    [
        ("overleg", "2026-05-03", "nl", "3 mei 2026"),
        ("overleg", "2026-05-03", "en", "3 May 2026"),
        ("sinds", "1999-12", "nl", "december 1999"),
        ("sinds", "1999-12", "en", "December 1999"),
        ("sinds", "1999-12", "xq", "1999-12"),
    ],
)
def test_dates_are_shown_in_words(code: str, value: str, language: str, shown: str) -> None:
    assert show_answer(find_item(DATES, code), value, language) == shown


def test_a_ranking_is_shown_in_its_order() -> None:
    ranking = load_questionnaire(CORPUS / "valid" / "ranking.yaml", "proef")
    shown = show_answer(find_item(ranking, "factoren"), ("geld", "visie"), "nl")
    assert shown == "genoeg geld, een gedeelde visie"


def test_the_summary_puts_what_was_written_beside_its_choice() -> None:
    answers: Answers = {
        "samen": ("beleid", "anders"), "samen_anders_tekst": "samen eten", "waar": "anders",
        "waar_anders_tekst": "thuis",
    }  # fmt: skip
    lines = [line for theme in summary(walk(OTHERS, answers), answers, "nl") for line in theme.lines]
    assert [(line.item.code, line.answer) for line in lines] == [
        ("samen", "beleid maken, anders, namelijk: samen eten"),
        ("waar", "ergens anders, namelijk: thuis"),
    ]


def test_answers_are_words_without_marks_and_stay_words_where_they_are_quoted() -> None:
    themes = (
        "- code: a\n  kind: choice\n  text: {nl: a, en: a}\n  choices:\n"
        "    - {code: x, value: 1, text: {nl: '*een* met \\*ster\\*', en: '*one*'}}\n"
        "    - {code: y, value: 2, text: {nl: twee, en: two}}\n"
        "- {code: b, kind: open, text: {nl: 'U zei {a}', en: 'You said {a}'}}\n"
    )
    instrument = compile_themes(themes)
    assert show_answer(find_item(instrument, "a"), "x", "nl") == "een met *ster*"
    quoting = walk(instrument, {"a": "x"}).pages[-1].items[0]
    assert show_inline(quoting.text["nl"]) == "U zei een met *ster*"


def test_statements_of_a_group_stay_together_in_the_summary() -> None:
    group = (
        "- group: samen\n  text: {nl: Samen, en: Together}\n  scale: jn\n  items:\n"
        "    - {code: c, text: {nl: c, en: c}}\n    - {code: d, text: {nl: d, en: d}}\n"
    )
    (theme,) = summary(walk(compile_themes(ask("a") + group), {}), {}, "nl")
    assert [(page.page.code, [line.item.code for line in page.lines]) for page in theme.pages] == [
        ("a", ["a"]),
        ("samen", ["c", "d"]),
    ]
    assert theme.lines == (*theme.pages[0].lines, *theme.pages[1].lines)


def test_the_summary_has_no_line_for_an_explanation() -> None:
    instrument = load_questionnaire(CORPUS / "valid" / "explanation.yaml", "proef")
    lines = [line.item.code for theme in summary(walk(instrument, {}), {}, "nl") for line in theme.lines]
    assert lines == ["hoe"]


# Roles

ROLES = compile_questionnaire((CORPUS / "valid" / "condition-role.yaml").read_text("utf-8"), "f.yaml", "gooi")


@pytest.mark.parametrize(
    ("context", "opened"),
    [
        (find_context("ib", "gooi"), True),
        (find_context("zoco", "gooi"), True),
        (find_context("beleid_gem", "gooi"), True),
        (find_context("jgz", "gooi"), False),
        (find_context("jgz", "almere"), True),
        (NOBODY, False),
        (Context(sector="vo"), True),
    ],
)
def test_a_question_opens_by_who_is_asked(context: Context, opened: bool) -> None:
    path = walk(ROLES, {}, context)
    assert list_codes(path) == ([["hoe"]] if opened else [])
    assert drop_off_path(ROLES, {"hoe": "Zo."}, context) == ({"hoe": "Zo."} if opened else {})
    assert check_answers(ROLES, {"hoe": "Zo."}, context) == ({"hoe": "Zo."} if opened else {})


def test_the_region_is_that_of_the_instrument_when_nothing_else_is_known() -> None:
    text = (CORPUS / "valid" / "condition-role.yaml").read_text("utf-8")
    assert list_codes(walk(compile_questionnaire(text, "f.yaml", "almere"), {})) == [["hoe"]]


def test_a_forged_answer_is_refused_whoever_gives_it() -> None:
    with pytest.raises(AnswersError):
        check_answers(ROLES, {"hoe": 3}, find_context("jgz", "gooi"))


# A large questionnaire.


def test_the_path_of_150_items_with_60_conditions_is_walked() -> None:
    large = compile_questionnaire(write_large(150, 60), "large.yaml", "proef")
    items = list(large.items())
    assert len(items) == 150
    assert sum(item.ask_if is not None for item in items) == 60
    answers: dict[str, Value] = {item.code: "ja" for item in items}
    context = find_context("ib", "proef")
    assert len(walk(large, answers, context).pages) > len(walk(large, {}, context).pages)
