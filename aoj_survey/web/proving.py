"""The test mail: asked for, confirmed by its link, and what it opens: mail of the participation may go out."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from aoj_survey.config import find_address_fault
from aoj_survey.db import db
from aoj_survey.invitations import ask_proof, clean_token, confirm_proof, is_proof
from aoj_survey.waves import Act, ParticipationFacts, allow_sending

from .coordinator import find_place, needs_password
from .planning import Typed, allow_frame, render_schedule
from .readiness import read_readiness, word_finding
from .visits import installation

proving = Blueprint("proving", __name__, template_folder="templates")

BY = "coordinator"
LONGEST_REASON = 1000


def _leave(facts: ParticipationFacts) -> AnyResponse:
    return redirect(url_for("planning.show_schedule", wave=facts.wave, region=facts.region), 303)


@proving.post("/coordinator/<wave>/<region>/schedule/test")
@needs_password
def send_test(wave: str, region: str) -> AnyResponse | Response:
    """Ask the worker for a test mail to an address typed here; it is sealed, and emptied once the mail went out."""
    address, there = request.form.get("address", "").strip(), installation()
    now = there.now()
    with db.write() as connection:
        facts = find_place(connection, wave, region)
        if facts.phase(now) == "closed" or facts.sender == "region":
            return _leave(facts)
        if find_address_fault(address):
            faults = {"address": gettext("Fill in your own mail address, for example name@organisation.nl")}
            return allow_frame(render_schedule(connection, facts, Typed({"address": address}, faults)), 422)
        today = now.astimezone(facts.zone).date()
        ask_proof(connection, there.keys.contact(facts.id), facts.id, address, today)
    return _leave(facts)


@proving.post("/coordinator/<wave>/<region>/schedule/sending")
@needs_password
def allow(wave: str, region: str) -> AnyResponse | Response:
    """Let mail go out: after a confirmed test without faults, or else with a reason, which is kept."""
    reason, now = request.form.get("reason", "").strip(), installation().now()
    with db.write() as connection:
        facts = find_place(connection, wave, region)
        if facts.phase(now) == "closed" or facts.sending != "off" or facts.sender == "region":
            return _leave(facts)
        if not read_readiness(connection, facts).is_ready and not 0 < len(reason) <= LONGEST_REASON:
            most = gettext("Say why, in at most %(most)s characters", most=LONGEST_REASON)
            typed = Typed({"reason": reason}, {"reason": most})
            return allow_frame(render_schedule(connection, facts, typed), 422)
        overruled = Act(now, BY, "sending_overruled", {"words": reason})
        act = overruled if reason else Act(now, BY, "sending_allowed")
        allow_sending(connection, facts.id, act, reason)
    return _leave(facts)


@proving.get("/coordinator/<wave>/<region>/proof/<token>")
@needs_password
def ask_confirmation(wave: str, region: str, token: str) -> str:
    """Where the link of a test mail leads: a button, since mail scanners follow links too."""
    with db.read() as connection:
        facts = find_place(connection, wave, region)
        cleaned = clean_token(token)
        known = cleaned is not None and is_proof(connection, facts.id, cleaned)
    return render_template("planning/proof.html", participation=facts, known=known, token=token)


@proving.post("/coordinator/<wave>/<region>/proof/<token>")
@needs_password
def confirm(wave: str, region: str, token: str) -> AnyResponse | tuple[str, int]:
    """Keep that the test mail arrived; without faults mail may go out from now on."""
    now, cleaned = installation().now(), clean_token(token)
    with db.write() as connection:
        facts = find_place(connection, wave, region)
        if cleaned is None or not confirm_proof(connection, facts.id, cleaned):
            page = render_template("planning/proof.html", participation=facts, known=False, token=token)
            return page, 422
        readiness = read_readiness(connection, facts)
        if facts.sending == "off" and readiness.is_ready:
            allow_sending(connection, facts.id, Act(now, BY, "sending_allowed"))
    if readiness.faults and facts.sending == "off":
        faults = [word_finding(found) for found in readiness.faults]
        return render_template("planning/proof.html", participation=facts, arrived=True, found=faults), 200
    return _leave(facts)
