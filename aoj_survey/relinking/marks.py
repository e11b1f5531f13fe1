"""What betrays a person: links, addresses, ids. And how often they occur in what was carried off."""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from uuid import UUID

from sqlalchemy import Connection, select

from aoj_survey.errors import KeyFileError
from aoj_survey.invitations import (
    Contact,
    FormerAddress,
    GroupLink,
    Invitation,
    Invitee,
    ProofMail,
    Supplier,
    derive_handle,
    derive_token,
    hash_token,
)
from aoj_survey.keys import KeyDirectory
from aoj_survey.open_answers import OpenAnswer
from aoj_survey.regions import Region
from aoj_survey.responses import Ballot, Response, read_responses
from aoj_survey.waves import ParticipationFacts, StoredInstrument

from .contacts import try_open
from .needles import find_needles
from .values import is_of

TOKEN = re.compile(rb"(?=([a-z2-7]{26}))")
PATH = re.compile(rb"/(?:l|v)/([a-z2-7]{16,26})\b")
LONGEST_COMMON = 12
"""Texts shorter than this may stand in a log by chance."""

SHORTEST_NAME = 8
"""Letters of an organisation's name; shorter ones are words of other texts too often."""

SURVEY_PAGE = re.compile(rb"/(?:l|v|o|g)/|/code\b")
"""What pages of respondents begin with."""

NUMBERS = re.compile(
    rb"(?<![0-9.])(?<![a-z]/)[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?!\.?[0-9])"
    rb"|(?<![0-9a-f:.])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?![0-9a-f:.])"
)
"""What may be an IP address, with a port behind it or not; the version of a browser (`chrome/120.0.0.0`) is none."""

BROWSER = re.compile(rb"\b(?:mozilla|opera)/[0-9]")
"""What browsers say of themselves begins with."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What to look for. Texts are in small letters; `notes` say what could not be looked for, and why."""

    token_hashes: frozenset[bytes]
    tokens: frozenset[bytes]
    raw_tokens: frozenset[bytes]
    handles: frozenset[bytes]
    addresses: frozenset[bytes]
    organisations: frozenset[bytes]
    ids: frozenset[bytes]
    answers: frozenset[bytes]
    notes: tuple[str, ...]

    @property
    def can_be_sought(self) -> bool:
        """Whether there is any link or address left to look for."""
        return bool(self.token_hashes or self.tokens or self.addresses)


def gather_marks(
    connection: Connection, keys: KeyDirectory, facts: ParticipationFacts, own: Iterable[str]
) -> Marks:
    """Return what betrays the people of a participation; keys are used only to know what to look for.

    `own` are addresses that may stand anywhere: those of the installation itself.
    """
    tokens = _derive_tokens(connection, keys, facts.id)
    contacts = _open_contacts(connection, keys, facts.id)
    notes = [
        *(["no_link_key"] if tokens is None else []),
        *(["no_contact_key"] if contacts is None else []),
    ]
    known = {address.strip().lower() for address in own}
    addresses = {contact.address.lower() for contact in contacts or ()} - known
    names = {" ".join(contact.organisation.split()).lower() for contact in contacts or ()}
    return Marks(
        token_hashes=_read_hashes(connection, facts.id),
        tokens=_in_hex(token.encode() for token in tokens or ()),
        raw_tokens=frozenset(_unwrap(token) for token in tokens or ()),
        handles=frozenset(derive_handle(token).encode() for token in tokens or ()),
        addresses=_in_hex(address.encode() for address in addresses),
        organisations=_in_hex(_leave_out_known(connection, facts, names)),
        ids=_list_ids(connection, facts),
        answers=_list_texts(connection, facts),
        notes=tuple(notes),
    )


def count_links(content: bytes, marks: Marks) -> int:
    """Return how many different links (personal, way out, of a group, of a supplier) stand in the content.

    Whatever looks like a token is hashed and looked up, which needs no key; forms that do not look like one
    are those of the tokens that could be derived.
    """
    small = content.lower()
    seen = {found.group(1) for found in TOKEN.finditer(small)}
    hashed = {token for token in seen if hash_token(token.decode()) in marks.token_hashes}
    return len(hashed | find_needles(small, marks.tokens)) + len(find_needles(content, marks.raw_tokens))


def count_addresses(content: bytes, marks: Marks) -> int:
    """Return how many different addresses of the list stand in the content, as text, in hex or in a web address."""
    return len(find_needles(content.lower().replace(b"%40", b"@"), marks.addresses))


def count_organisations(content: bytes, marks: Marks) -> int:
    """Return how many names of organisations on the list stand in the content, as text or in hex."""
    return len(find_needles(content.lower(), marks.organisations))


