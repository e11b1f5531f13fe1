"""One person of the list: the link again, another address, corrections, off the list. Alike for everyone."""

from collections.abc import Callable
from typing import Literal, cast
from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from aoj_survey.db import db
from aoj_survey.errors import ChangeError
from aoj_survey.invitations import (
    LANGUAGES,
    SECTORS,
    FrameRow,
    ListedPerson,
    add_person,
    ask_link_again,
    change_address,
    correct_person,
    find_asked,
    find_person,
    withdraw_person,
)
from aoj_survey.questionnaire import ROLES
from aoj_survey.regions import find_members
from aoj_survey.waves import Act, ActCode, ParticipationFacts, record_act

from .coordinator import find_list_place, needs_password
from .entries import EMPTY, Fault, read_typed, word_fault
from .language import name_language
from .naming import name_kind, name_role
from .respondents import describe_again, describe_mail, may_change, respondents
from .visits import installation

BASE = "/coordinator/<wave>/<region>/people"
Answer = AnyResponse | tuple[str, int]


def _list_choices(connection: Connection, facts: ParticipationFacts) -> dict[str, list[tuple[str, str]]]:
    asked = find_asked(connection, facts.id)
    members = find_members(connection, facts.region)
    return {
        "municipalities": [(name, name) for name in members.municipalities],
        "partnerships": [(name, name) for name in members.partnerships],
        "roles": [(role, name_role(role)) for role in ROLES if role in asked],
        "kinds": [("", gettext("not known")), *((kind, name_kind(kind)) for kind in SECTORS)],
        "languages": [(code, name_language(code)) for code in LANGUAGES],
    }


def _go_to_list(facts: ParticipationFacts, done: str) -> AnyResponse:
    return redirect(url_for("respondents.show_people", wave=facts.wave, region=facts.region, done=done), 303)


def _record(connection: Connection, facts: ParticipationFacts, code: ActCode) -> None:
    record_act(connection, facts.id, Act(installation().now(), "coordinator", code))


# Somebody new


@respondents.get(f"{BASE}/new")
@needs_password
def ask_person(wave: str, region: str) -> str:
    """The form to put somebody on the list."""
    with db.read() as connection:
        facts = find_list_place(connection, wave, region)
        return _show_new(connection, facts, EMPTY)


@respondents.post(f"{BASE}/new")
@needs_password
def save_new(wave: str, region: str) -> Answer:
    """Put somebody on the list; the worker makes the link."""
    typed = read_typed()
    confirmed = bool(request.form.get("confirmed"))
    try:
        with db.write() as connection:
            facts = find_list_place(connection, wave, region)
            add_person(connection, installation().keys, facts.id, typed, confirmed=confirmed)
            _record(connection, facts, "person_added")
    except ChangeError as error:
        with db.read() as connection:
            facts = find_list_place(connection, wave, region)
            return _show_new(connection, facts, typed, word_fault(error)), 422
    return _go_to_list(facts, "added")


def _show_new(
    connection: Connection, facts: ParticipationFacts, typed: FrameRow, fault: Fault | None = None
) -> str:
    return render_template(
        "coordinator/person_new.html",
        participation=facts,
        typed=typed,
        fault=fault,
        faulty=fault is not None,
        may_change=may_change(facts),
        **_list_choices(connection, facts),
    )


# Somebody on the list


def _find(connection: Connection, facts: ParticipationFacts, person: UUID) -> ListedPerson:
    try:
        return find_person(connection, installation().keys, facts.id, person)
    except ChangeError:
        abort(404)


@respondents.get(f"{BASE}/<uuid:person>")
@needs_password
def show_person(wave: str, region: str, person: UUID) -> str:
    """What the list says of somebody, and what can be changed."""
    with db.read() as connection:
        facts = find_list_place(connection, wave, region)
        return _show(connection, facts, _find(connection, facts, person))


