"""Test mails: the invitation to the coordinator's own address, confirmed by a link of its own.

A page asks for one; the worker sends it, at most once, and empties its address then.
"""

import re
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from uuid import UUID, uuid4

from babel.support import Translations
from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from aoj_survey.config import CATALOGUES, Settings, find_address_fault
from aoj_survey.db import db
from aoj_survey.errors import AojError, StateError
from aoj_survey.hooks import Hooks, load_hooks
from aoj_survey.installation import Clock
from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import Participation, ParticipationFacts, list_asked_roles, read_participation

from .contacts import Contact, open_contact, seal_contact
from .examples import Example, write_example
from .line import Line, Parcel
from .links import derive_token, hash_token
from .models import ProofMail
from .wire import WrittenMail

REFUSED = "The mail server refuses this address."
BODY = re.compile(r"<body[^>]*>")


@dataclass(frozen=True, slots=True)
class Proof:
    """What became of the newest test mail: due, sent, failed or confirmed; `trouble` says why it failed."""

    state: str
    trouble: str
    made_on: date


def ask_proof(
    connection: Connection, contact_key: bytes, participation: UUID, address: str, today: date
) -> None:
    """Ask for a test mail to an address, in place of the one before; the worker sends it.

    Raises:
        StateError: it is no mail address.
    """
    if fault := find_address_fault(address):
        raise StateError(f"The address {fault}.")
    identity = uuid4()
    # Two coordinators who ask at once wait for each other, so that one test mail is left.
    connection.execute(select(Participation.id).where(Participation.id == participation).with_for_update())
    connection.execute(delete(ProofMail).where(ProofMail.participation_id == participation))
    connection.execute(
        insert(ProofMail).values(
            id=identity,
            participation_id=participation,
            token_hash=hash_token(_derive(contact_key, identity)),
            contact=seal_contact(contact_key, identity, Contact(address, "")),
            made_on=today,
        )
    )


def _derive(contact_key: bytes, proof: UUID) -> str:
    return derive_token(contact_key, "proof", proof, 0)


def read_proof(connection: Connection, participation: UUID) -> Proof | None:
    """Return the newest test mail of a participation, or None when nobody asked for one."""
    query = select(ProofMail.state, ProofMail.trouble, ProofMail.made_on)
    row = connection.execute(query.where(ProofMail.participation_id == participation)).one_or_none()
    return None if row is None else Proof(*row)


def is_proof(connection: Connection, participation: UUID, token: str) -> bool:
    """Return whether a link is that of the newest test mail."""
    query = select(ProofMail.id).where(*_place(participation, token))
    return connection.execute(query).first() is not None


def confirm_proof(connection: Connection, participation: UUID, token: str) -> bool:
    """Keep that the newest test mail arrived; return whether the link is that of it."""
    confirmed = connection.execute(
        update(ProofMail).where(*_place(participation, token)).values(state="confirmed")
    )
    return confirmed.rowcount == 1


def _place(participation: UUID, token: str) -> tuple[ColumnElement[bool], ...]:
    return (
        ProofMail.participation_id == participation,
        ProofMail.token_hash == hash_token(token),
        ProofMail.state.in_(("sent", "confirmed")),
    )


@dataclass(frozen=True, slots=True)
class _Due:
    id: UUID
    facts: ParticipationFacts
    address: str
    token: str


def send_proofs(now: Clock, keys: KeyDirectory, settings: Settings, hooks: Hooks | None = None) -> int:
    """Send the test mails that are asked for, each at most once; return how many the mail server took."""
    with db.read() as connection:
        waiting = connection.execute(select(ProofMail.id).where(ProofMail.state == "due")).scalars().all()
    line = Line(settings)
    sent = 0
    try:
        for proof in waiting:
            with db.write() as connection:
                due = _claim(connection, keys, proof)
            if due is None:
                continue
            trouble = _send(line, due, now, settings, hooks or load_hooks())
            sent += not trouble
            if trouble:
                with db.write() as connection:
                    connection.execute(
                        update(ProofMail).where(ProofMail.id == proof).values(state="failed", trouble=trouble)
                    )
    finally:
        line.hang_up()
    return sent


