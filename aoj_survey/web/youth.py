"""What parents of young people know: recorded here by the coordinator, before any young person can start."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from aoj_survey.db import db
from aoj_survey.invitations import (
    AGES,
    LONGEST_NAME,
    LONGEST_TEXT,
    Consent,
    How,
    list_consent_faults,
    read_consent,
    record_consent,
)
from aoj_survey.waves import Act, ActCode, ParticipationFacts, record_act

from .coordinator import find_place, needs_password
from .visits import installation

youth = Blueprint("youth", __name__, template_folder="templates")

NO_AGE = -1
ACTS: dict[How, ActCode] = {"informed": "parents_informed", "permission": "parents_permitted"}
"""What the audit says of it."""


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as somebody filled it in."""

    how: str = ""
    age_from: str = ""
    age_to: str = ""
    text: str = ""
    recorded_by: str = ""

    def make_consent(self, today: date) -> Consent:
        """Return what the form records; what is no number becomes an age that cannot be."""
        age_to = _read_age(self.age_to) if self.age_to else None
        how = cast("How", self.how)
        return Consent(how, _read_age(self.age_from), self.text, self.recorded_by, today, age_to)


def _read_age(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < len("100") else NO_AGE


def word_faults(fields: tuple[str, ...]) -> dict[str, str]:
    """Return what to do about each field that cannot be as it is, as a sentence."""
    ages = {"first": AGES[0], "last": AGES[-1]}
    words = {
        "how": gettext("Choose what parents did"),
        "age_from": gettext("Fill in a lowest age from %(first)s to %(last)s", **ages),
        "age_to": gettext(
            "Fill in a highest age, up to %(last)s, that is not below the lowest age; or leave it empty",
            last=AGES[-1],
        ),
        "text": gettext("Say what parents were told, in at most %(most)s characters", most=LONGEST_TEXT),
        "recorded_by": gettext("Fill in your name, in at most %(most)s characters", most=LONGEST_NAME),
    }
    return {field: words[field] for field in fields}


def _may_record(facts: ParticipationFacts) -> bool:
    return facts.phase(installation().now()) != "closed"


def _show(
    facts: ParticipationFacts, recorded: Consent | None, typed: Typed, faults: tuple[str, ...] = ()
) -> str:
    return render_template(
        "coordinator/youth.html",
        participation=facts,
        recorded=recorded,
        typed=typed,
        faulty=bool(faults),
        faults=word_faults(faults),
        may_record=_may_record(facts),
    )


@youth.get("/coordinator/<wave>/<region>/youth")
@needs_password
def show_consent(wave: str, region: str) -> str:
    """What was recorded, and the form to record it anew."""
    with db.read() as connection:
        facts = find_place(connection, wave, region)
        recorded = read_consent(connection, facts.id)
    return _show(facts, recorded, Typed())


@youth.post("/coordinator/<wave>/<region>/youth")
@needs_password
def save_consent(wave: str, region: str) -> AnyResponse | tuple[str, int]:
    """Record it, in place of what was recorded before; after the close nothing is recorded."""
    typed = Typed(**{name: request.form.get(name, "").strip() for name in Typed.__dataclass_fields__})
    now = installation().now()
    with db.write() as connection:
        facts = find_place(connection, wave, region)
        consent = typed.make_consent(now.astimezone(facts.zone).date())
        faults = list_consent_faults(consent)
        if faults:
            return _show(facts, read_consent(connection, facts.id), typed, faults), 422
        if _may_record(facts):
            record_consent(connection, facts, consent)
            record_act(connection, facts.id, Act(now, "coordinator", ACTS[consent.how]))
    return redirect(url_for("youth.show_consent", wave=facts.wave, region=facts.region), 303)
