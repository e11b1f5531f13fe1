"""Texts by name: listing and replacing are inverse, and errata touch nothing but what is shown."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from aoj_survey.errors import ErratumError
from aoj_survey.questionnaire import (
    Erratum,
    Instrument,
    MissingText,
    Text,
    apply_errata,
    compile_questionnaire,
    digest_instrument,
    dump_instrument,
    find_item,
    list_texts,
    load_questionnaire,
    missing_texts,
    replace_texts,
)
from aoj_survey.questionnaire.display import keep_languages

from .strategies import WIDTHS, instruments
from .test_corpus import CORPUS

OTHERS = load_questionnaire(CORPUS / "valid" / "other-text.yaml", "proef")
QUOTES = load_questionnaire(CORPUS / "valid" / "quotes.yaml", "proef")
MEND = Erratum("item.cijfer.hint", "nl", "1 is heel slecht en 10 is uitstekend.", "typefout")


def test_every_text_has_a_name_in_order_of_showing() -> None:
    names = list(list_texts(WIDTHS))
    assert names[:4] == ["title", "purpose", "theme.werk", "item.overleg"]
    for name in (
        "scale.jn.ja",
        "item.jaren.unit",
        "group.kennen.hint",
        "item.sturing.choice.visie",
        "item.cijfer.hint",
    ):
        assert name in names
    assert len(names) == len(set(names))
    assert list_texts(QUOTES)["word.verzuim"] == {"nl": "verzuim"}


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(instrument=instruments())
def test_replacing_all_texts_by_themselves_changes_nothing(instrument: Instrument) -> None:
    assert replace_texts(instrument, list_texts(instrument)) == instrument


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(instrument=instruments())
def test_what_is_replaced_is_listed_again_and_codes_stay(instrument: Instrument) -> None:
    texts: dict[str, Text] = {name: {"nl": f"nieuw {name}"} for name in list_texts(instrument)}
    changed = replace_texts(instrument, texts)
    assert list_texts(changed) == texts
    assert [item.code for item in changed.items()] == [item.code for item in instrument.items()]
    assert [item.ask_if for item in changed.items()] == [item.ask_if for item in instrument.items()]


def test_what_stands_beside_a_choice_bears_its_text() -> None:
    text: Text = {"nl": "iets anders"}
    changed = replace_texts(OTHERS, {"item.samen.choice.anders": text})
    assert find_item(changed, "samen").choice("anders").text == text
    assert find_item(changed, "samen_anders_tekst").text == text
    assert find_item(changed, "waar_anders_tekst").text != text


def test_missing_translations_are_listed_by_name_and_language() -> None:
    instrument = load_questionnaire(CORPUS / "valid" / "translation-may-be-missing.yaml", "proef")
    assert MissingText("item.twee", ("en",)) in missing_texts(instrument)
    assert "item.een" not in {missing.name for missing in missing_texts(instrument)}
    assert missing_texts(WIDTHS) == ()


def test_a_translation_nobody_checked_is_not_in_the_instrument_unless_asked_for() -> None:
    path = CORPUS / "valid" / "unchecked-language.yaml"
    instrument = load_questionnaire(path, "proef")
    assert instrument.languages == ("nl",)
    assert "tr" not in dump_instrument(instrument)
    preview = load_questionnaire(path, "proef", unchecked=True)
    assert preview.languages == ("nl", "tr")
    assert find_item(preview, "een").text["tr"] == "Nas\u0131l?"
    checked = path.read_text("utf-8").replace("unchecked: true", "unchecked: false")
    assert compile_questionnaire(checked, "f.yaml", "proef").languages == ("nl", "tr")


def test_languages_can_be_cut() -> None:
    dutch = keep_languages(WIDTHS, ["nl"])
    assert dutch.languages == ("nl",)
    assert all(set(text) == {"nl"} for text in list_texts(dutch).values())


# Errata


def test_an_erratum_changes_what_is_shown_and_nothing_else() -> None:
    mended = apply_errata(WIDTHS, MEND)
    hint = find_item(mended, "cijfer").hint
    assert hint == {"nl": MEND.text, "en": "1 is very bad, 10 is excellent."}
    assert replace_texts(mended, list_texts(WIDTHS)) == WIDTHS


def test_the_stored_instrument_keeps_its_digest() -> None:
    before = digest_instrument(dump_instrument(WIDTHS))
    apply_errata(WIDTHS, MEND)
    assert digest_instrument(dump_instrument(WIDTHS)) == before


def test_the_last_erratum_of_a_text_is_shown_and_one_of_a_scale_everywhere() -> None:
    again = replace(MEND, text="Nog beter.")
    assert find_item(apply_errata(WIDTHS, MEND, again), "cijfer").hint == {
        "nl": "Nog beter.",
        "en": "1 is very bad, 10 is excellent.",
    }
    mended = apply_errata(WIDTHS, Erratum("scale.jnw.nee", "nl", "neen", "zo zeggen we het hier"))
    shown = {item.choice("nee").text["nl"] for item in mended.items() if item.scale == "jnw"}
    assert shown == {"neen"}


@pytest.mark.parametrize(
    ("erratum", "message"),
    [
        (replace(MEND, name="item.geen"), "no text 'item.geen'"),
        (replace(MEND, language="tr"), "has no 'tr'; it has: nl, en"),
        (replace(MEND, text="  "), "needs a text and a reason"),
        (replace(MEND, reason=""), "needs a text and a reason"),
        (replace(MEND, text="U gaf {jaren}"), "must quote the same"),
    ],
)
def test_an_erratum_that_may_not_be_is_refused(erratum: Erratum, message: str) -> None:
    with pytest.raises(ErratumError, match=message):
        apply_errata(WIDTHS, erratum)


def test_an_erratum_keeps_what_its_text_quotes() -> None:
    with pytest.raises(ErratumError, match="must quote the same"):
        apply_errata(QUOTES, Erratum("item.hoger", "nl", "Wat moet er beter?", "korter"))
    mended = apply_errata(QUOTES, Erratum("item.hoger", "nl", "U gaf {cijfer|niets}. En nu?", "korter"))
    assert find_item(mended, "hoger").text == {"nl": "U gaf {cijfer|niets}. En nu?"}