def _claim(connection: Connection, keys: KeyDirectory, proof: UUID) -> _Due | None:
    """Take a test mail in hand and empty its address; None when another worker was first.

    It counts as sent from here on: a worker that is killed now sends nothing, and the coordinator asks again.
    """
    query = select(ProofMail.participation_id, ProofMail.contact).where(
        ProofMail.id == proof, ProofMail.state == "due"
    )
    row = connection.execute(query.with_for_update()).one_or_none()
    if row is None or row.contact is None:
        return None
    connection.execute(update(ProofMail).where(ProofMail.id == proof).values(state="sent", contact=None))
    key = keys.contact(row.participation_id)
    facts = read_participation(connection, row.participation_id)
    return _Due(proof, facts, open_contact(key, proof, row.contact).address, _derive(key, proof))


def _send(line: Line, due: _Due, now: Clock, settings: Settings, hooks: Hooks) -> str:
    """Send a test mail and return why that failed, if it did; own words only, without an address."""
    try:
        with db.read() as connection:
            example = choose_example(connection, due.facts.id)
            mail = write_example(connection, due.facts, settings, hooks, example, now(), due.address)
        mark_as_test(mail, find_proof_address(due.facts, settings.public_url, due.token))
        # Each its own: mail programs show a second mail with the same id as the first, or not at all.
        mail.replace_header("Message-ID", f"<{due.id}@{settings.mail_sender.rpartition('@')[2]}>")
        parcel = Parcel(WrittenMail(settings.mail_sender, due.address, mail.as_bytes(policy=SMTP)))
        outcome = line.deliver(parcel)
    except AojError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 — whatever is wrong with one mail, others go on; its text may hold an address
        return f"The mail cannot be made ({type(error).__name__})."
    return "" if outcome in {"sent", "uncertain"} else REFUSED


def find_proof_address(facts: ParticipationFacts, public_url: str, token: str) -> str:
    """Return the address of the page that confirms a test mail."""
    return f"{public_url.rstrip('/')}/coordinator/{facts.wave}/{facts.region}/proof/{token}"


def choose_example(connection: Connection, participation: UUID) -> Example:
    """Return which mail is tried: the Dutch invitation of the first role that is asked."""
    asked = list_asked_roles(connection, participation)
    return Example("invitation", asked[0], "nl")


def mark_as_test(mail: EmailMessage, address: str) -> None:
    """Say in a mail that it is a test and where to confirm it; take the ways out of it that would lead nowhere."""
    subject = str(mail["Subject"])
    for name in ("Subject", "List-Unsubscribe", "List-Unsubscribe-Post"):
        del mail[name]
    mail["Subject"] = f"[Test] {subject}"
    notices = [list_notices(language) for language in ("nl", "en")]
    text = "\n\n".join(f"{before}\n{address}\n{after}" for before, after in notices)
    html = "".join(
        f'<p>{escape(before)}<br><a href="{escape(address)}">{escape(address)}</a><br>{escape(after)}</p>'
        for before, after in notices
    )
    plain, rich = mail.get_body(("plain",)), mail.get_body(("html",))
    if plain is None or rich is None:
        return
    plain.set_content(f"{text}\n\n{'-' * 72}\n\n{plain.get_content()}", cte="quoted-printable")
    page = BODY.sub(
        lambda found: f'{found[0]}<div style="padding:18px 28px">{html}</div>', rich.get_content()
    )
    rich.set_content(page, subtype="html", cte="quoted-printable")


def list_notices(language: str) -> tuple[str, str]:
    """Return what a test mail says before and after the link that confirms it."""
    _ = Translations.load(CATALOGUES, [language]).gettext
    return (
        _("This is a test mail of the monitor. Did it arrive well? Then confirm that here:"),
        _("Below stands the invitation as people get it. Its link is an example and does not work."),
    )
