import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.datasets.cells import encode_answers
from aoj_survey.datasets.columns import DESIGN_NAMES, plan_questions
from aoj_survey.disclosure import CaptureClass, find_asked
from aoj_survey.questionnaire import Instrument, compile_questionnaire, list_names, load_questionnaire

from .builders import (
    HEAD,
    INSTRUMENTS,
    JAREN,
    RICHTING,
    ROLE_INSTRUMENTS,
    SNEL,
    STURING,
    ZICHT,
    ZICHT_OTHERWISE,
    compile_items,
)
from .places import QUESTIONNAIRES


def names(instruments: dict[str, Instrument], roles: dict[str, str]) -> list[str]:
    return [column.name for item in plan_questions(instruments, roles) for column in item.columns]


def test_columns_follow_questionnaires_and_items_with_shared_items_once() -> None:
    assert names(INSTRUMENTS, ROLE_INSTRUMENTS) == [
        "snel",
        "doelen",
        "richting",
        "zicht",
        "cijfer",
        "sturing_visie",
        "sturing_inkoop",
        "jaren",
    ]


def test_shared_item_knows_both_instruments_and_all_roles() -> None:
    zicht = next(item for item in plan_questions(INSTRUMENTS, ROLE_INSTRUMENTS) if item.item.code == "zicht")
    assert zicht.instruments == ("digest-p", "digest-b")
    assert zicht.roles == zicht.columns[0].roles == ("ib", "zoco", "jeugdhulp", "beleid_gem", "swv")


def test_same_code_with_other_words_gets_a_column_of_its_own() -> None:
    instruments = {
        "p": compile_items("een", "ib", [ZICHT]),
        "b": compile_items("twee", "swv", [ZICHT_OTHERWISE]),
    }
    questions = plan_questions(instruments, {"ib": "p", "swv": "b"})
    assert [(item.columns[0].name, item.columns[0].item) for item in questions] == [
        ("zicht", "zicht"),
        ("zicht_2", "zicht"),
    ]


def test_same_item_on_another_condition_gets_a_column_of_its_own() -> None:
    routed = ZICHT.replace("kind: choice", "kind: choice, ask_if: 'snel == \"ja\"'")
    instruments = {
        "p": compile_items("een", "ib", [ZICHT]),
        "b": compile_items("twee", "swv", [SNEL, routed]),
    }
    assert names(instruments, {"ib": "p", "swv": "b"}) == ["zicht", "snel", "zicht_2"]


def test_question_tells_its_condition_and_universe_in_words() -> None:
    richting = next(
        item for item in plan_questions(INSTRUMENTS, ROLE_INSTRUMENTS) if item.item.code == "richting"
    )
    assert list_names(richting.item.ask_if)[0] == {"doelen"}
    assert richting.universe["en"] == "professionals: only if “Aims?” is yes"
    assert richting.universe["nl"] == "professionals: alleen als “Doelen?” is ja"
    assert richting.roles == ("ib", "zoco", "jeugdhulp")


def test_universe_names_the_roles_where_not_all_were_asked() -> None:
    told = {item.item.code: item.universe for item in plan_questions(INSTRUMENTS, ROLE_INSTRUMENTS)}
    assert told["zicht"] == {"nl": "iedereen", "en": "everyone"}
    assert told["snel"] == {"nl": "professionals", "en": "professionals"}
    assert told["jaren"] == {"nl": "beleid", "en": "policy"}
    routed = SNEL.replace("kind: choice", "kind: choice, ask_if: 'role == \"swv\"'")
    (snel,) = plan_questions({"p": compile_items("een", "ib, swv", [routed])}, {"ib": "p"})
    assert snel.universe == {"nl": "niemand", "en": "nobody"}


def test_role_that_can_never_come_to_an_item_is_not_in_its_universe() -> None:
    routed = SNEL.replace("kind: choice", "kind: choice, ask_if: 'role == \"ib\"'")
    (snel,) = plan_questions({"p": compile_items("een", "ib, zoco", [routed])}, {"ib": "p", "zoco": "p"})
    assert snel.roles == snel.columns[0].roles == ("ib",)


def test_item_sensitive_in_one_instrument_is_sensitive_in_the_column_they_share() -> None:
    marked = SNEL.replace("kind: choice", "kind: choice, sensitive: true, quasi_identifier: true")
    instruments = {"p": compile_items("een", "ib", [SNEL]), "b": compile_items("twee", "swv", [marked])}
    (snel,) = plan_questions(instruments, {"ib": "p", "swv": "b"})
    assert (snel.item.sensitive, snel.item.quasi_identifier) == (True, True)
    assert snel.columns[0].sensitive


