"""The coordinator's pages: counts per role, and where one logs in. Never a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import (
    Blueprint,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.sansio.blueprints import BlueprintSetupState
from flask_babel import gettext, ngettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from aoj_survey.db import db
from aoj_survey.errors import NotFoundError
from aoj_survey.invitations import are_alike, count_messages
from aoj_survey.regions import CODE
from aoj_survey.statistics import RateRow, Rates
from aoj_survey.tracking import Overview, read_overview, read_rates, read_series
from aoj_survey.waves import (
    KINDS,
    ParticipationFacts,
    find_participation,
    list_participations,
    read_moments,
)

from .budget import Budget
from .chart import draw_chart
from .language import full_day, local_moment, short_day
from .naming import list_roles, name_group, name_kind, name_roles
from .next_step import find_next_step
from .rights import admit, find_first_page, is_shut, needs_password, needs_right, visitor_sees
from .trouble import find_trouble
from .visits import installation
from .windows import last_open_day

TRIES, SPAN = 10, timedelta(minutes=5)

coordinator = Blueprint("coordinator", __name__, url_prefix="/coordinator", template_folder="templates")


@coordinator.record_once
def _give_budget(state: BlueprintSetupState) -> None:
    state.app.extensions["aoj_login_budget"] = Budget(TRIES, SPAN)


@coordinator.app_template_test("routed")
def is_routed(endpoint: str) -> bool:
    """Whether there is a page of this name."""
    return endpoint in current_app.view_functions


@coordinator.get("/login")
def ask_password() -> str:
    """The login page."""
    return render_template("coordinator/login.html", closed=is_shut())


@coordinator.post("/login")
def log_in() -> AnyResponse | tuple[str, int]:
    """Check the password or personal code; too many wrong ones make everybody wait."""
    budget: Budget = current_app.extensions["aoj_login_budget"]
    now = installation().now()
    if budget.is_spent(now):
        abort(429)
    if admit(request.form.get("password", "")):
        return redirect(url_for("coordinator.show_list"), 303)
    budget.spend(now)
    return render_template("coordinator/login.html", closed=is_shut(), wrong=True), 422


@coordinator.post("/logout")
def log_out() -> AnyResponse:
    """End the session."""
    session.clear()
    return redirect(url_for("coordinator.ask_password"), 303)


@coordinator.get("/")
@needs_right()
def show_list() -> AnyResponse | str:
    """The participations there are; a single one is shown at once."""
    page = find_first_page()
    with db.read() as connection:
        found = [facts for facts in list_participations(connection) if visitor_sees(facts.region)]
    if len(found) == 1 and page:
        return redirect(url_for(page, wave=found[0].wave, region=found[0].region), 303)
    now = installation().now()
    lines = [(facts, describe_status(facts, now)) for facts in found]
    return render_template("coordinator/list.html", lines=lines, page=page)


@dataclass(frozen=True, slots=True)
class Status:
    """A state in words with the tone of its tag."""

    text: str
    tone: str = ""


def describe_status(facts: ParticipationFacts, now: datetime) -> Status:
    """Return where a participation stands, in words."""
    if facts.status == "opened":
        return Status(gettext("The ballot box is open"))
    if facts.phase(now) == "closed":
        never = facts.status in {"planned", "lapsed"}
        closed = gettext("Closed on %(day)s", day=full_day(last_open_day(facts)))
        return Status(gettext("Not started") if never else closed)
    if facts.status == "planned":
        return Status(gettext("Draft · not started yet"))
    if facts.phase(now) == "not_open":
        return Status(gettext("Opens on %(day)s", day=short_day(facts.first_day)))
    days = (facts.last_day - now.astimezone(facts.zone).date()).days
    if days == 0:
        return Status(gettext("Open · today is the last day"), "ok")
    text = ngettext(
        "Open · %(num)s day left, until %(day)s",
        "Open · %(num)s days left, until %(day)s",
        days,
        day=short_day(facts.last_day),
    )
    return Status(text, "ok")


ENDED = ("closed", "opened")

MAIL_STATES = {"sent": ("sent",), "failed": ("failed", "undelivered"), "uncertain": ("uncertain",)}
"""States of mail shown as counts; how many are still due would follow who is done from hour to hour."""


@dataclass(frozen=True, slots=True)
class MailLine:
    """What is shown of a kind of mail: how many, by state, or only when it goes out."""

    kind: str
    counts: dict[str, int] | None = None
    moment: str = ""


def may_count(kind: str, facts: ParticipationFacts, overview: Overview, *, alike: bool) -> bool:
    """Whether mails of a kind are shown as counts.

    Who is done gets no reminder, so a count that does or does not grow tells about somebody added late; and
    one that stands beside the daily counts about who was not to be reminded at all, unless all were `alike`.
    """
    return kind == "invitation" or (facts.status in ENDED and alike and not overview.too_small)


def describe_mails(
    facts: ParticipationFacts,
    overview: Overview,
    found: Mapping[tuple[str, str], int],
    moments: Mapping[str, datetime],
    now: datetime,
    *,
    alike: bool,
) -> list[MailLine]:
    """Return a line per kind of mail; none when the mails were erased with the list of people."""
    lines: list[MailLine] = []
    for kind in KINDS if found else ():
        if may_count(kind, facts, overview, alike=alike):
            counts = {
                name: sum(found.get((kind, state), 0) for state in states)
                for name, states in MAIL_STATES.items()
            }
            lines.append(MailLine(kind, counts))
        elif facts.phase(now) != "closed":
            moment = local_moment(moments[kind], facts.zone)
            words = gettext("planned for %(moment)s", moment=moment)
            if moments[kind] <= now:
                words = gettext("going out since %(moment)s", moment=moment)
            lines.append(MailLine(kind, moment=words))
        elif facts.status in ENDED and not overview.too_small:
            lines.append(MailLine(kind, moment=gettext("not shown: it could tell who took part")))
    return lines


def find_place(connection: Connection, wave: str, region: str) -> ParticipationFacts:
    """Return the participation of an address; a page that is not there (404) when there is none."""
    if not (CODE.fullmatch(wave) and CODE.fullmatch(region)):
        abort(404)
    try:
        return find_participation(connection, wave, region)
    except NotFoundError:
        abort(404)


def find_list_place(connection: Connection, wave: str, region: str) -> ParticipationFacts:
    """Return the same where there is a list of people; a region that mails itself has none, which a page says."""
    facts = find_place(connection, wave, region)
    if facts.sender == "region":
        abort(make_response(render_template("coordinator/no_list.html", participation=facts), 404))
    return facts


def describe_rates(rates: Rates) -> list[tuple[str, list[tuple[str, RateRow]]]]:
    """Return the rows of rates by what they are of, each row with its name."""
    return [
        (gettext("per role"), [(list_roles(row.names), row) for row in rates.roles]),
        (gettext("per group"), [(name_group(row.names[0]), row) for row in rates.groups]),
        (
            gettext("per kind of organisation"),
            [(", ".join(name_kind(kind) for kind in row.names), row) for row in rates.kinds],
        ),
    ]


@coordinator.get("/<wave>/<region>")
@needs_password
def show_overview(wave: str, region: str) -> str:
    """The newest daily count per role and in total; live counts would tell who answered just now."""
    now = installation().now()
    with db.read() as connection:
        facts = find_place(connection, wave, region)
        overview = read_overview(connection, facts)
        # Of reminders nothing is counted before the close, and a count takes its time where the list is long.
        kinds = KINDS if facts.status in ENDED else KINDS[:1]
        found = count_messages(connection, facts.id, kinds)
        alike = facts.status in ENDED and are_alike(connection, facts.id)
        moments = read_moments(connection, facts.id)
        trouble = find_trouble(connection, facts, now)
        series = read_series(connection, facts, overview)
        rates = read_rates(connection, facts.id)
        step = find_next_step(connection, facts, moments, found, now)
    return render_template(
        "coordinator/overview.html",
        participation=facts,
        overview=overview,
        rows=[(name_roles(row.roles), row) for row in overview.rows],
        status=describe_status(facts, now),
        step=step,
        trouble=trouble,
        mails=describe_mails(facts, overview, found, moments, now, alike=alike),
        returned=sum(found.get(("invitation", state), 0) for state in MAIL_STATES["failed"]),
        chart=draw_chart(facts, series, overview.total.invited, moments, now),
        rates=rates,
        rates_shown=describe_rates(rates),
        open=facts.phase(now) == "open",
    )
