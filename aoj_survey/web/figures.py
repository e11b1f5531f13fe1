"""Released tables of figures as a page: a table for each question whose bars are decoration, from the released file only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, render_template
from flask_babel import gettext

from aoj_survey.db import db
from aoj_survey.questionnaire import ROLES, say
from aoj_survey.releases import TABLES

from .coordinator import describe_status, find_place
from .downloads import BASE, name_place
from .files import find_released, shelf
from .language import current_language
from .rights import find_visitor, needs_right
from .visits import installation

figures = Blueprint("figures", __name__, template_folder="templates")

LOWEST_MARK, HIGHEST_MARK = 1, 10
BAND = 25
"""Percents in a band."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A drawn figure: where it starts and ends, or its dot, in percents of the width, and the same in words."""

    start: int
    at: int
    is_dot: bool
    words: str


@dataclass(frozen=True, slots=True)
class Others:
    """The same figure of the other regions: how many answered it in how many of them."""

    text: str
    n: int
    regions: int
    bar: Bar


@dataclass(frozen=True, slots=True)
class Row:
    """A figure: of which group and answer, as it is printed, of how many, with the interval of a share; without a bar where it may not be shown."""

    group: str
    answer: str
    text: str
    n: int | None
    interval: tuple[int, int] | None
    bar: Bar | None
    others: Others | None


@dataclass(frozen=True, slots=True)
class FigureTable:
    """The figures of a question; `unit` and `asked` belong in its caption."""

    code: str
    question: str
    asked: str
    unit: str
    has_answers: bool
    has_others: bool
    has_intervals: bool
    rows: tuple[Row, ...]


@figures.get(f"{BASE}/<name>/figures")
@needs_right("download")
def show_figures(wave: str, region: str, name: str) -> str:
    """The tables of a release; 404 where it has none."""
    release = find_released(name, find_visitor(), wave, region)
    described: Any = shelf().read_json(release, TABLES) or abort(404)
    with db.read() as connection:
        facts = find_place(connection, wave, region) if release.origin == "box" else None
    return render_template(
        "downloads/figures.html",
        participation=facts,
        status=describe_status(facts, installation().now()) if facts else None,
        lead="" if facts else name_place(release),
        release=release,
        threshold=described["threshold"],
        tables=read_tables(described, current_language()),
    )


def read_tables(described: Mapping[str, Any], language: str) -> tuple[FigureTable, ...]:
    """Return the tables of a released file in a language."""
    return tuple(_read_table(table, described["groups"], language) for table in described["tables"])


def _read_table(table: Mapping[str, Any], groups: Mapping[str, Any], language: str) -> FigureTable:
    rows = tuple(_read_row(figure, groups, language) for figure in table["figures"])
    roles = ", ".join(say(ROLES[role].plural, language) for role in table["asked"] if role in ROLES)
    is_banded = any(figure["shown"] == "band" for figure in table["figures"])
    is_mean = any(figure["shown"] == "mean" for figure in table["figures"])
    return FigureTable(
        table["code"],
        say(table["question"], language),
        gettext("Asked of: %(roles)s.", roles=roles),
        _name_unit(is_mean=is_mean, is_banded=is_banded),
        any(row.answer for row in rows),
        any(row.others for row in rows),
        any(row.interval for row in rows),
        rows,
    )


def _name_unit(*, is_mean: bool, is_banded: bool) -> str:
    if is_banded:
        return gettext("Shares in quarters.")
    return gettext("Mean mark, and shares in percents.") if is_mean else gettext("Shares in percents.")


def _read_row(figure: Mapping[str, Any], groups: Mapping[str, Any], language: str) -> Row:
    group, answer = say(groups[figure["group"]], language), say(figure["label"], language)
    words = ", ".join(part for part in (group, answer) if part)
    return Row(
        group,
        answer,
        say(figure["text"], language),
        figure["n"],
        (figure["interval"][0], figure["interval"][1]) if figure["interval"] else None,
        _draw(figure, words, language) if figure["shown"] != "too_few" else None,
        _read_others(figure["others"], words, language) if figure["others"] else None,
    )


def _read_others(others: Mapping[str, Any], words: str, language: str) -> Others:
    named = gettext("other regions, %(group)s", group=words)
    return Others(
        say(others["text"], language), others["n"], others["regions"], _draw(others, named, language)
    )


def _draw(figure: Mapping[str, Any], words: str, language: str) -> Bar:
    start = BAND * int(figure["value"]) if figure["shown"] == "band" else 0
    return Bar(start, _place(figure), figure["shown"] == "mean", f"{words}: {say(figure['text'], language)}")


def _place(figure: Mapping[str, Any]) -> int:
    """Where a bar ends: shares that are not told from nobody and everybody are drawn at 10 and 90."""
    if figure["shown"] == "mean":
        return round(100 * (figure["value"] - LOWEST_MARK) / (HIGHEST_MARK - LOWEST_MARK))
    if figure["shown"] == "band":
        return BAND * (int(figure["value"]) + 1)
    known = {"at_most": 10, "at_least": 90}
    return known[figure["shown"]] if figure["shown"] in known else int(figure["value"])
