"""The list of people as coordinators see it: the state of the invitation's mail, never who took part."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from aoj_survey.db import db
from aoj_survey.disclosure import EXPECTED_PERCENT, RoleForecast
from aoj_survey.errors import KeyFileError
from aoj_survey.invitations import ListedPerson, list_people
from aoj_survey.tracking import read_forecast
from aoj_survey.waves import ParticipationFacts, list_acts

from .acts import describe_acts
from .areas import describe_areas
from .coordinator import Status, find_list_place, needs_password
from .naming import list_roles, name_group, name_role
from .visits import installation

respondents = Blueprint("respondents", __name__, template_folder="templates")

PAGE = 25
"""People on one page."""

ACTS_SHOWN = 30
LONGEST = 200


def describe_mail(person: ListedPerson) -> Status:
    """Return what became of somebody's invitation, in words."""
    if person.opted_out:
        return Status(gettext("wants no more mail"), "warn")
    words = {
        "waiting": Status(gettext("not sent yet")),
        "sent": Status(gettext("mail delivered"), "ok"),
        "failed": Status(gettext("mail not delivered"), "err"),
        "undelivered": Status(gettext("mail not delivered"), "err"),
        "uncertain": Status(gettext("not certain"), "warn"),
    }
    return words[person.mail]


def describe_again(person: ListedPerson) -> Status | None:
    """Return what became of the link when it was last sent again, in words; None when it never was."""
    words = {
        "waiting": Status(gettext("link sent again: on its way")),
        "sent": Status(gettext("link sent again: delivered"), "ok"),
        "failed": Status(gettext("link sent again: not delivered"), "err"),
        "undelivered": Status(gettext("link sent again: not delivered"), "err"),
        "uncertain": Status(gettext("link sent again: not certain"), "warn"),
    }
    return words[person.again] if person.again else None


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for in the list, and from which place on."""

    text: str = ""
    role: str = ""
    mail: str = ""
    start: int = 0

    def finds(self, person: ListedPerson) -> bool:
        """Whether a person fits."""
        words = f"{person.address} {person.organisation}".casefold()
        state = "opted_out" if person.opted_out else person.mail
        return (
            self.text.casefold() in words
            and self.role in {"", person.role}
            and self.mail in {"", "failed" if state == "undelivered" else state}
        )


def _read_search() -> Search:
    start = request.args.get("start", "0")
    return Search(
        session.get("sought", "") if "sought" in request.args else "",
        request.args.get("role", ""),
        request.args.get("mail", ""),
        int(start) if start.isascii() and start.isdigit() and len(start) < PAGE else 0,
    )


def _link(wave: str, region: str, search: Search) -> str:
    # What was typed goes along in the session: an address of a page may be kept in somebody's log.
    return url_for(
        "respondents.show_people",
        wave=wave,
        region=region,
        sought=1 if search.text else None,
        role=search.role or None,
        mail=search.mail or None,
        start=search.start or None,
    )


@dataclass(frozen=True, slots=True)
class PersonLine:
    """What the list says of somebody."""

    person: ListedPerson
    role: str
    mail: Status
    again: Status | None


@dataclass(frozen=True, slots=True)
class ForecastLine:
    """What is expected of a role, and how it will be shown."""

    name: str
    invited: int
    expected: int
    fate: Status


def describe_forecast(found: Sequence[RoleForecast]) -> list[ForecastLine]:
    """Return the privacy forecast in words."""
    return [
        ForecastLine(list_roles([item.role]), item.invited, item.expected, _describe_fate(item))
        for item in found
    ]


def _describe_fate(item: RoleForecast) -> Status:
    if item.fate == "apart":
        return Status(gettext("apart"), "ok")
    if item.fate == "group":
        return Status(gettext("together as %(group)s", group=name_group(item.group)), "warn")
    if item.fate == "joined":
        return Status(gettext("together with %(roles)s", roles=list_roles(item.together)), "warn")
    if item.fate == "total":
        return Status(gettext("only in the total"), "warn")
    return Status(gettext("probably too small"), "err")


def may_change(facts: ParticipationFacts) -> bool:
    """Whether the list of people can still be changed."""
    return facts.phase(installation().now()) != "closed"


@respondents.get("/coordinator/<wave>/<region>/people")
@needs_password
def show_people(wave: str, region: str) -> str:
    """The list, a page at a time, with the privacy forecast and what was done to the participation."""
    search = _read_search()
    with db.read() as connection:
        facts = find_list_place(connection, wave, region)
        forecast = read_forecast(connection, facts.id)
        acts = list_acts(connection, facts.id)
        areas = describe_areas(connection, facts)
        try:
            people = list_people(connection, installation().keys, facts.id)
        except KeyFileError:
            if facts.status not in {"closed", "opened", "lapsed"}:
                raise
            people = ()  # erased, as was promised
    found = [person for person in people if search.finds(person)]
    shown = found[search.start : search.start + PAGE]
    return render_template(
        "coordinator/people.html",
        participation=facts,
        search=search,
        total=len(people),
        found=len(found),
        lines=[
            PersonLine(person, name_role(person.role), describe_mail(person), describe_again(person))
            for person in shown
        ],
        roles=[(role, name_role(role)) for role in dict.fromkeys(person.role for person in people)],
        earlier=_link(wave, region, replace(search, start=max(0, search.start - PAGE)))
        if search.start
        else None,
        later=_link(wave, region, replace(search, start=search.start + PAGE))
        if len(found) > search.start + PAGE
        else None,
        forecast=describe_forecast(forecast),
        areas=areas,
        percent=EXPECTED_PERCENT,
        acts=describe_acts(acts[:ACTS_SHOWN], facts),
        may_change=may_change(facts),
        erased_on=facts.erased_on(installation().settings.purge_days),
        done=request.args.get("done", ""),
    )


@respondents.post("/coordinator/<wave>/<region>/people")
@needs_password
def search_people(wave: str, region: str) -> AnyResponse:
    """Keep what was typed for this browser, and show who fits."""
    given = request.form
    session["sought"] = given.get("text", "").strip()[:LONGEST]
    return redirect(
        _link(wave, region, Search(session["sought"], given.get("role", ""), given.get("mail", ""))), 303
    )
