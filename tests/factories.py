"""One factory per model: stores a row with plausible values, those given excepted, and returns its key."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, insert, select

from aoj_survey.invitations import (
    Contact,
    Invitation,
    Invitee,
    Message,
    ServiceNote,
    hash_address,
    hash_person,
    seal_contact,
)
from aoj_survey.open_answers import OpenAnswer, OpenItem
from aoj_survey.regions import Region
from aoj_survey.responses import Approval, Ballot, Draft, Opening, Response
from aoj_survey.tracking import DailyCount
from aoj_survey.waves import (
    FinalCount,
    MailMoment,
    Participation,
    RoleInstrument,
    StoredCaptureClass,
    StoredInstrument,
    Stratum,
    Wave,
)

CONTACT_KEY = b"k" * 32
MOMENT = datetime(2026, 5, 4, 7, 0, tzinfo=UTC)


def _store(
    connection: Connection, model: Any, defaults: dict[str, Any], given: dict[str, Any]
) -> dict[str, Any]:
    values = {**defaults, **given}
    connection.execute(insert(model).values(**values))
    return values


def make_region(connection: Connection, **given: Any) -> str:
    code: str = _store(connection, Region, {"code": "rijnmeer", "name": "Rijnmeer"}, given)["code"]
    return code


def make_wave(connection: Connection, **given: Any) -> str:
    code: str = _store(connection, Wave, {"code": "2026"}, given)["code"]
    return code


def make_participation(connection: Connection, **given: Any) -> UUID:
    """Make the region and the wave too, where they are not there yet."""
    wave, region = given.get("wave_code", "2026"), given.get("region_code", "rijnmeer")
    if not connection.execute(select(Region).where(Region.code == region)).first():
        make_region(connection, code=region)
    if not connection.execute(select(Wave).where(Wave.code == wave)).first():
        make_wave(connection, code=wave)
    defaults = {
        "id": uuid4(),
        "wave_code": wave,
        "region_code": region,
        "name": "voorjaar 2026",
        "status": "running",
        "opens_at": datetime(2026, 5, 3, 22, 0, tzinfo=UTC),
        "closes_at": datetime(2026, 6, 5, 22, 0, tzinfo=UTC),
        "contact_mail": "monitor@rijnmeer.example",
        "contact_phone": "085 000 00 00",
        "sending": "confirmed",
        "box_public_key": b"p" * 32,
        "ballot_size": 1024,
    }
    identity: UUID = _store(connection, Participation, defaults, given)["id"]
    return identity


def make_mail_moment(connection: Connection, participation: UUID, **given: Any) -> None:
    defaults = {"participation_id": participation, "kind": "invitation", "at": MOMENT}
    _store(connection, MailMoment, defaults, given)


def make_instrument(connection: Connection, document: str, **given: Any) -> str:
    digest: str = _store(connection, StoredInstrument, {"digest": "0" * 64, "document": document}, given)[
        "digest"
    ]
    return digest


def make_role_instrument(connection: Connection, participation: UUID, **given: Any) -> None:
    defaults = {"participation_id": participation, "role": "ib", "questionnaire": "widths", "edition": "1"}
    _store(connection, RoleInstrument, defaults, given)


def make_capture_class(connection: Connection, participation: UUID, **given: Any) -> None:
    defaults = {"participation_id": participation, "role": "ib", "class_code": "ib"}
    _store(connection, StoredCaptureClass, defaults, given)


def make_stratum(connection: Connection, participation: UUID, **given: Any) -> None:
    defaults = {
        "participation_id": participation,
        "code": "ib",
        "roles": "ib",
        "invited": 20,
        "answered": 10,
    }
    _store(connection, Stratum, defaults, given)


def make_final_count(connection: Connection, participation: UUID, **given: Any) -> None:
    defaults = {
        "participation_id": participation,
        "role": "ib",
        "invited": 20,
        "delivered": 20,
        "started": 12,
        "done": 10,
    }
    _store(connection, FinalCount, defaults, given)


def make_invitee(connection: Connection, participation: UUID, address: str = "", **given: Any) -> UUID:
    identity = uuid4()
    contact = Contact(address or f"post@{identity.hex}.example", "basisschool De Verzonnen Vuurtoren")
    defaults = {
        "id": identity,
        "participation_id": participation,
        "address_hash": hash_address(CONTACT_KEY, contact.address),
        "person_hash": hash_person(CONTACT_KEY, contact.address, "ib", contact.organisation),
        "contact": seal_contact(CONTACT_KEY, identity, contact),
        "language": "nl",
    }
    _store(connection, Invitee, defaults, given)
    return identity


def make_invitation(connection: Connection, participation: UUID, **given: Any) -> UUID:
    """Make an invitee too, unless one is given."""
    invitee = given.pop("invitee_id", None) or make_invitee(connection, participation)
    defaults = {
        "id": uuid4(),
        "participation_id": participation,
        "invitee_id": invitee,
        "role": "ib",
        "token_hash": uuid4().bytes * 2,
        "optout_hash": uuid4().bytes * 2,
    }
    identity: UUID = _store(connection, Invitation, defaults, given)["id"]
    return identity


def make_message(connection: Connection, participation: UUID, invitation: UUID, **given: Any) -> None:
    defaults = {"participation_id": participation, "invitation_id": invitation, "kind": "invitation"}
    _store(connection, Message, defaults, given)


def make_service_note(connection: Connection, **given: Any) -> None:
    _store(connection, ServiceNote, {"name": "worker", "at": MOMENT, "text": ""}, given)


def make_draft(connection: Connection, participation: UUID, **given: Any) -> None:
    defaults = {"id": uuid4(), "participation_id": participation, "ciphertext": b"x" * 4125}
    _store(connection, Draft, defaults, given)


def make_ballot(connection: Connection, participation: UUID, **given: Any) -> None:
    defaults = {"id": uuid4(), "participation_id": participation, "ciphertext": b"x" * 1081}
    _store(connection, Ballot, defaults, given)


def make_response(connection: Connection, participation: UUID | None, **given: Any) -> None:
    content = '{"answers":{},"format":1,"instruments":[]}'
    defaults = {"id": uuid4(), "participation_id": participation, "stratum": "ib", "content": content}
    _store(connection, Response, defaults, given)


def make_open_answer(connection: Connection, participation: UUID | None, **given: Any) -> UUID:
    defaults = {
        "id": uuid4(),
        "participation_id": participation,
        "item": "beter",
        "text": "meer tijd",
        "marks": '{"format":1,"marks":[]}',
    }
    identity: UUID = _store(connection, OpenAnswer, defaults, given)["id"]
    return identity


def make_open_item(connection: Connection, participation: UUID | None, **given: Any) -> None:
    defaults = {
        "participation_id": participation,
        "item": "beter",
        "kept": 1,
        "unkept": 0,
        "names_sought": True,
    }
    _store(connection, OpenItem, defaults, given)


def make_approval(connection: Connection, participation: UUID, **given: Any) -> None:
    _store(connection, Approval, {"participation_id": participation, "person": "Verzonnen Een"}, given)


def make_opening(connection: Connection, participation: UUID, **given: Any) -> None:
    defaults = {"participation_id": participation, "opened_at": MOMENT, "responses": 10}
    _store(connection, Opening, defaults, given)


def make_daily_count(connection: Connection, participation: UUID, **given: Any) -> None:
    defaults = {
        "participation_id": participation,
        "day": date(2026, 5, 5),
        "roles": "ib",
        "invited": 20,
        "delivered": 19,
        "started": 5,
        "done": 3,
    }
    _store(connection, DailyCount, defaults, given)
