"""Group links: a page that says what it is about, and a start without name or mail.

A GET changes nothing. Starting is a POST; its form carries a random id, so a double tap starts once.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from aoj_survey.db import db
from aoj_survey.interview import Path, count_questions, minutes, widest_path
from aoj_survey.invitations import (
    YOUTH_ROLES,
    Consent,
    GroupFacts,
    StartSecrets,
    StretchedCode,
    add_start,
    clean_token,
    count_starts,
    derive_handle,
    derive_start,
    find_group,
    find_invitation,
    hold_group,
    make_start_id,
    read_consent,
    stretch_code,
)
from aoj_survey.questionnaire import Instrument, find_context
from aoj_survey.responses import read_draft
from aoj_survey.waves import hold_running, label_role, read_shown_instrument

from .budget import Budgets
from .language import current_language, list_languages, list_spoken, speak
from .links import Link, keep_link
from .texts import mark_language, write_block, write_line, write_plain
from .visits import TurnedAwayError, installation

groups = Blueprint("groups", __name__, template_folder="templates")

STARTS_A_MINUTE = 60
"""Per link, or as many as it has people: a hall full of people may start at once."""

Refusal = Literal["not_open", "stopped", "full", "busy"]
STATUS: dict[Refusal, int] = {"not_open": 200, "stopped": 410, "full": 503, "busy": 429}


@groups.record_once
def _give_budget(state: BlueprintSetupState) -> None:
    state.app.extensions["aoj_start_budgets"] = Budgets(timedelta(minutes=1))


@dataclass(frozen=True, slots=True)
class GroupVisit:
    """Who opened a group link, with the questionnaire of each of its roles and the language to show them in."""

    token: str
    group: GroupFacts
    instruments: dict[str, Instrument]
    consent: Consent | None
    language: str

    @property
    def first(self) -> Instrument:
        """The questionnaire of the role with most people; its title and purpose are shown."""
        return self.instruments[self.group.roles[0].role]

    @property
    def widest(self) -> Path:
        """All that the role with the longest questionnaire may be asked."""
        region, kinds = self.group.participation.region, installation().hooks.kinds
        paths = [
            widest_path(one, find_context(role, region), kinds) for role, one in self.instruments.items()
        ]
        return max(paths, key=lambda path: minutes(path.pages))


class ShutGroupError(Exception):
    """A group link by which nobody can start now; the page of its reason is shown instead."""

    def __init__(self, reason: Refusal, group: GroupFacts) -> None:
        super().__init__(reason)
        self.reason: Refusal = reason
        self.group = group


@groups.app_errorhandler(ShutGroupError)
def show_shut(shut: ShutGroupError) -> tuple[str, int]:
    """The page that says why nobody can start by a link, and what to do."""
    facts = shut.group.participation
    page = render_template("groups/shut.html", reason=shut.reason, group=shut.group, participation=facts)
    return page, STATUS[shut.reason]


def open_group(connection: Connection, typed: str) -> GroupVisit:
    """Return a visit by a group link that may start now; the page speaks its language from here.

    Raises:
        TurnedAwayError: the link is not known, the fieldwork is over, or it is for young people and nobody
            recorded yet that their parents know of it.
        ShutGroupError: it is not open yet, or stopped.
    """
    token = clean_token(typed)
    group = find_group(connection, token) if token else None
    if token is None or group is None:
        raise TurnedAwayError("unknown")
    facts, young = group.participation, group.is_for_youth
    speak(choose_language(list_spoken(), current_language()), to_youth=young)
    phase = facts.phase(installation().now())
    if phase == "closed":
        raise TurnedAwayError("closed", facts)
    digests = {role.role: role.instrument_digest for role in group.roles if role.instrument_digest}
    if phase == "not_open" or not digests:
        raise ShutGroupError("not_open", group)
    if group.stopped:
        raise ShutGroupError("stopped", group)
    needs_consent = not YOUTH_ROLES.isdisjoint(digests)
    consent = read_consent(connection, facts.id) if needs_consent else None
    if needs_consent and consent is None:
        raise TurnedAwayError("youth", facts)
    instruments = {
        role: read_shown_instrument(connection, facts.id, digest) for role, digest in digests.items()
    }
    offered = instruments[group.roles[0].role].languages
    language = choose_language(offered, request.accept_languages.best_match(offered) or offered[0])
    speak(language, to_youth=young)
    return GroupVisit(token, group, instruments, consent, language)


def choose_language(offered: tuple[str, ...], other: str) -> str:
    """Return the language that the address or the form asks for if it is offered, else the other."""
    asked = request.values.get("lang", "")
    return asked if asked in offered else other


def show_group(visit: GroupVisit, *, faulty: bool = False) -> str:
    """Return the welcome page of a group link."""
    language, most = visit.language, visit.widest
    facts = visit.group.participation
    labels = [
        (role, write_line(label_role(instrument, role), language))
        for role, instrument in visit.instruments.items()
    ]
    return render_template(
        "groups/welcome.html",
        **_frame(visit),
        participation=facts,
        group=visit.group,
        consent=visit.consent,
        title=write_line(visit.first.title, language),
        title_plain=write_plain(visit.first.title, language),
        purpose=write_block(visit.first.purpose, language),
        roles=labels,
        minutes=minutes(most.pages),
        questions=count_questions(most.pages),
        themes=len(most.themes),
        start=make_start_id(),
        faulty=faulty,
    )


def _frame(visit: GroupVisit) -> dict[str, Any]:
    """What the frame of a page in the language of the questionnaire needs."""
    return {
        "token_value": visit.token,
        "language": visit.language,
        "reading": visit.language,
        "ours": mark_language(current_language(), visit.language),
        "languages": list_languages(visit.first.languages, visit.language),
    }


@groups.get("/g/<token>")
def show_welcome(token: str) -> str:
    """What this is about, how long it takes and what happens with answers; changes nothing."""
    with db.read() as connection:
        visit = open_group(connection, token)
    return show_group(visit)


@groups.post("/g/<token>/start")
def start(token: str) -> AnyResponse | tuple[str, int]:
    """Start: make an invitation of nobody known, hand the browser its link, and show the code to come back."""
    with db.read() as connection:
        visit = open_group(connection, token)
    role = _find_role(visit)
    if role is None:
        return show_group(visit, faulty=True), 422
    start_id = clean_token(request.form.get("start", ""))
    fresh = redirect(url_for("groups.show_welcome", token=visit.token, lang=visit.language), 303)
    if start_id is None:
        return fresh
    _spend_start(visit.group)
    secrets = derive_start(visit.token, start_id)
    # Before the transaction: stretching takes long enough to keep others waiting.
    code = stretch_code(installation().keys.secret(), secrets.code)
    with db.write() as connection:
        if not begin(connection, visit.group, role, secrets, code):
            return fresh
    link = Link(derive_handle(secrets.token), secrets.token, visit.language, secrets.code)
    response = redirect(url_for("codes.show_code", handle=link.handle), 303)
    keep_link(response, installation().settings, link)
    return response


def _find_role(visit: GroupVisit) -> str | None:
    """The role that was chosen, or the only one there is."""
    chosen = request.form.get("role", "")
    if len(visit.instruments) == 1:
        return next(iter(visit.instruments))
    return chosen if chosen in visit.instruments else None


def _spend_start(group: GroupFacts) -> None:
    budgets: Budgets = current_app.extensions["aoj_start_budgets"]
    now = installation().now()
    budget = budgets.of(group.id, max(STARTS_A_MINUTE, group.people))
    if budget.is_spent(now):
        raise ShutGroupError("busy", group)
    budget.spend(now)


def begin(
    connection: Connection, group: GroupFacts, role: str, secrets: StartSecrets, code: StretchedCode
) -> bool:
    """Start once per form, in a write transaction; return False when this form's start was used already.

    Raises:
        TurnedAwayError: the fieldwork is over.
        ShutGroupError: the link was stopped, or started as often as it may be.
    """
    facts = group.participation
    if not hold_running(connection, facts.id):
        raise TurnedAwayError("closed", facts)
    is_going = hold_group(connection, group.id)
    known = find_invitation(connection, secrets.token)
    if known is not None:
        # A page kept by a shared computer must not lead the next person to the answers of the one before.
        return known.status == "open" and read_draft(connection, secrets.token, facts.id) is None
    if not is_going:
        raise ShutGroupError("stopped", group)
    if count_starts(connection, group.id) >= group.most_starts:
        raise ShutGroupError("full", group)
    add_start(connection, group, role, secrets.token, code)
    return True
