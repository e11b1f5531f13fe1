"""Overlays add and leave out; nothing shared changes, whatever an overlay that compiles may say."""

from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aoj_survey.errors import Problem, QuestionnaireError
from aoj_survey.interview import walk
from aoj_survey.questionnaire import (
    Instrument,
    Item,
    OverlayText,
    compile_questionnaire,
    dump_instrument,
    find_item,
    load_instrument,
    load_questionnaire,
    role_label,
    write_document,
)

CORPUS = Path(__file__).parent / "corpus"
BASE = (CORPUS / "overlay-base.yaml").read_text("utf-8")
SHARED = compile_questionnaire(BASE, "base.yaml", "buurt")
HEAD = 'format: 1\noverlay: proef\nedition: "1"\nregion: buurt\n'


def lay(*overlays: str) -> Instrument:
    texts = [OverlayText(HEAD + text, f"overlay-{number}.yaml") for number, text in enumerate(overlays)]
    return compile_questionnaire(BASE, "base.yaml", "buurt", texts)


def load_overlay(name: str) -> Instrument:
    return load_questionnaire(
        CORPUS / "overlay-base.yaml", "buurt", [CORPUS / "overlays" / f"{name}.yaml"], modules=["buurt 1.0"]
    )


def find_problems(*overlays: str) -> list[Problem]:
    with pytest.raises(QuestionnaireError) as caught:
        lay(*overlays)
    return list(caught.value.problems)


def list_pages(instrument: Instrument) -> list[tuple[str, list[str]]]:
    return [(theme.code, [page.code for page in theme.pages]) for theme in instrument.themes]


def test_themes_and_items_stand_at_their_named_places() -> None:
    assert list_pages(load_overlay("add-items-and-themes")) == [
        ("begin", ["een", "buurt_vraag", "buurt_hoe", "samen"]),
        ("midden", ["vier"]),
        ("los", ["vijf"]),
        ("buurt_thema", ["buurt_groep"]),
        ("slot", ["zes"]),
    ]


def test_a_place_within_a_group_is_beside_the_whole_group() -> None:
    item = "items: [{code: buurt_x, kind: open, text: Hoe?}]"
    for anchor in ("before_item: twee", "before_item: drie", "before_item: samen"):
        assert list_pages(lay(f"add: [{{{anchor}, {item}}}]"))[0] == ("begin", ["een", "buurt_x", "samen"])
    assert list_pages(lay(f"add: [{{after_item: twee, {item}}}]"))[0] == (
        "begin",
        ["een", "samen", "buurt_x"],
    )


def test_own_questions_may_look_back_at_shared_ones_and_open_by_them() -> None:
    instrument = load_overlay("add-items-and-themes")
    path = walk(instrument, {"een": "nee", "buurt_vraag": "ja"})
    assert "buurt_hoe" in [page.code for page in path.pages]
    assert "buurt_hoe" not in [
        page.code for page in walk(instrument, {"een": "ja", "buurt_vraag": "ja"}).pages
    ]


def test_a_theme_that_is_not_locked_can_be_left_out() -> None:
    assert [theme.code for theme in load_overlay("leave-out").themes] == ["begin", "midden", "slot"]


def test_the_regions_own_words_are_shown_and_the_text_stays_the_same() -> None:
    instrument = load_overlay("words-roles-and-mail")
    assert find_item(instrument, "vier").text == find_item(SHARED, "vier").text
    shown = {item.code: item.text["nl"] for page in walk(instrument, {}).pages for item in page.items}
    assert shown["vier"] == "Doet u aan Stappenplan verzuim?"
    assert role_label(instrument, "ib")["nl"] == "kwaliteitscoördinator"
    assert role_label(instrument, "zoco")["nl"] == "zorgcoördinator"
    assert instrument.mail == {"nl": "De gemeenten van onze buurt vragen u mee te doen."}
    assert instrument.modules == ("buurt 1.0",)


def test_translations_into_new_languages_are_added_and_unchecked_ones_kept_back() -> None:
    instrument = load_overlay("translations")
    assert instrument.languages == ("nl", "en", "pap")
    assert instrument.title == {"nl": "Proef", "en": "Trial", "pap": "Prueba"}
    assert find_item(instrument, "een").choices[0].text == {"nl": "ja", "en": "yes", "pap": "si"}
    assert find_item(instrument, "drie").choices[0].text["pap"] == "si"
    assert find_item(instrument, "een").choices[1].text == {"nl": "nee", "en": "no"}


def test_what_is_laid_over_reads_back_from_storage() -> None:
    for name in ("add-items-and-themes", "leave-out", "words-roles-and-mail", "translations"):
        instrument = load_overlay(name)
        assert load_instrument(dump_instrument(instrument)) == instrument


