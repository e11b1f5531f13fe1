"""Instruments and answers made at random, for the property tests of this folder and of the interview."""

import unicodedata
from collections.abc import Callable
from pathlib import Path

from hypothesis import strategies as st

from aoj_survey.questionnaire import (
    DONT_KNOW,
    KINDS,
    Answers,
    Choice,
    Expression,
    Instrument,
    Item,
    Page,
    Theme,
    Value,
    clean_text,
    count_ranks,
    load_questionnaire,
    read_day,
    read_month,
)
from aoj_survey.questionnaire.dates import write_day, write_month

QUESTIONNAIRES = Path(__file__).parents[1] / "questionnaires"
WIDTHS = load_questionnaire(QUESTIONNAIRES / "widths.yaml", "proef")

texts = st.fixed_dictionaries({"nl": st.text(min_size=1, max_size=6), "en": st.text(min_size=1, max_size=6)})
CODES = ["ja", "nee", "misschien", "een_antwoord_met_een_lange_code"]


KIND_NAMES = ["choice", "multiple", "ranking", "mark", "number", "date", "month", "open", "explanation"]
BOUNDS = {"date": ("2026-01-15", "2026-03-14"), "month": ("2025-11", "2026-02")}


@st.composite
def items(draw: st.DrawFn, code: str, before: list[Item]) -> Item:
    """An item of any kind; its condition looks at one or two items before it."""
    kind = draw(st.sampled_from(KIND_NAMES))
    offered = draw(st.lists(st.sampled_from(CODES), min_size=2, max_size=4, unique=True))
    alone = draw(st.booleans()) and kind == "multiple"
    choices = tuple(
        Choice(name, value, {"nl": name, "en": name}, exclusive=alone and value == len(offered))
        for value, name in enumerate(offered, start=1)
    )
    dont_know = (Choice(DONT_KNOW, 99, {"nl": "weet ik niet", "en": "I don\u2019t know"}, dont_know=True),)
    earliest, latest = BOUNDS.get(kind, (None, None))
    return Item(
        code=code,
        kind=kind,
        text=draw(texts),
        hint=draw(st.none() | texts),
        choices=choices if kind in ("choice", "multiple", "ranking") else dont_know if kind == "mark" else (),
        ask_if=draw(expressions(before)) if before and draw(st.booleans()) else None,
        minimum={"mark": 1, "number": 0}.get(kind),
        maximum={"mark": 10, "number": draw(st.sampled_from([9, 50, 123456]))}.get(kind),
        max_length=draw(st.integers(1, 12)) if kind == "open" else None,
        required=draw(st.booleans()) and kind != "explanation",
        seconds=draw(st.integers(1, 90)),
        first=draw(st.sampled_from([None, 1, 2])) if kind == "ranking" else None,
        earliest=earliest,
        latest=latest,
    )


def write_beside(item: Item) -> Item:
    """The open text beside the last choice of an item."""
    choice = item.choices[-1]
    return Item(f"{item.code}_tekst", "open", choice.text, max_length=12, beside=(item.code, choice.code))


@st.composite
def comparisons(draw: st.DrawFn, before: list[Item]) -> Expression:
    item = draw(st.sampled_from(before))
    if item.kind in ("mark", "number"):
        return (draw(st.sampled_from(["<", "==", ">="])), ("number", item.code), draw(st.integers(0, 10)))
    if item.kind in ("multiple", "ranking"):
        sized = (draw(st.sampled_from(["<", "=="])), ("size", item.code), draw(st.integers(0, 4)))
        return draw(
            st.sampled_from([("in", draw(st.sampled_from(item.choices)).code, ("item", item.code)), sized])
        )
    if item.kind in BOUNDS:
        return (draw(st.sampled_from(["<", "!="])), ("item", item.code), BOUNDS[item.kind][1])
    if item.kind in ("open", "explanation"):
        return ("has", item.code)
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
            if len(new) == 1 and new[0].kind in ("choice", "multiple") and draw(st.booleans()):
                pages.append(Page(new[0].code, (new[0], write_beside(new[0]))))
                continue
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
    if item.kind in ("mark", "number"):
        return codes | st.integers(item.minimum or 0, item.maximum or 0)
    makers: dict[str, Callable[[], st.SearchStrategy[Value]]] = {
        "choice": lambda: codes,
        "multiple": lambda: sets_of_codes(item, codes),
        "ranking": lambda: st.lists(codes, min_size=1, max_size=count_ranks(item), unique=True).map(tuple),
        "date": lambda: dates(read_day, write_day, item),
        "month": lambda: dates(read_month, write_month, item),
        "open": lambda: typed(item.max_length or 0),
        "explanation": st.nothing,
    }
    return makers[item.kind]()


def sets_of_codes(item: Item, codes: st.SearchStrategy[str]) -> st.SearchStrategy[Value]:
    in_order = st.sets(codes, min_size=1).map(
        lambda chosen: tuple(choice.code for choice in item.choices if choice.code in chosen)
    )
    return in_order.filter(lambda chosen: KINDS["multiple"].accepts(item, chosen))


def dates(
    read: Callable[[str], int | None], write: Callable[[int], str], item: Item
) -> st.SearchStrategy[Value]:
    return st.integers(read(item.earliest or "") or 0, read(item.latest or "") or 0).map(write)


def typed(longest: int) -> st.SearchStrategy[Value]:
    signs = st.sampled_from(["\U0001f642", '"', "\\", "é"])
    written = st.text(min_size=1, max_size=longest) | signs.map(lambda sign: sign * longest)
    clean = written.map(clean_text).filter(lambda text: 0 < len(text) <= longest)
    return clean.filter(lambda text: unicodedata.is_normalized("NFC", text))


@st.composite
def answers_to(draw: st.DrawFn, instrument: Instrument) -> Answers:
    """Answers to any of the items, on the path or not."""
    answerable = [item for item in instrument.items() if item.kind != "explanation"]
    return {item.code: draw(values(item)) for item in answerable if draw(st.booleans())}


@st.composite
def answered(draw: st.DrawFn) -> tuple[Instrument, Answers]:
    """An instrument with answers to any of its items."""
    instrument = draw(instruments())
    return instrument, draw(answers_to(instrument))
