"""From two approvals on the page to a file that a program pulls; only worker and commands read a key."""

import csv
from pathlib import Path

from aoj_survey.accounts import add_account
from aoj_survey.app import create_app
from aoj_survey.config import load_settings
from aoj_survey.db import db
from aoj_survey.worker import run_once
from tests.conftest import FixedClock
from tests.responses.boxes import close, fill_box, reread
from tests.staging import start_wave
from tests.web.browsing import Browser, log_in

from .conftest import Aoj

PAGE = "/coordinator/2026/rijnmeer/opening"


def test_two_accounts_approve_the_worker_opens_and_an_analyst_pulls_what_was_released(
    aoj: Aoj, instance: Path, clock: FixedClock
) -> None:
    app = create_app(load_settings(instance))
    installation = app.extensions["aoj"]
    with app.app_context():
        facts = start_wave(installation.keys, clock(), {"ib": 14})
        fill_box(installation.keys, facts, clock(), 12)
        close(facts, clock())
        with db.write() as connection:
            tokens = {
                name: add_account(connection, name, [right])[1]
                for name, right in (
                    ("Verzonnen Een", "approve"),
                    ("Verzonnen Twee", "approve"),
                    ("Verzonnen Drie", "download"),
                )
            }
        analyst = Browser(app, token=tokens["Verzonnen Drie"])
        for name, button in (
            ("Verzonnen Een", "Geef akkoord om te openen"),
            ("Verzonnen Twee", "Geef akkoord en open de bus"),
        ):
            person = log_in(app, tokens[name])
            assert button in person.get(PAGE).text
            assert person.post(PAGE, **({"open": "1"} if "open de bus" in button else {})).status_code == 303
        assert run_once(app)
        assert reread(facts.id).status == "opened"
        assert "<p>De bus is geopend.</p>" in person.get(PAGE).text
        written = aoj("exports", "write", "2026", "rijnmeer")
        assert written.exit_code == 0, written.output
        assert not installation.keys.has(facts.id, "box")
        assert analyst.get("/api/v1/releases").get_json() == {"releases": []}
        released = aoj("exports", "release", "2026", "rijnmeer")
        assert released.exit_code == 0, released.output
        (found,) = analyst.get("/api/v1/releases").get_json()["releases"]
        (place,) = [file["url"] for file in found["files"] if file["path"] == "data/responses.csv"]
        pulled = analyst.get(place).data.decode("utf-8-sig")
        assert len(list(csv.DictReader(pulled.splitlines()))) == 12
        assert Browser(app, token=tokens["Verzonnen Een"]).get(place).status_code == 403
        db.engine.dispose()
