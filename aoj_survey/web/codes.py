"""Resume codes: shown to who started by a group link, and typed to come back."""

from datetime import timedelta

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response as AnyResponse

from aoj_survey.db import db
from aoj_survey.invitations import (
    clean_code,
    derive_handle,
    open_code,
    stretch_code,
    write_code,
)

from .budget import Budget
from .language import current_language, take_language
from .links import Link, keep_link
from .visits import find_visitor, installation

codes = Blueprint("codes", __name__, template_folder="templates")
codes.before_request(take_language)

WRONG_CODES, SPAN = 60, timedelta(minutes=5)
NO_CODE = "AAAAAAAAAAAA"
"""Stretched when nothing like a code was typed, so that an answer takes as long."""


@codes.record_once
def _give_budget(state: BlueprintSetupState) -> None:
    state.app.extensions["aoj_code_budget"] = Budget(WRONG_CODES, SPAN)


@codes.get("/v/<handle>/code")
def show_code(handle: str) -> AnyResponse | str:
    """The code to come back with, as long as this browser has the link."""
    with db.read() as connection:
        link, invitation = find_visitor(connection, handle)
    if not link.code or invitation.status == "done":
        return redirect(url_for("respondent.show_welcome", handle=handle), 303)
    return render_template(
        "groups/code.html",
        link=link,
        participation=invitation.participation,
        code=write_code(link.code),
    )


@codes.get("/code")
def ask_code() -> str:
    """The page on which a code is typed."""
    return render_template("groups/ask_code.html")


@codes.post("/code")
def use_code() -> AnyResponse | tuple[str, int]:
    """Lead whoever has a code back to the answers; too many wrong ones make everybody wait."""
    budget: Budget = current_app.extensions["aoj_code_budget"]
    now = installation().now()
    if budget.is_spent(now):
        abort(429)
    code = clean_code(request.form.get("code", "")[:100])
    stretched = stretch_code(installation().keys.secret(), code or NO_CODE)
    with db.read() as connection:
        token = open_code(connection, stretched)
    if code is None or token is None:
        budget.spend(now)
        return render_template("groups/ask_code.html", faulty=True), 422
    link = Link(derive_handle(token), token, current_language(), code)
    response = redirect(url_for("respondent.show_welcome", handle=link.handle), 303)
    keep_link(response, installation().settings, link)
    return response
