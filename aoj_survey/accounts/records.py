"""Accounts made, renewed, removed and found by their code. What anybody may do is asked of `may`.

A code is 160 random bits, so a plain SHA-256 of it tells nothing and can be looked up by an index: what time the
look-up takes depends on the hash of a guess, which nobody can steer towards a stored one.
"""

import base64
import secrets
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, replace
from hashlib import sha256
from hmac import compare_digest

from sqlalchemy import Connection, Select, delete, insert, select, update
from werkzeug.security import check_password_hash

from aoj_survey.errors import AccountError

from .models import Account

RIGHTS = ("approve", "download", "review")
"""Approve openings and released open answers; download what is released; look through open answers."""

ALONE = "approve"
"""Who approves has no other right: the second of two people may not be who asks (`anonymity`, point 11)."""

PREFIX, TOKEN_BYTES, LONGEST_NAME, LONGEST_LIST = "aoj_", 20, 200, 2000
RESERVED = ("administrator", "beheerder", "command", "coordinator", "coördinator", "supplier")
"""Names that audit lines and approvals use for others."""


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """Who somebody is and may do. `session` ties a browser to the code in force; empty for the coordinator.

    The rights hold for these `regions`, and for released files of these `profiles`; for all where none is named.
    """

    name: str
    rights: frozenset[str]
    session: str = ""
    regions: frozenset[str] = frozenset()
    profiles: frozenset[str] = frozenset()


COORDINATOR = AccountFacts("coordinator", frozenset({"coordinate", "approve", "download"}))
"""Who gave the password of the coordinator, which several people may know: one voice all together."""


def may(who: AccountFacts | None, right: str, region: str = "") -> bool:
    """Return whether somebody has a right: `coordinate` or one of `RIGHTS`; nobody (None) has any.

    With a `region`, whether the right holds there.
    """
    return who is not None and right in who.rights and sees_region(who, region)


def sees_region(who: AccountFacts, region: str) -> bool:
    """Return whether somebody's rights hold in a region."""
    return not region or not who.regions or region in who.regions


def may_read(who: AccountFacts | None, region: str, profile: str) -> bool:
    """Return whether somebody may have what was released of a region for the readers of a profile.

    Rules: `anonymity`, *Disclosure control*: profiles but *openbaar* are for named recipients under agreement.
    """
    return may(who, "download", region) and who is not None and profile in (who.profiles or {profile})


def may_decide(who: AccountFacts | None) -> bool:
    """Return whether somebody may see open answers and decide on what another proposed.

    Not the coordinator: several people may know that password, and they know the people who were asked.
    """
    return who is not None and "coordinate" not in who.rights and bool(who.rights & {"approve", "review"})


def add_account(
    connection: Connection,
    name: str,
    rights: Collection[str],
    regions: Collection[str] = (),
    profiles: Collection[str] = (),
) -> tuple[AccountFacts, str]:
    """Store an account and return it with its code (36 characters), which is stored nowhere.

    Raises:
        AccountError: a name that is empty, too long, taken or reserved; no right, an unknown one, or `approve`
            beside another; more regions than can be kept; profiles without the right to download.
    """
    clean = _clean_name(name)
    if any(clean.casefold() == known.name.casefold() for known in list_accounts(connection)):
        raise AccountError(
            f"There is an account of {clean} already. Choose another name, or remove that one first."
        )
    given, limits = _check_rights(rights), (_join(regions), _join(profiles))
    if profiles and "download" not in rights:
        raise AccountError("A profile limits what may be downloaded; this account downloads nothing.")
    token = _make_token()
    connection.execute(
        insert(Account).values(
            name=clean, rights=given, regions=limits[0], profiles=limits[1], token_hash=_hash(token)
        )
    )
    return _facts(clean, given, _hash(token), *limits), token


def _join(words: Collection[str]) -> str:
    joined = " ".join(sorted(set(words)))
    if len(joined) > LONGEST_LIST:
        raise AccountError("These are more regions than one account can be limited to. Name none for all.")
    return joined


