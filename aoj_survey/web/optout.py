"""No more mail: a page with a button, and the one-click POST of mail programs (RFC 8058)."""

from flask import Blueprint, current_app, render_template, request
from flask.sansio.blueprints import BlueprintSetupState
from flask_wtf import CSRFProtect

from aoj_survey.db import db
from aoj_survey.invitations import YOUTH_ROLES, clean_token, find_opt_out, opt_out

from .language import current_language, speak
from .visits import TurnedAwayError, installation

optout = Blueprint("optout", __name__, template_folder="templates")


@optout.get("/o/<token>")
def ask(token: str) -> tuple[str, int]:
    """Ask whether somebody wants no more mail; changes nothing."""
    return _show("ask", token)


def end_mail(token: str) -> tuple[str, int]:
    """End all mail to the owner of this opt-out link."""
    # A mail program cannot have a form token; who knows the link may use it.
    if request.form.get("List-Unsubscribe") != "One-Click":
        csrf: CSRFProtect = current_app.extensions["csrf"]
        csrf.protect()
    clean = clean_token(token)
    if clean:
        with db.write() as connection:
            opt_out(connection, installation().keys, clean)
    return _show("done", token)


@optout.record_once
def _exempt(state: BlueprintSetupState) -> None:
    state.app.extensions["csrf"].exempt(end_mail)


optout.add_url_rule("/o/<token>", view_func=end_mail, methods=["POST"])


def _show(template: str, token: str) -> tuple[str, int]:
    clean = clean_token(token)
    with db.read() as connection:
        found = find_opt_out(connection, clean) if clean else None
    if found is None:
        raise TurnedAwayError("unknown")
    participation, role = found
    speak(current_language(), to_youth=role in YOUTH_ROLES)
    closed = participation.phase(installation().now()) == "closed"
    page = render_template(
        f"optout/{template}.html", participation=participation, token_value=clean, closed=closed
    )
    return page, 200