def test_without_overlays_nothing_is_different() -> None:
    assert lay() == SHARED
    assert lay("leave_out: []\n") == SHARED


def test_several_overlays_add_in_order_and_must_not_disagree() -> None:
    def add(code: str) -> str:
        return f"add: [{{after_item: een, items: [{{code: buurt_{code}, kind: open, text: Hoe?}}]}}]\n"

    assert list_pages(lay(add("a"), add("b")))[0] == ("begin", ["een", "buurt_a", "buurt_b", "samen"])
    assert [problem.code for problem in find_problems(add("a"), add("a"))] == ["duplicate-code"]
    words, mail = "words: {verzuim: {nl: spijbelen}}\n", "mail: Hallo.\n"
    problems = find_problems(words + mail, words + mail)
    assert [(problem.code, problem.file) for problem in problems] == [("overlay-twice", "overlay-1.yaml")] * 2


def test_something_must_be_left_to_ask() -> None:
    loose = BASE.replace("locked: true", "locked: false")
    text = HEAD + "leave_out: [begin, midden, los, slot]\n"
    with pytest.raises(QuestionnaireError, match="overlay-empty"):
        compile_questionnaire(loose, "base.yaml", "buurt", [OverlayText(text, "overlay.yaml")])


def test_a_refusal_says_why_in_words() -> None:
    (problem, *_) = find_problems(
        "add: [{after_item: een, items: [{code: twee, kind: open, text: Anders?}]}]\n"
    )
    assert problem.code in ("duplicate-code", "overlay-shared")
    locked = find_problems("leave_out: [slot]\n")[0]
    assert "so that regions can be compared" in locked.what
    needed = find_problems("leave_out: [midden]\n")[0]
    assert "`zes` cannot be asked: it depends on `vier`" in needed.what


def test_a_quote_of_a_left_out_answer_is_needed_too() -> None:
    quoting = BASE.replace(
        "text: {nl: Zes?, en: Six?}, ask_if", 'text: {nl: "U zei {vijf_k}.", en: Six?}, ask_if'
    )
    quoting = quoting.replace("- {code: vijf, kind: open,", "- {code: vijf_k, kind: choice, scale: jn,")
    text = OverlayText(HEAD + "leave_out: [los]\n", "overlay.yaml")
    with pytest.raises(QuestionnaireError, match="overlay-needed"):
        compile_questionnaire(quoting, "base.yaml", "buurt", [text])


# No overlay changes anything shared


@dataclass(frozen=True)
class Taste:
    """What random overlays are made from: `CAREFUL` ones mostly compile, `WILD` ones mostly do not."""

    codes: st.SearchStrategy[str]
    texts: st.SearchStrategy[Any]
    scales: st.SearchStrategy[str]
    themes: st.SearchStrategy[str]
    items: st.SearchStrategy[str]
    left_out: st.SearchStrategy[list[str]]


SAYS = st.sampled_from(["Anders?", {"nl": "Anders?", "en": "Different?"}])
ITEM_CODES = ["een", "samen", "drie", "vier", "vijf", "zes"]
THEME_CODES = ["begin", "midden", "los", "slot"]
CAREFUL = Taste(
    codes=st.integers(0, 10_000).map("buurt_{}".format),
    texts=SAYS,
    scales=st.sampled_from(["jn", "buurt_s"]),
    themes=st.sampled_from(["begin", "midden", "slot"]),
    items=st.sampled_from(["een", "samen", "drie", "vier", "zes"]),
    left_out=st.sampled_from([[], ["los"]]),
)
WILD = Taste(
    codes=st.sampled_from([*ITEM_CODES, *THEME_CODES, "buurt_a", "buurt_b", "jn"]),
    texts=SAYS | st.sampled_from([{"pap": "Otro?"}, {"en": "Only?"}]),
    scales=st.sampled_from(["jn", "buurt_s", "niets"]),
    themes=st.sampled_from([*THEME_CODES, "een"]),
    items=st.sampled_from([*ITEM_CODES, "begin"]),
    left_out=st.lists(st.sampled_from(THEME_CODES), max_size=2),
)


def own_items(taste: Taste) -> st.SearchStrategy[dict[str, Any]]:
    single = st.fixed_dictionaries(
        {"code": taste.codes, "kind": st.just("choice"), "text": taste.texts, "scale": taste.scales},
        optional={"required": st.booleans()},
    )
    statements = st.lists(
        st.fixed_dictionaries({"code": taste.codes, "text": taste.texts}), min_size=1, max_size=2
    )
    group = st.fixed_dictionaries(
        {"group": taste.codes, "text": taste.texts, "scale": taste.scales, "items": statements}
    )
    return single | group