def _clean_name(name: str) -> str:
    # Composed and split letters look the same, and so would the names of two people.
    clean = " ".join(unicodedata.normalize("NFKC", name).split())
    if not clean or not clean.isprintable():
        raise AccountError(
            "An account needs the name of a person, without line ends or other invisible characters."
        )
    if len(clean) > LONGEST_NAME:
        raise AccountError(f"The name is longer than {LONGEST_NAME} characters. Make it shorter.")
    if clean.casefold() in RESERVED:
        raise AccountError(f"{clean} is no name of a person. Take the name of who gets the account.")
    return clean


def _check_rights(rights: Collection[str]) -> str:
    given = sorted(set(rights))
    if unknown := [right for right in given if right not in RIGHTS]:
        raise AccountError(f"There is no right {', '.join(unknown)}. Known: {', '.join(RIGHTS)}.")
    if not given:
        raise AccountError(f"An account needs a right: {', '.join(RIGHTS)}.")
    if ALONE in given and len(given) > 1:
        raise AccountError(
            f"Who may {ALONE} may do nothing else, so that two people look at each opening and each release of"
            " open answers. Make an account for somebody else with the other rights."
        )
    return " ".join(given)


def _make_token() -> str:
    return PREFIX + base64.b32encode(secrets.token_bytes(TOKEN_BYTES)).decode().lower()


def _hash(token: str) -> bytes:
    return sha256(token.encode(errors="replace")).digest()


def renew_token(connection: Connection, name: str) -> tuple[AccountFacts, str]:
    """Give an account a new code and return both; the former code, and every session by it, ends at once.

    Raises:
        AccountError: there is no account of this name.
    """
    found, token = _find_named(connection, name), _make_token()
    connection.execute(update(Account).where(Account.name == found.name).values(token_hash=_hash(token)))
    return replace(found, session=_make_session(_hash(token))), token


def remove_account(connection: Connection, name: str) -> AccountFacts:
    """Take an account away and return it; its code and sessions end at once, its approvals stay.

    Raises:
        AccountError: there is no account of this name.
    """
    found = _find_named(connection, name)
    connection.execute(delete(Account).where(Account.name == found.name))
    return found


def _find_named(connection: Connection, name: str) -> AccountFacts:
    clean = _clean_name(name).casefold()
    for known in list_accounts(connection):
        if known.name.casefold() == clean:
            return known
    raise AccountError(f"There is no account of {name}. `aoj accounts list` shows which there are.")


def list_accounts(connection: Connection) -> tuple[AccountFacts, ...]:
    """Return the accounts by name."""
    return tuple(_facts(*row) for row in connection.execute(_select().order_by(Account.name)))


def _select() -> Select[str, str, bytes, str, str]:
    return select(Account.name, Account.rights, Account.token_hash, Account.regions, Account.profiles)


def has_accounts(connection: Connection) -> bool:
    """Return whether anybody has an account."""
    return connection.execute(select(Account.id).limit(1)).first() is not None


def find_account(connection: Connection, token: str) -> AccountFacts | None:
    """Return whose code this is; None when it is nobody's, or nobody's any more."""
    sought = _hash(token.strip())
    row = connection.execute(_select().where(Account.token_hash == sought)).one_or_none()
    if row is None or not compare_digest(row.token_hash, sought):
        return None
    return _facts(*row)


def identify(connection: Connection, given: str, password_hash: str) -> AccountFacts | None:
    """Return whose code this is, or the coordinator when it is the password of that hash; None when nobody's."""
    account = find_account(connection, given)
    if account is None and password_hash and check_password_hash(password_hash, given):
        return COORDINATOR
    return account


def find_session(connection: Connection, name: str, session: str) -> AccountFacts | None:
    """Return the account a browser logged in with, as long as it has the same code."""
    row = connection.execute(_select().where(Account.name == name)).one_or_none()
    found = _facts(*row) if row else None
    return found if found and compare_digest(found.session.encode(), session.encode()) else None


def _facts(name: str, rights: str, token_hash: bytes, regions: str, profiles: str) -> AccountFacts:
    lists = (frozenset(words.split()) for words in (regions, profiles))
    return AccountFacts(name, frozenset(rights.split()), _make_session(token_hash), *lists)


def _make_session(token_hash: bytes) -> str:
    # Not the stored hash itself: a session lies readable in a cookie.
    return sha256(b"aoj session " + token_hash).hexdigest()
