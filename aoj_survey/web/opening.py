"""The page where two people approve the opening of the ballot box and ask for it; the worker, which may read the key, opens."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from aoj_survey.accounts import COORDINATOR
from aoj_survey.db import db
from aoj_survey.responses import (
    DELAY,
    MINIMUM,
    approve_opening,
    count_ballots,
    hold_box,
    list_approvals,
    request_opening,
)
from aoj_survey.tracking import read_overview
from aoj_survey.waves import Act, ParticipationFacts, record_act

from .coordinator import describe_status, find_place
from .joins import describe_joins
from .language import local_moment
from .rights import find_visitor, needs_right
from .standing import describe_standing, may_be_approved, may_be_asked
from .visits import installation

opening = Blueprint("opening", __name__, template_folder="templates")

BASE = "/coordinator/<wave>/<region>/opening"


@opening.get(BASE)
@needs_right("approve")
def show_opening(wave: str, region: str) -> str:
    """Where the opening stands: numbers after the close, what happens, who approved."""
    visitor, now = find_visitor() or abort(403), installation().now()
    with db.read() as connection:
        facts = find_place(connection, wave, region)
        approvals = list_approvals(connection, facts.id)
        numbers = _read_numbers(connection, facts)
        standing = describe_standing(connection, facts, visitor.name, now)
        joins = describe_joins(connection, facts, whole=numbers is not None and numbers[1] >= MINIMUM)
    return render_template(
        "opening/opening.html",
        participation=facts,
        status=describe_status(facts, now),
        numbers=numbers,
        minimum=MINIMUM,
        approvals=[_say_name(name) for name in approvals],
        standing=standing,
        joins=joins,
        opens_at=local_moment(facts.closed_at + DELAY, facts.zone) if facts.closed_at else "",
    )


def _read_numbers(connection: Connection, facts: ParticipationFacts) -> tuple[int, int] | None:
    """How many people sent answers and how many lie in the box, after the close; None when that may not be told."""
    if facts.status != "closed" or facts.box_destroyed_at is not None:
        return None
    overview = read_overview(connection, facts)
    return None if overview.too_small else (overview.total.done, count_ballots(connection, facts.id))


def _say_name(name: str) -> str:
    return gettext("Coordinator") if name == COORDINATOR.name else name


@opening.post(BASE)
@needs_right("approve")
def approve(wave: str, region: str) -> AnyResponse:
    """Keep the approval of who is logged in, and ask the worker to open where the button said so.

    A second approval by the same person counts as one; what is asked twice, or by two at once, opens once.
    """
    visitor, now = find_visitor() or abort(403), installation().now()
    with db.write() as connection:
        hold_box(connection, find_place(connection, wave, region).id)
        facts = find_place(connection, wave, region)
        known = len(list_approvals(connection, facts.id))
        if may_be_approved(facts) and approve_opening(connection, facts.id, visitor.name) > known:
            record_act(connection, facts.id, Act(now, visitor.name, "opening_approved"))
        if request.form.get("open") and may_be_asked(connection, facts, now):
            request_opening(connection, facts, visitor.name, now)
    return redirect(url_for("opening.show_opening", wave=wave, region=region), 303)