@st.composite
def additions(draw: st.DrawFn, taste: Taste) -> dict[str, Any]:
    side = draw(st.sampled_from(["before", "after"]))
    entries = draw(st.lists(own_items(taste), min_size=1, max_size=2))
    if draw(st.booleans()):
        return {f"{side}_item": draw(taste.items), "items": entries}
    theme = {"code": draw(taste.codes), "title": draw(taste.texts), "items": entries}
    return {f"{side}_theme": draw(taste.themes), "themes": [theme]}


SCALE = [{"code": "ja", "value": 2, "text": "JA"}, {"code": "nee", "value": 1, "text": "NEE"}]


def overlays(taste: Taste) -> st.SearchStrategy[dict[str, Any]]:
    translated = st.sampled_from(["title", "item.een", "scale.jn.ja", "item.vier", "theme.slot"])
    translation = st.just({"pap": "Otro?"}) if taste is CAREFUL else taste.texts
    scale = st.just("buurt_s") if taste is CAREFUL else taste.scales
    head = {"format": 1, "overlay": "proef", "edition": "1", "region": "buurt", "languages": ["pap"]}
    return st.fixed_dictionaries(
        {key: st.just(value) for key, value in head.items()}
        | {"scales": scale.map(lambda name: {name: SCALE}), "leave_out": taste.left_out},
        optional={
            "words": st.dictionaries(st.sampled_from(["verzuim", "buurt_w"]), taste.texts, max_size=2),
            "roles": st.dictionaries(st.just("ib"), taste.texts, max_size=1),
            "mail": taste.texts,
            "add": st.lists(additions(taste), max_size=3),
            "translations": st.dictionaries(translated, translation, max_size=2),
        },
    )


def keep_shared(item: Item) -> Item:
    """An item without the languages an overlay may add."""

    def cut(text: Any) -> Any:
        return {language: text[language] for language in SHARED.languages if language in text}

    choices = tuple(replace(choice, text=cut(choice.text)) for choice in item.choices)
    return replace(item, text=cut(item.text), hint=cut(item.hint) if item.hint else None, choices=choices)


def find_changes(instrument: Instrument) -> list[str]:
    """What is shared and not as it was: each item by itself, and their order."""
    shared = {item.code: item for item in SHARED.items()}
    found = [item for item in instrument.items() if not item.code.startswith("buurt_")]
    changed = [
        item.code for item in found if item.code not in shared or keep_shared(item) != shared[item.code]
    ]
    order = [code for code in shared if code in {item.code for item in found}]
    return changed + ([] if [item.code for item in found] == order else ["order"])


@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(content=overlays(CAREFUL) | overlays(WILD))
def test_no_overlay_that_compiles_changes_a_shared_item(content: dict[str, Any]) -> None:
    text = OverlayText(write_document(content), "overlay.yaml")
    try:
        instrument = compile_questionnaire(BASE, "base.yaml", "buurt", [text])
    except QuestionnaireError:
        return
    assert find_changes(instrument) == []
    locked = {theme.code for theme in SHARED.themes if theme.locked}
    assert locked <= {theme.code for theme in instrument.themes}


def test_a_change_would_be_found() -> None:
    first = SHARED.themes[0]
    een, samen = first.pages
    other = replace(een.items[0], text={"nl": "Anders?", "en": "One?"})
    changed = replace(
        SHARED, themes=(replace(first, pages=(replace(een, items=(other,)), samen)), *SHARED.themes[1:])
    )
    swapped = replace(SHARED, themes=(replace(first, pages=(samen, een)), *SHARED.themes[1:]))
    assert find_changes(changed) == ["een"]
    assert find_changes(swapped) == ["order"]


def test_what_is_looked_at_are_overlays_that_add_something() -> None:
    for name in ("add-items-and-themes", "leave-out", "words-roles-and-mail", "translations"):
        assert find_changes(load_overlay(name)) == []
    shared = {item.code for item in SHARED.items()}
    added = {item.code for item in load_overlay("add-items-and-themes").items()} - shared
    assert added == {"buurt_vraag", "buurt_hoe", "buurt_a"}


@settings(deadline=None, max_examples=200)
@given(data=st.data())
def test_no_text_of_an_overlay_raises_anything_but_problems(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted((CORPUS / "overlays").glob("*.yaml"))))
    text = path.read_text("utf-8")
    start = data.draw(st.integers(0, len(text)))
    end = min(len(text), start + data.draw(st.integers(0, 15)))
    text = (
        text[:start]
        + data.draw(st.sampled_from(["", "- ", ": ", "{", "]", "1", "null", "\n", "buurt_"]))
        + text[end:]
    )
    with suppress(QuestionnaireError):
        compile_questionnaire(BASE, "base.yaml", "buurt", [OverlayText(text, "overlay.yaml")])
