"""Small bundles on stage: folders with the files that releases look at, and their registration."""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import insert

from aoj_survey.db import db
from aoj_survey.releases import ReleaseFacts, find_release, read_bundle, record_release
from aoj_survey.waves import FinalCount, ParticipationFacts, Stratum, find_participation
from tests.factories import MOMENT, make_participation

NAME = "aoj_rijnmeer_2026_v1"
COUNTS = {"invited": 20, "delivered": 19, "done": 12, "rate": 60, "estimated": 0}
TABLE = {
    "format": 1,
    "rows": [
        {"code": "ib", "roles": "ib", "label_nl": "intern begeleider", "label_en": "counsellor"} | COUNTS
    ],
    "total": {"code": "total", "roles": "ib", "label_nl": "totaal", "label_en": "total"} | COUNTS,
}
PRIVACY: dict[str, object] = {
    "format": 1,
    "profile": "onderzoek",
    "k": 5,
    "smallest": 6,
    "largest_risk": 0.1667,
    "average_risk": 0.1,
    "classes": {"ib": 12},
    "merged": {"beleid_gem": "beleid"},
    "protected": {"jaren": 3},
    "node": {},
    "suppressed": {},
    "homogeneous": [["cijfer", "ib"]],
    "quasi_identifiers": [],
    "dependent": [],
    "open_text": "not included",
    "residual_risks": [],
}


def write_bundle(
    folder: Path,
    name: str = NAME,
    *,
    rows: int = 12,
    more: Mapping[str, bytes] | None = None,
    open_text: Mapping[str, int] | None = None,
) -> Path:
    """Write a folder as `aoj exports write` does, with a few files, and return it."""
    _, region, wave, _ = name.split("_")
    privacy = PRIVACY | {"wave": wave, "region": region, "rows": rows}
    privacy |= {"open_text": dict(open_text)} if open_text else {}
    limits = {
        "format": 1,
        "cut": [],
        "left_out": [{"file": "data/responses.sav", "nl": "geen pyreadstat", "en": "no pyreadstat"}],
    }
    files = {
        "README.md": b"# A bundle\n",
        "data/responses.csv": b"region,overleg\r\n" + b"rijnmeer,1\r\n" * rows,
        "metadata/codebook.html": b"<!doctype html><title>codeboek</title>",
        "reports/limits.json": json.dumps(limits).encode(),
        "reports/privacy.html": b"<!doctype html><title>privacyrapport</title><style>p{}</style>",
        "reports/privacy.json": json.dumps(privacy).encode(),
        "reports/response.json": json.dumps(TABLE).encode(),
        **(more or {}),
    }
    place = folder / name
    for path, content in files.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(content)
    lines = [f"{sha256(content).hexdigest()}  {path}\n" for path, content in sorted(files.items())]
    (place / "checksums.sha256").write_text("".join(lines))
    return place


def make_opened(region: str = "rijnmeer", wave: str = "2026") -> ParticipationFacts:
    """Store a participation whose box was opened."""
    with db.write() as connection:
        make_participation(connection, wave_code=wave, region_code=region, status="opened")
        facts = find_participation(connection, wave, region)
        connection.execute(
            insert(Stratum).values(participation_id=facts.id, code="ib", roles="ib", invited=20, answered=12)
        )
        counts = {"invited": 20, "delivered": 19, "started": 0, "done": 12}
        connection.execute(insert(FinalCount).values(participation_id=facts.id, role="ib", **counts))
        return facts


def release(facts: ParticipationFacts, place: Path, now: datetime = MOMENT) -> ReleaseFacts:
    """Release a bundle and return it."""
    with db.write() as connection:
        record_release(connection, facts, read_bundle(place), now)
        found = find_release(connection, place.name)
    assert found
    return found