def count_visits(content: bytes) -> int:
    """Return how many lines hold the IP address of another machine, or its browser, beside a page of respondents.

    Whose page it was may have been left out of the line: address and moment tell who came, and when.
    """
    lines = (line for line in content.splitlines() if SURVEY_PAGE.search(line))
    return sum(bool(BROWSER.search(line)) or any(map(_is_elsewhere, NUMBERS.findall(line))) for line in lines)


def _is_elsewhere(text: bytes) -> bool:
    try:
        address = ip_address(text.decode())
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified)


def count_in_log(content: bytes, marks: Marks) -> dict[str, int]:
    """Return how many different links, addresses, names, ids, paths and answers a log holds, and how many visits."""
    small = content.lower()
    return count_in_file(content, marks) | {
        "paths": len(set(PATH.findall(small)) | find_needles(small, marks.handles)),
        "answers": len(find_needles(small, marks.answers)),
        "visits": count_visits(small),
    }


def count_in_file(content: bytes, marks: Marks) -> dict[str, int]:
    """Return how many different links, addresses, names of organisations and ids a file holds."""
    return {
        "links": count_links(content, marks),
        "addresses": count_addresses(content, marks),
        "organisations": count_organisations(content, marks),
        "ids": len(find_needles(content.lower(), marks.ids)),
    }


def _derive_tokens(connection: Connection, keys: KeyDirectory, participation: UUID) -> frozenset[str] | None:
    try:
        key = keys.link(participation)
    except KeyFileError:
        return None
    rows = connection.execute(
        select(Invitation.id, Invitation.generation).where(Invitation.participation_id == participation)
    ).all()
    return frozenset(
        derive_token(key, purpose, row.id, generation)
        for row in rows
        for purpose in ("link", "optout", "bounce")
        for generation in range(row.generation + 1)
    )


def _open_contacts(connection: Connection, keys: KeyDirectory, participation: UUID) -> list[Contact] | None:
    try:
        key = keys.contact(participation)
    except KeyFileError:
        return None
    rows = connection.execute(
        select(Invitee.id, Invitee.contact).where(Invitee.participation_id == participation)
    ).all()
    # Those taken off the list have none; one that is not sealed at all is for the search to find.
    return [found for row in rows if (found := try_open(key, row.id, row.contact))]


def _leave_out_known(connection: Connection, facts: ParticipationFacts, names: Iterable[str]) -> list[bytes]:
    """Names of organisations that may stand nowhere: not those of group links, suppliers, regions, or in texts.

    What an open answer names is known since the opening; marking and releasing it is the desk's work.
    """
    here = facts.id
    texts = [
        *connection.execute(select(GroupLink.name).where(GroupLink.participation_id == here)).scalars(),
        *connection.execute(select(Supplier.name).where(Supplier.participation_id == here)).scalars(),
        *connection.execute(select(Region.name)).scalars(),
        *connection.execute(select(StoredInstrument.document)).scalars(),
        *connection.execute(select(Response.content).where(is_of(Response, facts))).scalars(),
        *connection.execute(select(OpenAnswer.text).where(is_of(OpenAnswer, facts))).scalars(),
    ]
    known = "\n".join(texts).lower()
    return [name.encode() for name in names if len(name) >= SHORTEST_NAME and name not in known]


def _read_hashes(connection: Connection, participation: UUID) -> frozenset[bytes]:
    columns = (
        Invitation.token_hash,
        Invitation.optout_hash,
        Invitation.bounce_hash,
        FormerAddress.optout_hash,
        GroupLink.token_hash,
        GroupLink.page_hash,
        Supplier.token_hash,
        ProofMail.token_hash,
    )
    return frozenset(
        value
        for column in columns
        for value in connection.execute(
            select(column).where(column.class_.participation_id == participation)
        ).scalars()
        if value
    )


def _list_ids(connection: Connection, facts: ParticipationFacts) -> frozenset[bytes]:
    return frozenset(
        form.encode()
        for table in (Invitee, Invitation, Ballot, Response, OpenAnswer)
        for item in connection.execute(select(table.id).where(is_of(table, facts))).scalars()
        for form in (str(item), item.hex)
    )


def _list_texts(connection: Connection, facts: ParticipationFacts) -> frozenset[bytes]:
    """What was written in own words; those of an early format stand in the responses."""
    own = select(OpenAnswer.text).where(is_of(OpenAnswer, facts))
    values = [
        *connection.execute(own).scalars(),
        *(value for response in read_responses(connection, facts.id) for value in response.answers.values()),
    ]
    return frozenset(
        value.lower().encode()
        for value in values
        if isinstance(value, str) and len(value) > LONGEST_COMMON and " " in value
    )


def _in_hex(texts: Iterable[bytes]) -> frozenset[bytes]:
    """Texts as they are, and as PostgreSQL's dumps write bytes."""
    return frozenset(form for text in texts for form in (text, text.hex().encode()))


def _unwrap(token: str) -> bytes:
    """The sixteen bytes that a token spells."""
    return base64.b32decode(token.upper() + "=" * 6)
