"""Error pages, in the same frame as all others."""

from typing import TypeAlias

from flask import Flask, Response, current_app, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from aoj_survey.errors import BusyError, PluginError, ReleaseError

from .files import explain_changed_file
from .frame_words import say_too_large
from .logs import describe_fault
from .problems import is_for_programs, make_problem
from .rights import explain_lack_of_right

Shown: TypeAlias = tuple[str, int] | Response


def join_errors(app: Flask) -> None:
    """Show every error as a page; an unforeseen one is logged without what it was about."""
    app.register_error_handler(CSRFError, show_stale_form)
    app.register_error_handler(HTTPException, show_refusal)
    app.register_error_handler(BusyError, show_busy)
    app.register_error_handler(PluginError, show_module_fault)
    app.register_error_handler(ReleaseError, show_release_fault)
    app.register_error_handler(Exception, show_fault)


def show_error(title: str, text: str, status: int) -> tuple[str, int]:
    """Return an error page with its status."""
    return render_template("pages/error.html", title=title, text=text), status


def show_stale_form(error: CSRFError) -> tuple[str, int]:
    """A form without a valid token."""
    del error
    text = gettext(
        "Go back, load the page again and try once more. Does it keep happening? "
        "Then allow cookies for this website."
    )
    return show_error(gettext("This form could not be checked"), text, 400)


def show_refusal(error: HTTPException) -> Shown:
    """Any error of HTTP: a page, or JSON where a program asked."""
    if is_for_programs():
        return _add_headers(make_problem(error.code or 500), error)
    return show_refusal_page(error.code or 500)


def show_refusal_page(code: int) -> tuple[str, int]:
    """The page of an error of HTTP."""
    if code == 403:  # noqa: PLR2004
        return show_error(*explain_lack_of_right(), code)
    if code == 404:  # noqa: PLR2004
        title = gettext("We do not know this page")
        return show_error(title, gettext("Check whether you have copied the whole address."), code)
    if code == 405:  # noqa: PLR2004
        title = gettext("This cannot be done here")
        return show_error(title, gettext("Open the link from your mail again."), code)
    if code == 413:  # noqa: PLR2004
        title = gettext("You have sent too much at once")
        text = gettext("Go back and make your text shorter.")
        if request.max_content_length != current_app.config["MAX_CONTENT_LENGTH"]:
            text = say_too_large()
        return show_error(title, text, code)
    if code == 429:  # noqa: PLR2004
        title = gettext("One moment")
        text = gettext("You have opened this page too often. Try again in five minutes.")
        return show_error(title, text, code)
    title = gettext("This could not be done")
    return show_error(title, gettext("Go back and try once more."), code)


def show_busy(error: BusyError) -> Shown:
    """A form that could not be written now; the pages of questions keep what was filled in themselves."""
    del error
    if is_for_programs():
        return make_problem(503)
    text = gettext("Nothing was changed. Go back, wait a minute and try once more.")
    return show_error(gettext("It is busy here"), text, 503)


def show_module_fault(error: PluginError) -> tuple[str, int]:
    """A region module that failed over an answer; the answer was kept before."""
    # The error says place and kind only: what modules are asked about are answers.
    current_app.logger.error("%s failed: %s", request.endpoint, error)
    text = gettext("Your answers are kept, those on this page too. Open your link again to go on.")
    return show_error(gettext("Something is wrong on our side"), text, 500)


def show_release_fault(error: ReleaseError) -> Shown:
    """A released file that is not as it was released: the log tells the administrator what to do."""
    current_app.logger.error("%s hands out nothing: %s", request.endpoint, error)
    if is_for_programs():
        return make_problem(500)
    return show_error(gettext("Something is wrong on our side"), explain_changed_file(), 500)


def show_fault(error: Exception) -> Shown:
    """An error nobody foresaw. Answers up to the previous page are kept, since each page is one transaction."""
    current_app.logger.error("%s failed: %s", request.endpoint, describe_fault(error))
    if is_for_programs():
        return make_problem(500)
    text = gettext(
        "Your answers up to the previous page are kept. Try again in a few minutes with the same link."
    )
    return show_error(gettext("Something is wrong on our side"), text, 500)


def _add_headers(response: Response, error: HTTPException) -> Response:
    """Keep what HTTP itself tells with an error: which methods there are, how long a file is."""
    for name, value in error.get_headers(request.environ):
        if name in {"Allow", "Content-Range"}:
            response.headers[name] = value
    return response
