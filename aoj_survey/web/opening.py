"""The page where two people approve the opening of the ballot box; the opening itself is no page's work."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from aoj_survey.accounts import COORDINATOR
from aoj_survey.db import db
from aoj_survey.responses import DELAY, approve_opening, count_ballots, list_approvals
from aoj_survey.tracking import read_overview
from aoj_survey.waves import Act, ParticipationFacts, record_act

from .coordinator import describe_status, find_place
from .language import local_moment
from .rights import find_visitor, needs_right
from .visits import installation

opening = Blueprint("opening", __name__, template_folder="templates")

BASE = "/coordinator/<wave>/<region>/opening"


@opening.get(BASE)
@needs_right("approve")
def show_opening(wave: str, region: str) -> str:
    """Where the opening stands: numbers after the close, what happens, who approved."""
    with db.read() as connection:
        facts = find_place(connection, wave, region)
        approvals = list_approvals(connection, facts.id)
        numbers = _read_numbers(connection, facts)
    visitor = find_visitor()
    return render_template(
        "opening/opening.html",
        participation=facts,
        status=describe_status(facts, installation().now()),
        numbers=numbers,
        approvals=[_say_name(name) for name in approvals],
        may_approve=may_be_approved(facts) and visitor is not None and visitor.name not in approvals,
        opens_at=local_moment(facts.closed_at + DELAY, facts.zone) if facts.closed_at else "",
    )


def _read_numbers(connection: Any, facts: ParticipationFacts) -> tuple[int, int] | None:
    """How many people sent answers and how many lie in the box, after the close; None when that may not be told."""
    if facts.status != "closed":
        return None
    overview = read_overview(connection, facts)
    return None if overview.too_small else (overview.total.done, count_ballots(connection, facts.id))


def _say_name(name: str) -> str:
    return gettext("Coordinator") if name == COORDINATOR.name else name


def may_be_approved(facts: ParticipationFacts) -> bool:
    """Whether an approval is asked for now: after the close, where two people decide."""
    return facts.status == "closed" and facts.approval == "two_people"


@opening.post(BASE)
@needs_right("approve")
def approve(wave: str, region: str) -> AnyResponse:
    """Keep the approval of who is logged in; a second one by the same person counts as one."""
    visitor = find_visitor() or abort(403)
    with db.write() as connection:
        facts = find_place(connection, wave, region)
        if may_be_approved(facts) and visitor.name not in list_approvals(connection, facts.id):
            approve_opening(connection, facts.id, visitor.name)
            record_act(connection, facts.id, Act(installation().now(), visitor.name, "opening_approved"))
    return redirect(url_for("opening.show_opening", wave=wave, region=region), 303)
