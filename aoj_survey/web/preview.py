"""A live preview of a questionnaire that is being written: no database, no installation.

The author's page holds the problems, the file, and a frame as wide as a phone with the pages of `trial`.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, Response, redirect, render_template, request, url_for
from flask_wtf import CSRFProtect
from markupsafe import Markup, escape
from werkzeug.wrappers import Response as AnyResponse

from aoj_survey.errors import Problem
from aoj_survey.hooks import RegionHooks
from aoj_survey.questionnaire import CATALOGUE, label_text, role_label, say, universe
from aoj_survey.waves import ParticipationFacts

from .errors import join_errors
from .headers import CONTENT_SECURITY, join_headers
from .language import current_language, join_languages, name_language
from .logs import silence_access_logs
from .pages import pages
from .static import join_static
from .texts import write_line
from .trial import Preview, make_visit, pick, preview, respondent
from .visits import Visit
from .watching import Look, Sight, Watch
from .windows import last_open_day

author = Blueprint("author", __name__, template_folder="templates")

FRAMED = CONTENT_SECURITY.replace("frame-ancestors 'none'", "frame-ancestors 'self'") + "; frame-src 'self'"
WAVE_DAYS = 30
GRAVITY = ("error", "advice", "tip")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file, with the gravest level of what there is to say of it."""

    number: int
    text: str
    level: str


@dataclass(frozen=True, slots=True)
class Stop:
    """A page in the list to jump to; with these answers it is asked, or else only if `condition`."""

    code: str
    text: str
    is_open: bool
    condition: str


def make_preview(path: Path, look: Look, hooks: RegionHooks, now: datetime) -> Flask:
    """Return the application that previews a file; `look` inspects it, `hooks` are asked for its region.

    To be served on this machine only: other hosts are refused.
    """
    app = Flask("aoj_survey", static_folder=None)
    app.config.update(
        SECRET_KEY=secrets.token_bytes(32),
        # Cookies know no ports: another name than that of an installation on this machine.
        SESSION_COOKIE_NAME="preview",
        SESSION_COOKIE_SAMESITE="Strict",
        MAX_CONTENT_LENGTH=256 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.extensions["preview"] = Preview(Watch(path, look), hooks, invent_participation(hooks.region, now))
    silence_access_logs()
    app.before_request(refuse_other_hosts)
    join_languages(app)
    app.add_template_filter(last_open_day)
    join_headers(app, secure=False)
    app.after_request(allow_framing)
    join_static(app)
    join_errors(app)
    CSRFProtect(app)
    app.register_blueprint(author)
    app.register_blueprint(respondent)
    app.register_blueprint(pages, url_prefix="/pages")
    return app


def invent_participation(region: str, now: datetime) -> ParticipationFacts:
    """Return a participation that is open, for what pages say around the questions."""
    return ParticipationFacts(
        id=UUID(int=0),
        wave="preview",
        region=region,
        region_name=region.capitalize() or "…",
        time_zone="Europe/Amsterdam",
        name="preview",
        status="running",
        opens_at=now,
        closes_at=now + timedelta(days=WAVE_DAYS),
        closed_at=None,
        contact_mail="monitor@regio.example",
        contact_phone="085 000 00 00",
        approval="",
        box_public_key=b"",
        ballot_size=None,
        purge_on=None,
    )


def refuse_other_hosts() -> Response | None:
    """Refuse pages elsewhere whose name leads to this machine: the file is nobody else's."""
    if request.host.partition(":")[0] in {"127.0.0.1", "localhost"}:
        return None
    return Response("Open the preview at 127.0.0.1.", 400, mimetype="text/plain")


def allow_framing(response: Response) -> Response:
    """Let the page of the author hold a respondent's page in a frame, and ask whether the file changed."""
    response.headers.setdefault("Content-Security-Policy", FRAMED)
    return response


# The author's page


@author.get("/")
def show_file() -> str:
    """The file with what there is to say of it, and beside it what a respondent sees."""
    sight = preview().watch.see(current_language())
    instrument = sight.instrument
    shown: dict[str, Any] = {}
    if instrument:
        role = pick(request.args.get("role", ""), instrument.roles)
        language = pick(request.args.get("language", ""), instrument.languages)
        visit = make_visit(instrument, role, language)
        home = url_for("respondent.show_welcome", handle=visit.link.handle)
        shown = {
            "title": write_line(instrument.title, current_language()),
            "roles": [
                (code, say(role_label(instrument, code), current_language()), code == role)
                for code in instrument.roles
            ],
            "languages": [(code, name_language(code), code == language) for code in instrument.languages],
            "visit": visit,
            "address": home + preview().places.get(role, ""),
            "themes": list(list_stops(visit)),
            "not_checked": language in sight.unchecked,
        }
    return render_template(
        "preview/preview.html",
        sight=sight,
        file=preview().watch.path,
        write_code=write_code,
        # Of faults there are no other sentences.
        english_codes=CATALOGUE,
        faults=sum(problem.level == "error" for problem in sight.problems),
        lines=list_lines(sight, preview().watch.path),
        **shown,
    )


@author.get("/version")
def show_version() -> Response:
    """What changes when the file is saved."""
    return Response(preview().watch.see(current_language()).version, mimetype="text/plain")


@author.post("/again")
def forget_answers() -> AnyResponse:
    """Forget the answers of a role, to try another way through the questions."""
    role = request.form.get("role", "")
    preview().drafts.pop(role, None)
    preview().places.pop(role, None)
    return redirect(url_for("author.show_file", role=role, language=request.form.get("language")), 303)


def write_code(text: str) -> Markup:
    """Return a sentence about a file as HTML, with what stands between backticks as code."""
    parts = [escape(part) for part in text.split("`")]
    return Markup().join(
        Markup("<code>{}</code>").format(part) if place % 2 else part for place, part in enumerate(parts)
    )


def list_lines(sight: Sight, path: Path) -> list[Line]:
    """Return the lines of the file, each with the gravest level of its problems."""
    lines = sight.text.splitlines()
    levels: dict[int, str] = {}
    for problem in sorted(_list_own(sight, path), key=lambda found: GRAVITY.index(found.level), reverse=True):
        # A file that breaks off is at fault after its last line.
        levels[min(problem.line, len(lines))] = problem.level
    return [Line(number, text, levels.get(number, "")) for number, text in enumerate(lines, start=1)]


def _list_own(sight: Sight, path: Path) -> list[Problem]:
    return [problem for problem in sight.problems if problem.file == str(path) and problem.level in GRAVITY]


def list_stops(visit: Visit) -> Iterator[tuple[str, list[Stop]]]:
    """Yield the themes this role may be asked, with their pages and whether these are open now."""
    instrument, language = visit.instrument, current_language()
    opened = {page.code for page in visit.path.pages}
    for theme in visit.widest.themes:
        stops = [
            Stop(
                page.code,
                label_text(instrument, page.text or page.items[0].text, visit.link.language),
                page.code in opened,
                universe(instrument, page.items[0], language),
            )
            for page in theme.pages
        ]
        yield label_text(instrument, theme.title, visit.link.language), stops
