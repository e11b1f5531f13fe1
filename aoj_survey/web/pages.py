"""Pages for everybody, and the sign of life that machines ask for."""

from flask import Blueprint, Response, jsonify, render_template
from sqlalchemy.exc import SQLAlchemyError

from aoj_survey.db import db
from aoj_survey.invitations import read_note

from .accessibility import TESTED_ON, list_deviations, list_tested, list_untested
from .language import take_language
from .terms import list_abbreviations
from .visits import installation

pages = Blueprint("pages", __name__, template_folder="templates")

WORKER_IS_LATE = 300
"""Seconds without a sign of life after which the worker is called late."""


pages.before_request(take_language)


@pages.get("/")
def show_home() -> str:
    """What this website is."""
    return render_template("pages/home.html")


@pages.get("/privacy")
def show_privacy() -> str:
    """The privacy statement."""
    return render_template("pages/privacy.html")


@pages.get("/accessibility")
def show_accessibility() -> str:
    """The accessibility statement, in the order of the Dutch government's model."""
    return render_template(
        "pages/accessibility.html",
        tested=list_tested(),
        untested=list_untested(),
        deviations=list_deviations(),
        tested_on=TESTED_ON,
    )


@pages.get("/abbreviations")
def show_abbreviations() -> str:
    """Abbreviations of the field."""
    return render_template("pages/abbreviations.html", terms=list_abbreviations())


@pages.get("/healthz")
def show_health() -> Response:
    """Whether the database answers (else 503), and how long ago the worker gave a sign of life."""
    try:
        with db.read() as connection:
            heard = read_note(connection, "worker")
    except SQLAlchemyError:
        response = jsonify(database="down")
        response.status_code = 503
        return response
    if heard is None:
        return jsonify(database="ok", worker="never seen", worker_seconds=None)
    seconds = int((installation().now() - heard.at).total_seconds())
    worker = "late" if seconds > WORKER_IS_LATE else "ok"
    return jsonify(database="ok", worker=worker, worker_seconds=seconds)