def test_item_sensitive_in_one_instrument_is_sensitive_in_every_column_of_that_code() -> None:
    marked = ZICHT_OTHERWISE.replace("kind: choice", "kind: choice, sensitive: true, quasi_identifier: true")
    instruments = {"p": compile_items("een", "ib", [ZICHT]), "b": compile_items("twee", "swv", [marked])}
    questions = plan_questions(instruments, {"ib": "p", "swv": "b"})
    assert [(one.item.sensitive, one.item.quasi_identifier) for one in questions] == [(True, True)] * 2


def compile_two_words() -> dict[str, Instrument]:
    """One item that quotes a word, which the questionnaires of two roles say in another way."""
    quoting = SNEL.replace("nl: Sneller?", "nl: 'Sneller bij {word:wijkteam}?'")
    words = [
        "words: {wijkteam: {nl: wijkteam, en: local team}}",
        "words: {wijkteam: {nl: buurtteam, en: team}}",
    ]
    one, two = (
        compile_questionnaire(
            HEAD.format(name="een", roles="ib, swv").replace("scales:", f"{word}\nscales:") + quoting,
            "een.yaml",
            "proef",
        )
        for word in words
    )
    return {"p": one, "b": two}


def test_same_item_with_another_word_of_the_region_gets_a_column_of_its_own() -> None:
    questions = plan_questions(compile_two_words(), {"ib": "p", "swv": "b"})
    assert [item.columns[0].label["nl"] for item in questions] == [
        "Sneller bij wijkteam?",
        "Sneller bij buurtteam?",
    ]


def test_item_in_two_words_is_kept_in_neither_column_where_both_roles_are_one_stratum() -> None:
    instruments, roles = compile_two_words(), {"ib": "p", "swv": "b"}
    asked = find_asked(CaptureClass("region", ("ib", "swv"), 20, 6), roles, instruments)
    assert encode_answers(plan_questions(instruments, roles), asked, {"snel": "ja"}) == (-6, -6)


def rename(instrument: Instrument, code: str, new: str) -> Instrument:
    themes = tuple(
        replace(
            theme,
            pages=tuple(
                replace(
                    page,
                    items=tuple(
                        replace(item, code=new if item.code == code else item.code) for item in page.items
                    ),
                )
                for page in theme.pages
            ),
        )
        for theme in instrument.themes
    )
    return replace(instrument, themes=themes)


def test_names_stay_within_32_characters_and_unique() -> None:
    instrument = rename(compile_items("lang", "ib", [STURING]), "sturing", "een_heel_lange_code_van_32_teken")
    found = names({"d": instrument}, {"ib": "d"})
    assert found == ["een_heel_lange_code_van_32_teken", "een_heel_lange_code_van_32_tek_2"]
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,30}[a-z0-9]", name) for name in found)


def test_names_of_the_design_are_never_given_to_an_item() -> None:
    renamed = rename(compile_items("een", "ib", [SNEL]), "snel", "stratum")
    assert names({"d": renamed}, {"ib": "d"}) == ["stratum_2"]


def test_conditions_on_marks_lists_and_choices_name_their_items() -> None:
    widths = load_questionnaire(QUESTIONNAIRES / "widths.yaml", "proef")
    found = {item.code: list_names(item.ask_if)[0] for item in widths.items() if item.ask_if}
    assert found == {
        "afspraken": {"overleg"},
        "sturing": {"overleg"},
        "visie_hoe": {"sturing"},
        "beter": {"cijfer", "overleg"},
    }


@given(st.permutations(list(ROLE_INSTRUMENTS)))
def test_order_in_which_roles_are_named_does_not_matter(roles: list[str]) -> None:
    shuffled = {role: ROLE_INSTRUMENTS[role] for role in roles}
    assert plan_questions(INSTRUMENTS, shuffled) == plan_questions(INSTRUMENTS, ROLE_INSTRUMENTS)


def test_open_text_has_no_column() -> None:
    assert "trots" not in names(INSTRUMENTS, ROLE_INSTRUMENTS)
    assert "trots" in {item.code for item in INSTRUMENTS["digest-p"].items()}


def test_number_with_dont_know_keeps_it_apart_from_the_numbers() -> None:
    instrument = compile_items("een", "ib", [JAREN, RICHTING.replace('ask_if: doelen == "ja"', "seconds: 9")])
    (jaren, _) = plan_questions({"d": instrument}, {"ib": "d"})
    assert jaren.columns[0].values == ()
    assert set(jaren.columns[0].missing or {}) == {-5, -6, -7, -8}


def test_design_comes_first() -> None:
    assert (
        *("wave", "region", "stratum", "pop_n", "w_region", "w_all"),
        *("area", "municipality", "swv", "swv_sector"),
    ) == DESIGN_NAMES
