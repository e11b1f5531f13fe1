"""Small sheets for the tests of formats: a column of each kind, every missing code, and odd texts."""

from dataclasses import replace
from pathlib import Path

from hypothesis import strategies as st

from aoj_survey.datasets import Cell
from aoj_survey.exports.variables import Code, Row, Sheet, Variable

LABEL = {"nl": "kolom", "en": "column"}
MISSING = tuple(
    Code(value, {"nl": f"ontbreekt {value}", "en": f"missing {value}"}) for value in range(-9, -3)
)
YES_NO = (
    Code(1, {"nl": "ja", "en": "yes"}),
    Code(2, {"nl": "nee", "en": "no"}),
    Code(99, {"nl": "weet ik niet", "en": "I don't know"}),
)
CHOSEN = (
    Code(0, {"nl": "niet gekozen", "en": "not chosen"}),
    Code(1, {"nl": "gekozen", "en": "chosen"}),
)
UNIVERSE = {"nl": "iedereen", "en": "everybody"}

VARIABLES = (
    Variable("region", "text", {"nl": "regio", "en": "region"}),
    Variable("stratum", "integer", LABEL, (Code(1, {"nl": "intern begeleiders", "en": "coordinators"}),)),
    Variable("w_region", "decimal", {"nl": "gewicht", "en": "weight"}),
    Variable("snel", "code", LABEL, YES_NO, MISSING, item="snel", universe=UNIVERSE, concept="tempo"),
    Variable("jaren", "number", LABEL, (), MISSING, item="jaren", minimum=0, maximum=50),
    Variable("in_visie", "chosen", LABEL, CHOSEN, MISSING, item="in", choice="visie"),
    Variable("in_inkoop", "chosen", LABEL, CHOSEN, MISSING, item="in", choice="inkoop"),
    Variable("dag", "date", LABEL, (), MISSING, item="dag"),
    Variable("maand", "month", LABEL, (), MISSING, item="maand"),
)
ROWS: tuple[Row, ...] = (
    ("proef", 1, 2.338983, 1, 12, 1, 0, 20260531, 202605),
    ("proef", 1, 2.338983, 99, 0, 0, 0, -7, -8),
    ("zoetermeer", 1, 1.0, -8, -4, -5, -5, 10000101, 100001),
    ("proef", 1, 19.5, -6, -9, -6, -6, -4, -9),
)
SHEET = Sheet("aoj_proef_2026_v1", VARIABLES, ROWS)
EMPTY = Sheet("aoj_proef_2026_v1", VARIABLES, ())

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
region_codes = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,30}", fullmatch=True)
missing = st.sampled_from([code.value for code in MISSING])
days = st.dates().map(lambda day: day.year * 10_000 + day.month * 100 + day.day)
months = st.dates().map(lambda day: day.year * 100 + day.month)
cells: dict[str, st.SearchStrategy[Cell]] = {
    "text": region_codes,
    "integer": st.integers(1, 10**6),
    "decimal": st.integers(1, 10**9).map(lambda number: number / 10**6),
    "code": st.integers(0, 10**6) | missing,
    "number": st.integers(0, 2**31 - 1) | missing,
    "chosen": st.integers(0, 1) | missing,
    "date": days | missing,
    "month": months | missing,
}
rows = st.lists(st.tuples(*(cells[variable.holds] for variable in VARIABLES)), max_size=8)


@st.composite
def labelled(draw: st.DrawFn) -> tuple[Variable, ...]:
    """The columns, with odd and long labels."""
    long = st.integers(0, 300).map(lambda number: "é" * number)
    label = st.builds(lambda nl, en: {"nl": nl, "en": en}, texts | long, texts)
    return tuple(
        replace(
            variable,
            label=draw(label),
            values=tuple(Code(code.value, draw(label)) for code in variable.values),
            missing=tuple(Code(code.value, draw(label)) for code in variable.missing),
        )
        for variable in VARIABLES
    )


def fresh(folder: Path, name: str) -> Path:
    """A path in the folder that does not exist; hypothesis runs one test many times."""
    path = folder / name
    path.unlink(missing_ok=True)
    return path
