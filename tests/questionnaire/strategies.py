"""Instruments and answers made at random, for the property tests of this folder and of the interview."""

import unicodedata
from pathlib import Path

from hypothesis import strategies as st

from aoj_survey.questionnaire import (
    DONT_KNOW,
    Answers,
    Choice,
    Expression,
    Instrument,
    Item,
    Page,
    Theme,
    Value,
    clean_text,
    load_questionnaire,
)

QUESTIONNAIRES = Path(__file__).parents[1] / "questionnaires"
WIDTHS = load_questionnaire(QUESTIONNAIRES / "widths.yaml", "proef")

texts = st.fixed_dictionaries({"nl": st.text(min_size=1, max_size=6), "en": st.text(min_size=1, max_size=6)})
CODES = ["ja", "nee", "misschien", "een_antwoord_met_een_lange_code"]


@st.composite
def items(draw: st.DrawFn, code: str, before: list[Item]) -> Item:
    """An item of any kind; its condition looks at one or two items before it."""
    kind = draw(st.sampled_from(["choice", "multiple", "mark", "number", "open"]))
    offered = draw(st.lists(st.sampled_from(CODES), min_size=2, max_size=4, unique=True))
    choices = tuple(
        Choice(name, value, {"nl": name, "en": name}) for value, name in enumerate(offered, start=1)
    )
    dont_know = (Choice(DONT_KNOW, 99, {"nl": "weet ik niet", "en": "I don\u2019t know"}, dont_know=True),)
    return Item(
        code=code,
        kind=kind,
        text=draw(texts),
        hint=draw(st.none() | texts),
        choices=choices if kind in ("choice", "multiple") else dont_know if kind == "mark" else (),
        ask_if=draw(expressions(before)) if before and draw(st.booleans()) else None,
        minimum={"mark": 1, "number": 0}.get(kind),
        maximum={"mark": 10, "number": draw(st.sampled_from([9, 50, 123456]))}.get(kind),
        max_length=draw(st.integers(1, 12)) if kind == "open" else None,
        required=draw(st.booleans()),
        seconds=draw(st.integers(1, 90)),
    )


@st.composite
def comparisons(draw: st.DrawFn, before: list[Item]) -> Expression:
    item = draw(st.sampled_from(before))
    if item.kind in ("mark", "number"):
        return (draw(st.sampled_from(["<", "==", ">="])), ("number", item.code), draw(st.integers(0, 10)))
    if item.kind == "multiple":
        return ("in", draw(st.sampled_from(item.choices)).code, ("item", item.code))
    wanted = draw(st.sampled_from(item.choices)).code if item.choices else "x"
    return (draw(st.sampled_from(["==", "!="])), ("item", item.code), wanted)


@st.composite
def expressions(draw: st.DrawFn, before: list[Item]) -> Expression:
    first, second = draw(comparisons(before)), draw(comparisons(before))
    return draw(st.sampled_from([first, ("!", first), ("&&", first, second), ("||", first, second)]))


@st.composite
def instruments(draw: st.DrawFn) -> Instrument:
    """An instrument of up to three themes; items on one page look back to pages before it."""
    before: list[Item] = []
    themes: list[Theme] = []
    for theme_number in range(draw(st.integers(1, 3))):
        pages: list[Page] = []
        for _ in range(draw(st.integers(1, 3))):
            new = [
                draw(items(f"v{len(before)}_{number}", list(before)))
                for number in range(draw(st.integers(1, 2)))
            ]
            before += new
            code = new[0].code if len(new) == 1 else f"groep_{len(before)}"
            pages.append(Page(code, tuple(new), None if len(new) == 1 else draw(texts)))
        themes.append(Theme(f"thema_{theme_number}", draw(texts), tuple(pages), draw(st.booleans())))
    return Instrument(
        questionnaire="proef",
        edition="1",
        region="proef",
        languages=("nl", "en"),
        title=draw(texts),
        purpose=draw(texts),
        roles=("ib",),
        themes=tuple(themes),
    )


def values(item: Item) -> st.SearchStrategy[Value]:
    """Clean answers to an item, the longest ones among them."""
    codes = st.sampled_from([choice.code for choice in item.choices]) if item.choices else st.nothing()
    if item.kind == "choice":
        return codes
    if item.kind == "multiple":
        return st.sets(codes, min_size=1).map(
            lambda chosen: tuple(choice.code for choice in item.choices if choice.code in chosen)
        )
    if item.kind == "open":
        longest = item.max_length or 0
        typed = st.text(min_size=1, max_size=longest) | st.sampled_from(["\U0001f642", '"', "\\", "é"]).map(
            lambda sign: sign * longest
        )
        clean = typed.map(clean_text).filter(lambda text: 0 < len(text) <= longest)
        return clean.filter(lambda text: unicodedata.is_normalized("NFC", text))
    return codes | st.integers(item.minimum or 0, item.maximum or 0)


@st.composite
def answers_to(draw: st.DrawFn, instrument: Instrument) -> Answers:
    """Answers to any of the items, on the path or not."""
    return {item.code: draw(values(item)) for item in instrument.items() if draw(st.booleans())}


@st.composite
def answered(draw: st.DrawFn) -> tuple[Instrument, Answers]:
    """An instrument with answers to any of its items."""
    instrument = draw(instruments())
    return instrument, draw(answers_to(instrument))
