"""Tables of figures as plain values: for JSON, for CSV, and the privacy report that goes with them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aoj_survey.datasets import Cell
from aoj_survey.disclosure import BESLOTEN
from aoj_survey.questionnaire import Text, say

from .benchmarks import Benchmark
from .figures import Figure, Shown
from .tables import Table, TableSet

FORMAT = 1
TOO_FEW: Text = {"nl": "te weinig antwoorden", "en": "too few answers"}
NEARLY = {"at_most": "≤ 10 %", "at_least": "≥ 90 %"}
BANDS: Sequence[Text] = (
    {"nl": "minder dan een kwart", "en": "less than a quarter"},
    {"nl": "een kwart tot de helft", "en": "a quarter to a half"},
    {"nl": "de helft tot driekwart", "en": "a half to three quarters"},
    {"nl": "driekwart of meer", "en": "three quarters or more"},
)
AND: Text = {"nl": " of ", "en": " or "}
UNTIL: Text = {"nl": " tot en met ", "en": " to "}
MEAN: Text = {"nl": "gemiddelde", "en": "mean"}
LANGUAGES = ("nl", "en")
CSV_NAMES = (
    "wave",
    "region",
    "profile",
    "table",
    "question_nl",
    "question_en",
    "group",
    "group_nl",
    "group_en",
    "answers",
    "answers_nl",
    "answers_en",
    "shown",
    "value",
    "n",
    "low",
    "high",
    "text_nl",
    "text_en",
    "others_shown",
    "others_value",
    "others_n",
    "others_regions",
    "others_text_nl",
    "others_text_en",
)


def describe_tables(made: TableSet) -> dict[str, Any]:
    """Return the tables as plain values for JSON. What may not be shown has no number anywhere."""
    return {
        "format": FORMAT,
        "wave": made.wave,
        "region": made.region,
        "profile": made.profile,
        "threshold": made.threshold,
        "groups": {code: dict(text) for code, text in made.groups.items()},
        "tables": [_describe_table(table) for table in made.tables],
    }


def _describe_table(table: Table) -> dict[str, Any]:
    return {
        "code": table.code,
        "kind": table.kind,
        "question": dict(table.question),
        "asked": list(table.asked),
        "answers": {code: dict(text) for code, text in table.answers.items()},
        "figures": [_describe_figure(table, figure) for figure in table.figures],
    }


def _describe_figure(table: Table, figure: Figure) -> dict[str, Any]:
    return {
        "group": figure.group,
        "answers": list(figure.answers),
        "label": name_answers(table, figure),
        "shown": figure.shown.kind,
        "value": _write_value(figure.shown),
        "n": figure.n,
        "interval": list(figure.interval) if figure.interval else None,
        "text": _write_both(figure.shown),
        "others": _describe_others(table.others.get(figure)),
    }


def _describe_others(found: Benchmark | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "shown": found.shown.kind,
        "value": _write_value(found.shown),
        "n": found.n,
        "regions": found.regions,
        "text": _write_both(found.shown),
    }


def _write_both(shown: Shown) -> dict[str, str]:
    return {language: write_shown(shown, language) for language in LANGUAGES}


def name_answers(table: Table, figure: Figure) -> Text:
    """Return the words of the answers a figure is of, those shown as one joined by *or*; of a mean that word."""
    if not figure.answers:
        return MEAN if table.kind == "mark" else dict.fromkeys(LANGUAGES, "")
    if table.kind == "mark":
        ends = dict.fromkeys((figure.answers[0], figure.answers[-1]))
        return {language: say(UNTIL, language).join(ends) for language in LANGUAGES}
    return {
        language: say(AND, language).join(say(table.answers[code], language) for code in figure.answers)
        for language in LANGUAGES
    }


def _write_value(shown: Shown) -> int | float | None:
    if shown.value is None:
        return None
    return float(shown.value) if shown.kind == "mean" else int(shown.value)


def write_shown(shown: Shown, language: str) -> str:
    """Return a figure as it is printed: *33 %*, *≤ 10 %*, *6,2*, *een kwart tot de helft* or *te weinig antwoorden*."""
    if shown.kind == "too_few":
        return say(TOO_FEW, language)
    if shown.value is None:
        return NEARLY[shown.kind]
    if shown.kind == "band":
        return say(BANDS[int(shown.value)], language)
    if shown.kind == "percent":
        return f"{shown.value} %"
    return str(shown.value).replace(".", ",") if language == "nl" else str(shown.value)


def list_rows(described: Mapping[str, Any]) -> Iterator[Sequence[Cell]]:
    """Yield the figures of described tables as rows for CSV, in the order of `CSV_NAMES`."""
    for table in described["tables"]:
        for figure in table["figures"]:
            group, words = described["groups"][figure["group"]], figure["text"]
            yield (
                *(described[name] for name in ("wave", "region", "profile")),
                *(table["code"], *_both(table["question"]), figure["group"], *_both(group)),
                *(" ".join(figure["answers"]), *_both(figure["label"])),
                figure["shown"],
                *("" if figure[name] is None else figure[name] for name in ("value", "n")),
                *(figure["interval"] or ("", "")),
                *_both(words),
                *_list_others(figure["others"]),
            )


def _list_others(others: Mapping[str, Any] | None) -> list[Cell]:
    if others is None:
        return [""] * 6
    value = "" if others["value"] is None else others["value"]
    return [others["shown"], value, others["n"], others["regions"], *_both(others["text"])]


def _both(text: Text) -> list[str]:
    return [say(text, language) for language in LANGUAGES]


# What goes with them

RULES: Sequence[Mapping[str, str]] = (
    {
        "code": "threshold",
        "nl": "Een cijfer staat er alleen bij genoeg antwoorden op die vraag (zie threshold).",
        "en": "A figure stands there with enough answers to that question only (see threshold).",
    },
    {
        "code": "nearly_all",
        "nl": "In een groep onder de 30, of waarvan iedereen onder de 50 meedeed, staat bijna niemand als ≤ 10 % en bijna iedereen als ≥ 90 %.",
        "en": "In a group under 30, or of under 50 who all took part, nearly nobody is ≤ 10 % and nearly everybody ≥ 90 %.",
    },
    {
        "code": "few_alike",
        "nl": "Een antwoord van één of twee mensen staat samen met een antwoord ernaast. Alle antwoorden naast elkaar staan er vanaf 30.",
        "en": "An answer of one or two people stands with one beside it. All answers side by side stand there from 30 up.",
    },
    {
        "code": "groups",
        "nl": "Kleine groepen zijn samengevoegd, voor alle vragen gelijk. Is bij een vraag een groep te klein, dan is nog een groep verborgen.",
        "en": "Small groups are joined, alike for all questions. Where a group is too small for a question another one is hidden too.",
    },
    {
        "code": "routes",
        "nl": "Een groep is ook verborgen als het aantal antwoorden zou vertellen dat bijna iedereen of bijna niemand een eerder antwoord gaf.",
        "en": "A group is hidden too when its number would tell that nearly all or nearly none of it gave an earlier answer.",
    },
    {
        "code": "others",
        "nl": "Overige regio's staan erbij als het er minstens drie zijn, samen genoeg antwoorden hebben en geen ervan meer dan de helft heeft. Een regio telt daarin mee waar de eigen tabel hetzelfde laat zien.",
        "en": "Other regions stand beside it where there are three at least, with enough answers together and none with over half of them. A region is among them where its own table shows the same.",
    },
    {
        "code": "set",
        "nl": "Uit alles wat van deze meting uitkwam volgt door optellen en aftrekken geen groep die te klein is.",
        "en": "From all that was released of this wave no group that is too small follows by adding and subtracting.",
    },
)
CLOSED_RULES: Sequence[Mapping[str, str]] = (
    RULES[0],
    {
        "code": "bands",
        "nl": "Van het eerste antwoord op een vraag staat in welk kwart het aandeel valt. Gemiddelden staan er niet, overige regio's ook niet.",
        "en": "Of the first answer to a question it says in which quarter the share lies. Means and other regions are not there.",
    },
    {
        "code": "beside",
        "nl": "Een groep is ook verborgen als samen met de tabellen voor iedereen een groep onder de drempel zou volgen, of een precies aantal in een kleine groep.",
        "en": "A group is hidden too when together with the tables for everybody one under the threshold would follow, or an exact number in a small group.",
    },
    *RULES[4:5],
    RULES[-1],
)
RESIDUAL: Sequence[Mapping[str, str]] = (
    {
        "code": "knows_answers",
        "nl": "Wie de antwoorden van mensen in een groep al kent, kan die van het totaal aftrekken.",
        "en": "Who knows the answers of people in a group already can subtract these from the total.",
    },
)


def report_privacy(made: TableSet, audit: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return by which rules the tables were made, what is hidden in them, and what they were audited beside.

    Why a group is hidden is not told for each: that would tell small ones from those hidden beside them.
    """
    return {
        "format": FORMAT,
        "kind": "tables",
        "wave": made.wave,
        "region": made.region,
        "profile": made.profile,
        "threshold": made.threshold,
        "rows": made.responses,
        "rules": [dict(rule) for rule in (CLOSED_RULES if made.profile == BESLOTEN.profile else RULES)],
        "hidden": [
            {"table": table.code, "groups": groups} for table in made.tables if (groups := list_hidden(table))
        ],
        "audit": audit,
        "residual_risks": [dict(risk) for risk in RESIDUAL],
    }


def list_hidden(table: Table) -> list[str]:
    """Return the groups of which a table shows a figure less than others, in its order."""
    return list(dict.fromkeys(figure.group for figure in table.figures if figure.shown.kind == "too_few"))
