"""Stopping for good: a page that says what it does, a POST that erases what was not sent, and a word after it."""

from flask import Blueprint, Response, make_response, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from aoj_survey.db import db
from aoj_survey.responses import delete_draft

from .frames import go, show, show_in
from .links import forget_link
from .visits import installation, open_visit

stopping = Blueprint("stopping", __name__, template_folder="templates")


@stopping.get("/v/<handle>/stop")
def ask(handle: str) -> AnyResponse | str:
    """What erasing does, with the button for it; changes nothing."""
    with db.read() as connection:
        visit = open_visit(connection, handle)
    return show_in("stop", visit) if visit.has_draft else go("show_welcome", visit)


@stopping.post("/v/<handle>/stop")
def erase(handle: str) -> AnyResponse:
    """Erase the draft. The invitation stays open and counts as begun, as it did."""
    with db.write() as connection:
        visit = open_visit(connection, handle, for_update=True)
        delete_draft(connection, visit.link.token)
    return redirect(url_for("stopping.show_erased", handle=handle), 303)


@stopping.get("/v/<handle>/erased")
def show_erased(handle: str) -> AnyResponse | Response:
    """That the answers are gone, and how to begin again; the browser forgets the link here."""
    with db.read() as connection:
        visit = open_visit(connection, handle)
    if visit.has_draft:
        return go("show_welcome", visit)
    response = make_response(show("erased", visit.link, visit.participation))
    forget_link(response, installation().settings, handle)
    return response
