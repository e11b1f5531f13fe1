"""Downloads: what was released of a participation or of none, with its privacy report beside it, for people."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal
from flask import Blueprint, Response, render_template
from flask_babel import gettext, ngettext
from sqlalchemy import Connection

from aoj_survey.db import db
from aoj_survey.regions import JOINT_REGION
from aoj_survey.releases import CHECKSUMS, PRIVACY, TABLES, FileFacts, ReleaseFacts, list_releases
from aoj_survey.reviewing import Place, list_progress

from .adjustments import Adjustment, Privacy, list_adjustments, read_privacy
from .coordinator import describe_status, find_place
from .files import find_file, find_released, send_released, shelf
from .language import current_language
from .rights import find_visitor, needs_right, visitor_reads
from .visits import installation

downloads = Blueprint("downloads", __name__, template_folder="templates")

BASE = "/coordinator/<wave>/<region>/downloads"
PAGES = ("metadata/codebook.html", "reports/privacy.html", "reports/response.html")
"""Files that open in the browser; all others are saved."""

CODEBOOK, WORDS = "metadata/codebook.json", "data/open_answers.csv"

KILO = 1000
ZONE = ZoneInfo("Europe/Amsterdam")
"""Of days of what is of no region."""


@dataclass(frozen=True, slots=True)
class Line:
    """A file on the page: what it is called, what it is and for which program."""

    file: FileFacts
    name: str
    words: str
    size: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A release on the page; `rest` are files for programs, `absent` what could not be made and why.

    `adjusted` tells what was changed to protect people. `has_words` tells whether released open answers are in it.
    """

    release: ReleaseFacts
    lines: list[Line]
    rest: list[Line]
    privacy: Privacy
    adjusted: list[Adjustment]
    absent: list[tuple[str, str]]
    has_words: bool


@dataclass(frozen=True, slots=True)
class ShownTables:
    """Released tables of figures on the page: how many, from how many answers up, and in how many something is hidden."""

    release: ReleaseFacts
    lines: list[Line]
    tables: int
    threshold: int
    hidden: int


@downloads.get(BASE)
@needs_right("download")
def show_files(wave: str, region: str) -> str:
    """What was released, newest version first; or why there is nothing. Of no participation only what was released."""
    with db.read() as connection:
        found = [release for release in list_releases(connection) if visitor_reads(release)]
        here = [release for release in found if (release.wave, release.region) == (wave, region)]
        loose = any(release.origin != "box" for release in here)
        facts = None if loose else find_place(connection, wave, region)
        place = Place(facts.id) if facts else Place(wave=wave) if region == JOINT_REGION else None
        unread = _count_unread(connection, place) if place else None
    return render_template(
        "downloads/files.html",
        participation=facts,
        status=describe_status(facts, installation().now()) if facts else None,
        zone=facts.zone if facts else ZONE,
        place=(wave, region),
        lead="" if facts else name_place(here[0]),
        others=_list_others(found, (wave, region)),
        shown=[_show(release) for release in here if release.kind == "bundle"],
        figures=[_show_tables(release) for release in here if release.kind == "tables"],
        unread=unread,
        checksums=CHECKSUMS,
        pages=PAGES,
    )


@downloads.get(f"{BASE}/<name>/<path:path>")
@needs_right("download")
def send_file(wave: str, region: str, name: str, path: str) -> Response:
    """A released file of this wave and region; reports and codebook as pages."""
    release = find_released(name, find_visitor(), wave, region)
    file = find_file(release, path)
    return send_released(release, file, inline=file.path in PAGES)


def _count_unread(connection: Connection, place: Place) -> tuple[int, int] | None:
    """How many open answers the opening kept and how many of them wait for two people; None where there are none."""
    progress = list_progress(connection, place)
    kept = sum(item.total for item in progress)
    return (kept, kept - sum(item.decided for item in progress)) if kept else None


def _list_others(found: Sequence[ReleaseFacts], here: tuple[str, str]) -> list[tuple[str, str, str]]:
    """Wave, region and name of what was released and is of no participation, elsewhere than here."""
    names = {
        (release.wave, release.region): name_place(release) for release in found if release.origin != "box"
    }
    return [(*place, name) for place, name in names.items() if place != here]


