"""Pages for everybody, and the sign of life that machines ask for."""

from flask import Blueprint, Response, jsonify, render_template
from sqlalchemy.exc import SQLAlchemyError

from aoj_survey.db import db, is_up_to_date
from aoj_survey.invitations import read_note
from aoj_survey.preflight import WORKER_IS_LATE

from .accessibility import TESTED_ON, list_deviations, list_tested, list_untested
from .language import take_language
from .terms import list_abbreviations
from .visits import installation

pages = Blueprint("pages", __name__, template_folder="templates")


pages.before_request(take_language)


@pages.get("/")
def show_home() -> str:
    """What this website is."""
    return render_template("pages/home.html")


@pages.get("/privacy")
def show_privacy() -> str:
    """The privacy statement."""
    return render_template("pages/privacy.html", purge_days=installation().settings.purge_days)


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
def show_health() -> tuple[Response, int]:
    """Whether database, its migrations and the worker are well; 503 when one of them is not.

    A worker that was never seen is no fault yet: an installation may be waiting for its first start.
    """
    try:
        with db.read() as connection:
            heard = read_note(connection, "worker")
            current = is_up_to_date(connection)
    except SQLAlchemyError:
        return jsonify(database="down"), 503
    seconds = int((installation().now() - heard.at).total_seconds()) if heard else None
    worker = "never seen" if seconds is None else "late" if seconds > WORKER_IS_LATE else "ok"
    well = current and worker != "late"
    signs = jsonify(
        database="ok", migrations="ok" if current else "behind", worker=worker, worker_seconds=seconds
    )
    return signs, 200 if well else 503