def _show(
    connection: Connection,
    facts: ParticipationFacts,
    found: ListedPerson,
    typed: FrameRow | None = None,
    fault: Fault | None = None,
) -> str:
    return render_template(
        "coordinator/person.html",
        participation=facts,
        person=found,
        role=name_role(found.role),
        kind=name_kind(found.sector),
        mail=describe_mail(found),
        again=describe_again(found),
        typed=typed or found.row,
        fault=fault,
        faulty=fault is not None,
        may_change=may_change(facts),
        done=request.args.get("done", ""),
        **_list_choices(connection, facts),
    )


def _change(
    wave: str,
    region: str,
    person: UUID,
    code: ActCode,
    done: str,
    act: Callable[[Connection, ParticipationFacts, ListedPerson, FrameRow], None],
) -> Answer:
    """Carry out an act about somebody and come back to the page; a change that cannot be made changes nothing."""
    typed: FrameRow | None = None
    try:
        with db.write() as connection:
            facts = find_list_place(connection, wave, region)
            found = _find(connection, facts, person)
            typed = read_typed(found.row)
            act(connection, facts, found, typed)
            _record(connection, facts, code)
    except ChangeError as error:
        with db.read() as connection:
            facts = find_list_place(connection, wave, region)
            found = _find(connection, facts, person)
            return _show(connection, facts, found, typed, word_fault(error)), 422
    place = url_for("respondents.show_person", wave=wave, region=region, person=person, done=done)
    return redirect(place, 303)


@respondents.post(f"{BASE}/<uuid:person>/link")
@needs_password
def send_link(wave: str, region: str, person: UUID) -> Answer:
    """Have the link sent again: the same act for everyone."""

    def act(
        connection: Connection, facts: ParticipationFacts, _found: ListedPerson, _typed: FrameRow
    ) -> None:
        # Days of mail are in UTC.
        ask_link_again(connection, facts.id, person, installation().now().date())

    return _change(wave, region, person, "link_sent_again", "link", act)


@respondents.post(f"{BASE}/<uuid:person>/address")
@needs_password
def save_address(wave: str, region: str, person: UUID) -> Answer:
    """Give somebody another address."""
    confirmed = bool(request.form.get("confirmed"))

    def act(connection: Connection, facts: ParticipationFacts, _found: ListedPerson, typed: FrameRow) -> None:
        keys = installation().keys
        change_address(connection, keys, facts.id, person, typed.address, confirmed=confirmed)

    return _change(wave, region, person, "address_changed", "address", act)


@respondents.post(f"{BASE}/<uuid:person>/correction")
@needs_password
def save_correction(wave: str, region: str, person: UUID) -> Answer:
    """Correct what the list says of somebody."""

    def act(connection: Connection, facts: ParticipationFacts, _found: ListedPerson, typed: FrameRow) -> None:
        correct_person(connection, installation().keys, facts.id, person, typed)

    return _change(wave, region, person, "person_corrected", "corrected", act)


# Off the list


@respondents.get(f"{BASE}/<uuid:person>/withdrawal")
@needs_password
def ask_withdrawal(wave: str, region: str, person: UUID) -> str:
    """What happens when somebody is taken off the list."""
    with db.read() as connection:
        facts = find_list_place(connection, wave, region)
        return _show_withdrawal(facts, _find(connection, facts, person))


def _show_withdrawal(facts: ParticipationFacts, found: ListedPerson, *, faulty: bool = False) -> str:
    return render_template(
        "coordinator/withdrawal.html",
        participation=facts,
        person=found,
        role=name_role(found.role),
        faulty=faulty,
    )


@respondents.post(f"{BASE}/<uuid:person>/withdrawal")
@needs_password
def withdraw(wave: str, region: str, person: UUID) -> Answer:
    """Take somebody off the list; who is done stays done, which no page tells."""
    reason = request.form.get("reason", "")
    with db.write() as connection:
        facts = find_list_place(connection, wave, region)
        found = _find(connection, facts, person)
        if reason not in {"ineligible", "removed"}:
            return _show_withdrawal(facts, found, faulty=True), 422
        withdraw_person(connection, facts.id, person, cast("Literal['ineligible', 'removed']", reason))
        _record(connection, facts, "person_ineligible" if reason == "ineligible" else "person_removed")
    return _go_to_list(facts, "withdrawn")
