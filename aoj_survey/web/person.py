"""One person of the list: the link again, another address, corrections, off the list. Alike for everyone."""

from collections.abc import Callable
from dataclasses import dataclass, fields
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
    LINKS_A_DAY,
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
from aoj_survey.waves import Act, ParticipationFacts, record_act

from .coordinator import find_place, needs_password
from .language import name_language
from .naming import name_kind, name_role
from .respondents import (
    ADDED,
    ASKED_LINK,
    CORRECTED,
    INELIGIBLE,
    MOVED,
    REMOVED,
    describe_mail,
    may_change,
    respondents,
)
from .visits import installation

BASE = "/coordinator/<wave>/<region>/people"
Answer = AnyResponse | tuple[str, int]


@dataclass(frozen=True, slots=True)
class TypedPerson:
    """A form about a person as somebody filled it in."""

    address: str = ""
    role: str = ""
    organisation: str = ""
    language: str = LANGUAGES[0]
    sector: str = ""
    municipality: str = ""
    swv: str = ""

    @property
    def row(self) -> FrameRow:
        """The same as a row of a list."""
        return FrameRow(
            self.address,
            self.role,
            self.organisation,
            self.language,
            self.sector,
            self.municipality,
            self.swv,
        )


def _read_typed(person: ListedPerson | None = None) -> TypedPerson:
    """What was typed; what the form does not hold stays as the list has it."""
    known = {
        field.name: getattr(person, field.name) if person else field.default for field in fields(TypedPerson)
    }
    return TypedPerson(**{name: request.form.get(name, str(value)).strip() for name, value in known.items()})


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a form: the field it is about, and what to do."""

    field: str
    words: str
    code: str = ""


def word_fault(error: ChangeError) -> Fault:
    """Return why a change cannot be made, in words, and at which field."""
    words = {
        "same": Fault("address", gettext("This is the address that is on the list already")),
        "listed": Fault(
            "address", gettext("This person is on the list already, with this role and organisation")
        ),
        "shared": Fault(
            "address",
            gettext(
                "This address is on the list with another role or organisation. Is this a second person? Then confirm that"
            ),
        ),
        "opted_out": Fault("address", gettext("This address wants no more mail")),
        "role_sent": Fault(
            "role", gettext("The invitation has gone out, so the role can no longer be changed")
        ),
        "role_unasked": Fault("role", gettext("Choose the role")),
        "role_missing": Fault("role", gettext("Choose the role")),
        "role_unknown": Fault("role", gettext("Choose the role")),
        "organisation_missing": Fault(
            "organisation", gettext("Fill in the organisation. It stands in the greeting of the mail")
        ),
        "too_long": Fault("organisation", gettext("Make this shorter, at most 200 characters")),
        "control": Fault(
            "organisation", gettext("There is an invisible character in a field. Type it again")
        ),
        "not_invited": Fault("link", gettext("The invitation has not gone out yet. It holds the link")),
        "waiting": Fault("link", gettext("The link is waiting to be sent again already")),
        "often": Fault(
            "link", gettext("The link was sent %(most)s times today. Try again tomorrow", most=LINKS_A_DAY)
        ),
        "not_running": Fault("link", gettext("The questionnaire is not open, so no link can be sent")),
        "closed": Fault(
            "address", gettext("The questionnaire is closed, so the list can no longer be changed")
        ),
    }
    other = Fault("address", gettext("Fill in a mail address, such as name@school.nl"))
    found = words.get(error.code, other)
    return Fault(found.field, found.words, error.code)


def _list_choices(connection: Connection, facts: ParticipationFacts) -> dict[str, list[tuple[str, str]]]:
    asked = find_asked(connection, facts.id)
    return {
        "roles": [(role, name_role(role)) for role in ROLES if role in asked],
        "kinds": [("", gettext("not known")), *((kind, name_kind(kind)) for kind in SECTORS)],
        "languages": [(code, name_language(code)) for code in LANGUAGES],
    }


def _go_to_list(facts: ParticipationFacts, done: str) -> AnyResponse:
    return redirect(url_for("respondents.show_people", wave=facts.wave, region=facts.region, done=done), 303)


def _record(connection: Connection, facts: ParticipationFacts, text: str) -> None:
    record_act(connection, facts.id, Act(installation().now(), "coordinator", text))


# Somebody new


@respondents.get(f"{BASE}/new")
@needs_password
def ask_person(wave: str, region: str) -> str:
    """The form to put somebody on the list."""
    with db.read() as connection:
        facts = find_place(connection, wave, region)
        return _show_new(connection, facts, TypedPerson())


@respondents.post(f"{BASE}/new")
@needs_password
def save_new(wave: str, region: str) -> Answer:
    """Put somebody on the list; the worker makes the link."""
    typed = _read_typed()
    confirmed = bool(request.form.get("confirmed"))
    try:
        with db.write() as connection:
            facts = find_place(connection, wave, region)
            add_person(connection, installation().keys, facts.id, typed.row, confirmed=confirmed)
            _record(connection, facts, ADDED)
    except ChangeError as error:
        with db.read() as connection:
            facts = find_place(connection, wave, region)
            return _show_new(connection, facts, typed, word_fault(error)), 422
    return _go_to_list(facts, "added")


def _show_new(
    connection: Connection, facts: ParticipationFacts, typed: TypedPerson, fault: Fault | None = None
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
        facts = find_place(connection, wave, region)
        return _show(connection, facts, _find(connection, facts, person))


def _show(
    connection: Connection,
    facts: ParticipationFacts,
    found: ListedPerson,
    typed: TypedPerson | None = None,
    fault: Fault | None = None,
) -> str:
    known = TypedPerson(**{field.name: str(getattr(found, field.name)) for field in fields(TypedPerson)})
    return render_template(
        "coordinator/person.html",
        participation=facts,
        person=found,
        role=name_role(found.role),
        kind=name_kind(found.sector),
        mail=describe_mail(found),
        typed=typed or known,
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
    text: str,
    done: str,
    act: Callable[[Connection, ParticipationFacts, ListedPerson, TypedPerson], None],
) -> Answer:
    """Carry out an act about somebody and come back to the page; a change that cannot be made changes nothing."""
    typed: TypedPerson | None = None
    try:
        with db.write() as connection:
            facts = find_place(connection, wave, region)
            found = _find(connection, facts, person)
            typed = _read_typed(found)
            act(connection, facts, found, typed)
            _record(connection, facts, text)
    except ChangeError as error:
        with db.read() as connection:
            facts = find_place(connection, wave, region)
            found = _find(connection, facts, person)
            return _show(connection, facts, found, typed, word_fault(error)), 422
    place = url_for("respondents.show_person", wave=wave, region=region, person=person, done=done)
    return redirect(place, 303)


@respondents.post(f"{BASE}/<uuid:person>/link")
@needs_password
def send_link(wave: str, region: str, person: UUID) -> Answer:
    """Have the link sent again: the same act for everyone."""

    def act(
        connection: Connection, facts: ParticipationFacts, _found: ListedPerson, _typed: TypedPerson
    ) -> None:
        # Days of mail are in UTC.
        ask_link_again(connection, facts.id, person, installation().now().date())

    return _change(wave, region, person, ASKED_LINK, "link", act)


@respondents.post(f"{BASE}/<uuid:person>/address")
@needs_password
def save_address(wave: str, region: str, person: UUID) -> Answer:
    """Give somebody another address."""
    confirmed = bool(request.form.get("confirmed"))

    def act(
        connection: Connection, facts: ParticipationFacts, _found: ListedPerson, typed: TypedPerson
    ) -> None:
        keys = installation().keys
        change_address(connection, keys, facts.id, person, typed.address, confirmed=confirmed)

    return _change(wave, region, person, MOVED, "address", act)


@respondents.post(f"{BASE}/<uuid:person>/correction")
@needs_password
def save_correction(wave: str, region: str, person: UUID) -> Answer:
    """Correct what the list says of somebody."""

    def act(
        connection: Connection, facts: ParticipationFacts, _found: ListedPerson, typed: TypedPerson
    ) -> None:
        correct_person(connection, installation().keys, facts.id, person, typed.row)

    return _change(wave, region, person, CORRECTED, "corrected", act)


# Off the list


@respondents.get(f"{BASE}/<uuid:person>/withdrawal")
@needs_password
def ask_withdrawal(wave: str, region: str, person: UUID) -> str:
    """What happens when somebody is taken off the list."""
    with db.read() as connection:
        facts = find_place(connection, wave, region)
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
        facts = find_place(connection, wave, region)
        found = _find(connection, facts, person)
        if reason not in {"ineligible", "removed"}:
            return _show_withdrawal(facts, found, faulty=True), 422
        withdraw_person(connection, facts.id, person, cast("Literal['ineligible', 'removed']", reason))
        _record(connection, facts, INELIGIBLE if reason == "ineligible" else REMOVED)
    return _go_to_list(facts, "withdrawn")
