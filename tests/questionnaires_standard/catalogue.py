"""The published indicators as a table: what each edition must ask, with which answers, of whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from aoj_survey.questionnaire import Instrument, Item, compile_questionnaire, holds

FOLDER = Path(__file__).parents[2] / "questionnaires"

JN = {"ja": 1, "nee": 2}
JNW = {**JN, "weet_niet": 99}
JNO = {**JN, "in_ontwikkeling": 3, "weet_niet": 99}
SPREAD = {"overal": 1, "meerderheid": 2, "minderheid": 3, "nergens": 4, "weet_niet": 99}
AGREE5 = {
    "helemaal_eens": 1, "eens": 2, "neutraal": 3, "oneens": 4, "helemaal_oneens": 5, "weet_niet": 99,
}  # fmt: skip
DIRECTION = {"meestal_wel": 1, "soms": 2, "meestal_niet": 3}
STEERING = {"visie": 1, "werkprocessen": 2, "implementatie": 3, "inkoop": 4, "verantwoording": 5}
MARK = {"weet_niet": 99}
EXTENT = {"ja": 1, "beetje": 2, "nee": 3, "weet_niet": 99}
HELP = {"school": 1, "jeugdhulp": 2, "allebei": 3, "geen": 4, "weet_niet": 99}
SATISFIED = {
    "zeer_tevreden": 1, "tevreden": 2, "midden": 3, "ontevreden": 4, "zeer_ontevreden": 5, "weet_niet": 99,
}  # fmt: skip
PHASE = {"orientatie": 1, "eerste_stappen": 2, "opbouw": 3, "verankering": 4}
SHAPE = {"schotten": 1, "ketens": 2, "netwerk": 3, "integraal": 4}
POINTS = {"zeer_ontevreden": 1, "ontevreden": 2, "midden": 3, "tevreden": 4, "zeer_tevreden": 5}
FACTORS = {"visie": 1, "vertrouwen": 2, "randvoorwaarden": 3, "borging": 4, "sturing": 5}
PILOTS = {
    "in_school": 1, "arrangementen": 2, "thuiszitten": 3, "passende_plek": 4, "snel": 5, "preventie": 6,
    "regionaal": 7, "anders": 8,
}  # fmt: skip
BOTTLENECKS = {"kaders": 1, "rolverdeling": 2, "geld": 3, "wachten": 4, "tijd": 5, "anders": 6}
YIELD = {
    "thuiszitters": 1, "thuisnabij": 2, "maatwerk": 3, "vrijstellingen": 4, "ouders": 5, "vervoer": 6,
    "speciaal_onderwijs": 7, "administratie": 8, "gespecialiseerd": 9, "werkdruk": 10, "geen": 11,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Indicator:
    """What must be asked: `only_if` is the item and the answers that lead to it, none for everybody."""

    code: str
    kind: str
    source: str | None
    answers: Mapping[str, int] = field(default_factory=dict[str, int])
    only_if: tuple[str, frozenset[str | int]] | None = None


def choose(source: str | None, answers: Mapping[str, int], *codes: str) -> tuple[Indicator, ...]:
    return tuple(Indicator(code, "choice", source, answers) for code in codes)


def when(item: str, *values: str | int) -> tuple[str, frozenset[str | int]]:
    return item, frozenset(values)


def _professionals_2015(source: str | None, adapted: frozenset[str]) -> tuple[Indicator, ...]:
    def name(code: str) -> str:
        return f"{code}_ko" if code in adapted else code

    yes_no = (
        "snel",
        "taken",
        "verantw",
        "bevoegd",
        "casus",
        "toewijzen",
        "basis",
        "evalueren",
        "arrangement",
    )
    return (
        *choose(source, JNW, *map(name, (*yes_no, "verschil_ouders", "verschil_partner", "zicht"))),
        *choose(source, JN, "doelen"),
        Indicator("doelen_richting", "choice", source, DIRECTION, when("doelen", "ja")),
        *choose(source, JNO, "contact", "optrekken"),
        Indicator(name("cijfer"), "mark", source, MARK),
    )


def _family(who: str) -> tuple[Indicator, ...]:
    both, some = when(f"{who}_hulp", "allebei"), when(f"{who}_hulp", *(HELP.keys() - {"geen"}))
    together = ("past", "weten", "verhaal", "overzicht", "delen")
    agreed = ("op_tijd", "meepraten", "luisteren", "vragen", "stap", "afspraken", "nakomen")
    return (
        *choose("NJI", HELP, f"{who}_hulp"),
        *(Indicator(f"{who}_{code}", "choice", "NJI", EXTENT, both) for code in together),
        *(Indicator(f"{who}_{code}", "choice", "NJI", EXTENT, some) for code in agreed),
        Indicator(f"{who}_tevreden", "choice", "NJI", SATISFIED, some),
        Indicator(f"{who}_cijfer", "mark", "NJI", MARK),
        Indicator(f"{who}_goed", "open", "NJI"),
        Indicator(f"{who}_beter", "open", "NJI"),
    )


# The editions of 2015 for professionals and policy staff are older than the key `source`.
STANDARD: dict[tuple[str, str], tuple[Indicator, ...]] = {
    ("aoj-professionals", "2015"): _professionals_2015(None, frozenset()),
    ("aoj-kinderopvang", "2015"): _professionals_2015(
        "D15", frozenset({"snel", "zicht", "verschil_ouders", "casus", "toewijzen", "basis", "cijfer"})
    ),
    ("aoj-beleid", "2015"): (
        *choose(None, JNW, "plannen", "zicht"),
        Indicator("sturing", "multiple", None, STEERING),
        Indicator("cijfer", "mark", None, MARK),
    ),
    ("aoj-beleid", "2021"): (
        *choose("D15", JNW, "plannen"),
        *choose("D15, A21", JNW, "zicht"),
        *choose("A21", JNW, "thuiszitterspact"),
        Indicator("sturing", "multiple", "D15", STEERING),
        Indicator("cijfer", "mark", "D15, A21", MARK),
    ),
    ("aoj-professionals", "2021"): (
        *choose("A21", JNW, "mdo", "aanbod", "privacy", "veiligheid", "wijkteam"),
        *choose("A21", JNW, "prev_signalen", "prev_afstem", "ev_evaluatie", "ev_leren", "ev_ontwikkel"),
        *choose("D15, A21", JNW, "zicht"),
        Indicator("zicht_toelichting", "open", "A21"),
        Indicator("mdo_ouders", "choice", "A21", JNW, when("mdo", "ja")),
        Indicator("mdo_jeugd", "choice", "A21", JNW, when("mdo", "ja")),
        *choose("A21", SPREAD, "org_contact", "org_plan", "org_verzuim"),
        *choose("A21", AGREE5, "org_vroeg"),
        Indicator("cijfer", "mark", "D15, A21", MARK),
        Indicator("eenhoger", "open", "A21", only_if=when("cijfer", *range(1, 10))),
        Indicator("trots", "open", "A21"),
    ),
    ("landelijke-inventarisatie", "2018"): (
        *choose("L18", PHASE, "fase"),
        *choose("L18", SHAPE, "vorm"),
        *choose("L18", JN, "knelpunten", "pilots"),
        *choose("L18", POINTS, "tevreden"),
        Indicator("knelpunt_soort", "multiple", "L18", BOTTLENECKS, when("knelpunten", "ja")),
        Indicator("opbrengst", "multiple", "L18", YIELD),
        Indicator("factoren", "ranking", "L18", FACTORS),
        Indicator("pilots_aantal", "number", "L18", only_if=when("pilots", "ja")),
        Indicator("pilot_onderwerp", "multiple", "L18", PILOTS, when("pilots", "ja")),
    ),
    ("aoj-ouders", "2021"): _family("ouder"),
    ("aoj-jongeren", "2021"): _family("jongere"),
}


def read_yaml(questionnaire: str, edition: str) -> str:
    return (FOLDER / questionnaire / f"{edition}.yaml").read_text("utf-8")


@cache
def compile_edition(questionnaire: str, edition: str, *, unchecked: bool = False) -> Instrument:
    """The shipped edition; `unchecked` shows translations that nobody checked yet too."""
    text = read_yaml(questionnaire, edition)
    return compile_questionnaire(text, f"{questionnaire}/{edition}.yaml", "proef", unchecked=unchecked)


def questions(instrument: Instrument) -> list[Item]:
    """The items but the texts beside a choice ("anders, namelijk")."""
    return [item for item in instrument.items() if item.beside is None]


def find_differences(instrument: Instrument, table: tuple[Indicator, ...]) -> list[str]:
    """Return what is missing, what is too much and what is asked otherwise, each in a few words."""
    found = {item.code: item for item in questions(instrument)}
    expected = {indicator.code: indicator for indicator in table}
    problems = [f"{code} is missing" for code in expected.keys() - found.keys()]
    problems += [f"{code} is too much" for code in found.keys() - expected.keys()]
    for code in expected.keys() & found.keys():
        problems += _compare(found[code], expected[code], found)
    return sorted(problems)


def _compare(item: Item, indicator: Indicator, items: Mapping[str, Item]) -> list[str]:
    parts = (
        ("kind", item.kind, indicator.kind),
        ("source", item.source, indicator.source),
        ("answers", {choice.code: choice.value for choice in item.choices}, indicator.answers),
        ("condition", _find_routes(item, indicator, items), indicator.only_if and indicator.only_if[1]),
    )
    return [f"{item.code} has another {name}" for name, is_so, must_be in parts if is_so != must_be]


def _find_routes(item: Item, indicator: Indicator, items: Mapping[str, Item]) -> frozenset[str | int] | None:
    """The answers to the item it depends on after which an item is asked; None when it always is."""
    if indicator.only_if is None or item.ask_if is None:
        return None if item.ask_if is None else frozenset()
    deciding = items[indicator.only_if[0]]
    values: list[str | int] = [choice.code for choice in deciding.choices]
    if deciding.minimum is not None and deciding.maximum is not None:
        values += range(deciding.minimum, deciding.maximum + 1)
    return frozenset(value for value in values if holds(item.ask_if, {deciding.code: value}))
