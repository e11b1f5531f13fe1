"""Almere: ZAT 2.0 and passend onderwijs in de wijk, its own words, and a reminder after the May holiday."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from wtforms import SelectField

from aoj_survey.api import (
    ColumnPlan,
    DatasetFacts,
    DerivedColumn,
    FormField,
    Item,
    ItemKind,
    MessageText,
    Region,
    Value,
    find_overlays,
    hookimpl,
    say,
)

__version__ = "1.0"

FIRST_YEAR, LAST_YEAR = 2012, 2030
"""The school years that can be chosen, by the year in which they begin."""

MAY_HOLIDAYS = ((date(2026, 4, 25), date(2026, 5, 3)),)
"""First and last day of the May holiday: the week that is fixed for all schools; add a line each year.

Many schools close a week earlier or a day later by themselves; those days are not in here.
"""

LONG = 3
"""School years after which a school is said to work with ZAT 2.0 for long."""

MAIL_OR_PHONE = re.compile(r"\S+@\S+\.\S+|(?:\+31|\b0)[\s-]?\d(?:[\s-]?\d){7,8}\b")
WORDS = {
    "nl": (
        "Laat e-mailadressen en telefoonnummers weg. Zo blijft uw antwoord anoniem.",
        "Met uw antwoorden maken school, wijk en jeugdhulp in Almere betere afspraken.",
        "Passend onderwijs en jeugdhulp, gemeente Almere",
    ),
    "en": (
        "Leave out mail addresses and phone numbers. That keeps your answer anonymous.",
        "With your answers schools, neighbourhoods and youth care in Almere can make better agreements.",
        "Inclusive education and youth care, municipality of Almere",
    ),
}


@hookimpl
def aoj_region() -> Region:
    """One municipality."""
    return Region(code="almere", name="Almere", members=("gemeente Almere",))


@hookimpl
def aoj_overlays(questionnaire: str, edition: str) -> Iterable[Path]:
    """Questions about ZAT 2.0 and help in the neighbourhood; the local name of the pact on absence."""
    return find_overlays(__file__, questionnaire, edition)


@hookimpl
def aoj_item_kinds() -> Iterable[ItemKind]:
    """A school year, chosen from a list and kept as the year in which it begins."""
    yield ItemKind(
        name="school_year",
        keys=frozenset(),
        needs=frozenset(),
        type="number",
        accepts=lambda _, value: type(value) is int and FIRST_YEAR <= value <= LAST_YEAR,
        largest=lambda _: len(str(LAST_YEAR)),
        columns=lambda item: (ColumnPlan(item.code, "number"),),
        cells=lambda _, value: (value,) if isinstance(value, int) else (),
        seconds=15,
        field=FormField(build=build_year, read=read_year, fill=str),
    )


def build_year(item: Item, language: str) -> Any:
    """Return the list to choose from; an empty choice leaves the question open."""
    years = {str(year): f"{year}-{year + 1}" for year in range(LAST_YEAR, FIRST_YEAR - 1, -1)}
    return SelectField(say(item.text, language), choices={"": "", **years})


def read_year(item: Item, chosen: Any) -> Value | None:
    """Return the year in which the chosen school year begins."""
    del item
    return int(chosen) if chosen else None


@hookimpl
def aoj_check_answer(item: Item, value: Value, language: str) -> str | None:
    """Keep addresses and phone numbers out of open answers, which are quoted in the report."""
    if item.kind == "open" and MAIL_OR_PHONE.search(str(value)):
        return WORDS.get(language, WORDS["nl"])[0]
    return None


@hookimpl
def aoj_message_text(language: str) -> MessageText | None:
    """The purpose in the region's words, signed as people here know the sender."""
    if language not in WORDS:
        return None
    _, purpose, signature = WORDS[language]
    return MessageText(purpose=purpose, signature=signature)


@hookimpl
def aoj_reminder_day(proposed: date) -> date | None:
    """Nobody reads a reminder while schools are closed: the first working day after is better."""
    for first, last in MAY_HOLIDAYS:
        if first <= proposed <= last:
            return last + timedelta(days=1)
    return None


@hookimpl
def aoj_derived_columns(dataset: DatasetFacts) -> Iterable[DerivedColumn]:
    """How long a school has worked with ZAT 2.0 at the wave: comparable over waves, which a first year is not."""
    if dataset.find_column("almere_zat_sinds") and dataset.wave.isdecimal():
        wave = int(dataset.wave)
        yield DerivedColumn(
            name="almere_zat_lang",
            label={"nl": "hoe lang al ZAT 2.0", "en": "for how long ZAT 2.0"},
            how={
                "nl": f"{dataset.wave} min het eerste schooljaar (almere_zat_sinds): {LONG} of meer is lang",
                "en": f"{dataset.wave} minus the first school year (almere_zat_sinds): {LONG} or more is long",
            },
            sources=("almere_zat_sinds",),
            compute=lambda first: int(wave - first >= LONG),
            values={0: {"nl": "kort", "en": "short"}, 1: {"nl": "lang", "en": "long"}},
        )
