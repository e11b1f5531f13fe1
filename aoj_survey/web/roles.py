"""The role check: somebody says which role fits best, and gets the questions of that role."""

from dataclasses import replace

from flask import Blueprint, request
from werkzeug.wrappers import Response as AnyResponse

from aoj_survey.db import db
from aoj_survey.interview import carry_answers
from aoj_survey.invitations import correct_role, list_answering_roles
from aoj_survey.responses import keep_draft
from aoj_survey.waves import label_role, read_instrument

from .frames import go, show_in
from .texts import write_line
from .visits import Visit, open_visit

roles = Blueprint("roles", __name__, template_folder="templates")

OTHER = "other"
"""Sent for a role that is not among those of the wave."""


@roles.get("/v/<handle>/role")
def show_roles(handle: str) -> str:
    """The roles of this wave, to choose from."""
    with db.read() as connection:
        visit = open_visit(connection, handle)
        offered = list_answering_roles(connection, visit.participation.id)
    return _show(visit, offered)


@roles.post("/v/<handle>/role")
def save_role(handle: str) -> AnyResponse | str | tuple[str, int]:
    """Keep the role that was chosen, and the answers that its questionnaire asks for too."""
    chosen = request.form.get("role", "")
    with db.write() as connection:
        visit = open_visit(connection, handle, for_update=True, as_stored=True)
        offered = list_answering_roles(connection, visit.participation.id)
        if chosen in offered:
            after = read_instrument(connection, offered[chosen])
            correct_role(connection, visit.invitation.id, chosen)
            if visit.has_draft:
                kept = carry_answers(visit.draft.answers, visit.instrument, after, visit.kinds)
                draft = replace(visit.draft, answers=kept)
                keep_draft(connection, visit.link.token, visit.participation.id, draft)
        else:
            visit = open_visit(connection, handle)
    if chosen in offered:
        # From the check it leads on by itself to what the new role still asks.
        return go("show_check" if _find_way_back() else "show_welcome", visit)
    if chosen == OTHER:
        return _show(visit, offered, other=True)
    return _show(visit, offered, faulty=True), 422


def _show(visit: Visit, offered: dict[str, str], *, other: bool = False, faulty: bool = False) -> str:
    language = visit.link.language
    own = visit.invitation.role
    choices = [(role, write_line(label_role(visit.instrument, role), language)) for role in offered]
    return show_in(
        "role",
        visit,
        choices=choices,
        chosen=OTHER if other else own,
        own=dict(choices)[own],
        other=other,
        faulty=faulty,
        to=_find_way_back(),
    )


def _find_way_back() -> str | None:
    return "check" if request.args.get("to") == "check" else None