def name_place(release: ReleaseFacts) -> str:
    """Return what something of no participation is called: an earlier wave, or small ballot boxes together."""
    if release.origin == "joint":
        return gettext("Small ballot boxes of %(wave)s together, as answers of no region", wave=release.wave)
    return gettext("Earlier wave: %(region)s, %(wave)s", region=release.region, wave=release.wave)


def _show(release: ReleaseFacts) -> Shown:
    words = describe_files(release.rows)
    lines = {file.path: _line(file, words) for file in release.files}
    limits, codebook, report = (
        shelf().read_json(release, path) or {} for path in ("reports/limits.json", CODEBOOK, PRIVACY)
    )
    language = current_language()
    return Shown(
        release,
        [lines[path] for path in words if path in lines],
        [line for path, line in lines.items() if path not in words],
        read_privacy(report, codebook),
        list_adjustments(report, codebook, limits),
        [(item["file"], item.get(language, item["en"])) for item in limits.get("left_out", [])],
        release.find_file(WORDS) is not None,
    )


def _show_tables(release: ReleaseFacts) -> ShownTables:
    privacy: Any = shelf().read_json(release, PRIVACY)
    described: Any = shelf().read_json(release, TABLES)
    words = describe_files(release.rows)
    return ShownTables(
        release,
        [_line(file, words) for file in release.files],
        len(described["tables"]),
        privacy["threshold"],
        len(privacy["hidden"]),
    )


def _line(file: FileFacts, words: dict[str, tuple[str, str]]) -> Line:
    name, told = words.get(file.path, (file.path, ""))
    return Line(file, name, told, say_size(file.size))


def say_size(size: int) -> str:
    """Return a number of bytes in words: *343 bytes*, *12 kB*, *3,4 MB*."""
    if size < KILO:
        return ngettext("%(num)s byte", "%(num)s bytes", size)
    if size < KILO**2:
        return f"{round(size / KILO)} kB"
    return f"{format_decimal(size / KILO**2, '0.#', locale=current_language())} MB"


def describe_files(rows: int) -> dict[str, tuple[str, str]]:
    """Return, in the order of the page, the name of each file for people and what it is."""
    one_row = ngettext("%(num)s row, 1 row per person.", "%(num)s rows, 1 row per person.", rows)
    without = gettext("Without mail address, organisation and date. For every program.")
    return {
        "data/responses.csv": (gettext("Answers (CSV)"), f"{one_row} {without}"),
        "data/responses.xlsx": (
            gettext("Answers (Excel)"),
            gettext("The same data, with a sheet that explains them."),
        ),
        "data/responses.sav": (gettext("Answers (SPSS)"), gettext("The same data, with labels in Dutch.")),
        "data/responses.dta": (gettext("Answers (Stata)"), gettext("The same data, for Stata 14 and later.")),
        "data/responses.parquet": (
            gettext("Answers (Parquet)"),
            gettext("The same data, for R, Python and databases. Quickest with many rows."),
        ),
        **describe_words(),
        "metadata/codebook.html": (
            gettext("Codebook"),
            gettext("All questions, answers and codes, with the words people read."),
        ),
        "reports/response.html": (
            gettext("Response table"),
            gettext("Invited, done and percentage per role. Opens in your browser."),
        ),
        "reports/response.csv": (
            gettext("Response table (CSV)"),
            gettext("The same numbers, for every program."),
        ),
    }


def describe_words() -> dict[str, tuple[str, str]]:
    """Return the names of the files of open answers and what they are."""
    told = gettext(
        "Answers in own words that two people released, in random order and without a link to the rows above."
    )
    same = gettext("The same open answers.")
    return {
        WORDS: (gettext("Open answers (CSV)"), told),
        "data/open_answers.xlsx": (gettext("Open answers (Excel)"), same),
        "data/open_answers.parquet": (gettext("Open answers (Parquet)"), same),
    }
