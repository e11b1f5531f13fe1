"""The report of an attack, as JSON and as a page that is whole by itself."""

import json
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from aoj_survey.regions import JOINT_REGION

from .attack import Report
from .attempts import Attempt
from .words import Text

REPORT_FORMAT = 1
OUTCOMES = {
    "unlinked": Text("niet gekoppeld", "not linked"),
    "linked": Text("GEKOPPELD", "LINKED"),
    "not_tried": Text("niet geprobeerd", "not tried"),
}
WHOLES = {
    "": Text("Hele database", "whole database"),
    JOINT_REGION: Text("Kleine stembussen samen", "small boxes together"),
}
"""How parts of the report are called that are not of one region."""

BY_KEY_HOLDER = Text("met sleutels", "with keys")
LIMITS = (
    Text(
        "Dit verslag is bewijs van wat is geprobeerd, geen belofte. Een aanval die hier niet bij staat, is niet geprobeerd.",
        "This report is evidence of what was tried, not a promise. An attack that is not listed was not tried.",
    ),
    Text(
        "Niet geprobeerd zijn: een transactielogboek of kopie die elders ligt, momentopnamen van de machine, een"
        " beheerder die de programmatuur verandert, en herkennen aan de stijl of inhoud van open antwoorden.",
        "Not tried: a write-ahead log or copy that lies elsewhere, snapshots of the machine, an operator who changes"
        " the software, and recognising somebody by the style or content of open answers.",
    ),
    Text(
        "Wie de database heeft, kan zien welke uitnodigingen zijn gebruikt: dat staat er open in. Wat iemand antwoordde niet.",
        "Whoever has the database can see which invitations were used: that stands there openly. What somebody answered"
        " does not.",
    ),
)
_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


def describe_report(report: Report) -> dict[str, Any]:
    """Return the report as plain data for JSON; counts and words only."""
    attempts = [asdict(attempt) | {"succeeded": attempt.succeeded} for attempt in report.attempts]
    return {
        "format": REPORT_FORMAT,
        "wave": report.wave,
        "made_on": report.made_on.isoformat(),
        "database": report.database,
        "regions": list(report.regions),
        "linked": len(report.succeeded),
        "made": report.made,
        "not_looked_at": [asdict(gap) for gap in report.gaps],
        "limits": [asdict(limit) for limit in LIMITS],
        "attempts": attempts,
    }


def write_report(report: Report, folder: Path) -> tuple[Path, Path]:
    """Write `relink-<wave>.json` and `.html` into a folder, made when it is missing; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    data, page = (folder / f"relink-{report.wave}.{kind}" for kind in ("json", "html"))
    data.write_text(
        json.dumps(describe_report(report), ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    page.write_text(render_report(report), encoding="utf-8")
    return data, page


def render_report(report: Report) -> str:
    """Return the report as a page in Dutch and English, without script or anything from elsewhere."""
    parts: defaultdict[str, list[Attempt]] = defaultdict(list)
    for attempt in report.attempts:
        parts[attempt.region].append(attempt)
    template = _PAGES.get_template("relink.html")
    return template.render(
        report=report,
        parts=parts,
        wholes=WHOLES,
        outcomes=OUTCOMES,
        limits=LIMITS,
        by_key_holder=BY_KEY_HOLDER,
    )
