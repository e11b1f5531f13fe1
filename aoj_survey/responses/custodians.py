"""Custodians: three people, of whom any two open a ballot box that was sealed twice.

Their private key is stored in three copies, one for each pair of them. A copy is encrypted (AES-256-GCM) under
a key made by HKDF-SHA256 of what scrypt makes of the two passphrases, each with a salt of its own. Layout of a
copy: version (1 byte), nonce (12), ciphertext; bound to participation, pair and public key. Passphrases and the
private key are never stored. A copy is of no use without the key of the box, whose destruction ends them all.
"""

import os
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from sqlalchemy import Connection, delete, insert, select, update

from aoj_survey.errors import AojError
from aoj_survey.keys import KeyDirectory, derive
from aoj_survey.waves import Act, Participation, ParticipationFacts, record_act

from .envelope import Payload, open_ballot, seal_for
from .models import Custodian, CustodianCopy

CUSTODIANS = 3
NEEDED = 2
SHORTEST = 16
"""Characters of a passphrase, spaces included; four or five words chosen by lot are more."""

VERSION = 1
COST, BLOCK, LANES = 2**17, 8, 1
"""What scrypt takes for one passphrase in version 1: 128 MiB, and about half a second."""

SALT, NONCE, KEY = 16, 12, 32
TEST_SIZE = 512
LOSS = (
    "If two of the three lose their passphrase, the answers are lost for good: nobody can open the box then."
)


class CustodianError(AojError):
    """Custodians that cannot be set, or passphrases that open nothing."""


@dataclass(frozen=True, slots=True)
class KnownCustodian:
    """One of the three: the number (1 to 3) and the name as it was given."""

    number: int
    name: str


def set_custodians(
    connection: Connection, facts: ParticipationFacts, passphrases: Sequence[tuple[str, str]], now: datetime
) -> None:
    """Make the custodians' key anew from three names with their passphrases, and keep a copy for each pair.

    Before the start it may be done again; a former key is gone then, and the test opening is to be held again.

    Raises:
        CustodianError: not planned to be sealed by custodians, started already, not three different names, or
            passphrases that are too short or the same.
    """
    _check_sealing(facts)
    names = _check_people(passphrases)
    key = X25519PrivateKey.generate()
    _store_public_key(connection, facts, key.public_key().public_bytes_raw())
    salts = [os.urandom(SALT) for _ in names]
    stretched = [stretch_passphrase(words, salt) for (_, words), salt in zip(passphrases, salts, strict=True)]
    for table in (CustodianCopy, Custodian):
        connection.execute(delete(table).where(table.participation_id == facts.id))
    people = enumerate(zip(names, salts, strict=True), start=1)
    connection.execute(
        insert(Custodian),
        [
            {"participation_id": facts.id, "number": number, "name": name, "salt": salt}
            for number, (name, salt) in people
        ],
    )
    connection.execute(
        insert(CustodianCopy),
        [
            {
                "participation_id": facts.id,
                "first": pair[0],
                "second": pair[1],
                "sealed": seal_copy(key, facts.id, pair, (stretched[pair[0] - 1], stretched[pair[1] - 1])),
            }
            for pair in PAIRS
        ],
    )
    record_act(connection, facts.id, Act(now, "command", "custodians_set", {"words": ", ".join(names)}))


PAIRS = tuple(combinations(range(1, CUSTODIANS + 1), NEEDED))


def _check_sealing(facts: ParticipationFacts) -> None:
    if facts.sealing != "custodians":
        raise CustodianError(
            f"The box of {facts.region} in {facts.wave} is sealed by the server alone; that was chosen when it "
            "was planned. Custodians need: aoj waves plan --sealing custodians"
        )


def _store_public_key(connection: Connection, facts: ParticipationFacts, public: bytes) -> None:
    # The row is held until the end, so no start comes in between; from the start on ballots need this key.
    stored = connection.execute(
        update(Participation)
        .where(Participation.id == facts.id, Participation.status == "planned")
        .values(custodian_public_key=public)
    )
    if stored.rowcount != 1:
        raise CustodianError(f"{facts.region} in {facts.wave} has started; its custodians stay who they are.")


def _check_people(passphrases: Sequence[tuple[str, str]]) -> list[str]:
    names = [" ".join(name.split()) for name, _ in passphrases]
    if len({name.casefold() for name in names if name}) != CUSTODIANS or len(names) != CUSTODIANS:
        raise CustodianError(f"{CUSTODIANS} custodians with different names are needed.")
    if any(len(_clean(words)) < SHORTEST for _, words in passphrases):
        raise CustodianError(
            f"A passphrase needs at least {SHORTEST} characters: four or five words that do not belong together."
        )
    if len({_clean(words) for _, words in passphrases}) != CUSTODIANS:
        raise CustodianError("Each custodian needs a passphrase of one's own, which the others do not know.")
    return names


def _clean(words: str) -> str:
    """A passphrase as it is meant, however the keyboard makes an é and whatever the number of spaces."""
    return unicodedata.normalize("NFKC", " ".join(words.split()))


def stretch_passphrase(words: str, salt: bytes) -> bytes:
    """Return the 32 bytes that scrypt makes of a passphrase, slowly on purpose."""
    return Scrypt(salt=salt, length=KEY, n=COST, r=BLOCK, p=LANES).derive(_clean(words).encode())


def _pair_key(stretched: tuple[bytes, bytes]) -> bytes:
    return derive(b"".join(stretched), "custodian pair", KEY)


def _identity(participation: UUID, pair: tuple[int, int], public: bytes) -> bytes:
    return b"aoj custodian copy" + bytes([VERSION, *pair]) + participation.bytes + public


def seal_copy(
    key: X25519PrivateKey, participation: UUID, pair: tuple[int, int], stretched: tuple[bytes, bytes]
) -> bytes:
    """Return the private key encrypted for a pair of custodians (numbers in order)."""
    nonce = os.urandom(NONCE)
    identity = _identity(participation, pair, key.public_key().public_bytes_raw())
    sealed = AESGCM(_pair_key(stretched)).encrypt(nonce, key.private_bytes_raw(), identity)
    return bytes([VERSION]) + nonce + sealed


def open_copy(
    sealed: bytes, participation: UUID, pair: tuple[int, int], public: bytes, stretched: tuple[bytes, bytes]
) -> X25519PrivateKey:
    """Return the private key from the copy of a pair.

    Raises:
        CustodianError: a version this engine does not know, or a passphrase that was typed differently.
    """
    if sealed[:1] != bytes([VERSION]):
        raise CustodianError(f"A copy of the custodians' key is not of version {VERSION}, or is damaged.")
    nonce, content = sealed[1 : 1 + NONCE], sealed[1 + NONCE :]
    try:
        plain = AESGCM(_pair_key(stretched)).decrypt(nonce, content, _identity(participation, pair, public))
    except InvalidTag:
        raise CustodianError(
            "These passphrases do not open the box: one of them was typed differently. Try again."
        ) from None
    return X25519PrivateKey.from_private_bytes(plain)


def list_custodians(connection: Connection, participation: UUID) -> tuple[KnownCustodian, ...]:
    """Return the three custodians in order of their number, or nobody."""
    rows = connection.execute(
        select(Custodian.number, Custodian.name)
        .where(Custodian.participation_id == participation)
        .order_by(Custodian.number)
    )
    return tuple(KnownCustodian(*row) for row in rows)


def unlock_key(
    connection: Connection, facts: ParticipationFacts, passphrases: Mapping[int, str]
) -> X25519PrivateKey:
    """Return the custodians' private key, by the passphrases of two of them; never store it.

    Raises:
        CustodianError: fewer than two passphrases, one that was typed differently, or a copy that is lost.
    """
    return next(iter(_unlock_pairs(connection, facts, passphrases).values()))


def _unlock_pairs(
    connection: Connection, facts: ParticipationFacts, passphrases: Mapping[int, str]
) -> dict[tuple[int, int], X25519PrivateKey]:
    """The key from the copy of every pair whose passphrases are given."""
    public = facts.custodian_public_key
    if public is None:
        raise CustodianError(
            f"The box of {facts.region} in {facts.wave} has no custodians. Set them with: aoj custodians set"
        )
    rows = connection.execute(select(Custodian).where(Custodian.participation_id == facts.id))
    salts = {row.number: row.salt for row in rows}
    if len(passphrases.keys() & salts.keys()) < NEEDED:
        raise CustodianError("The passphrases of two custodians are needed.")
    stretched = {
        number: stretch_passphrase(words, salts[number])
        for number, words in passphrases.items()
        if number in salts
    }
    copies = connection.execute(
        select(CustodianCopy.first, CustodianCopy.second, CustodianCopy.sealed)
        .where(CustodianCopy.participation_id == facts.id)
        .order_by(CustodianCopy.first, CustodianCopy.second)
    )
    unlocked = {
        (first, second): open_copy(
            sealed, facts.id, (first, second), public, (stretched[first], stretched[second])
        )
        for first, second, sealed in copies
        if {first, second} <= stretched.keys()
    }
    if not unlocked:
        raise CustodianError(
            "The copy of the key for these two is lost. Put it back from a backup, or let the third custodian come."
        )
    return unlocked


def hold_test(
    connection: Connection,
    keys: KeyDirectory,
    facts: ParticipationFacts,
    passphrases: Mapping[int, str],
    now: datetime,
) -> tuple[str, ...]:
    """Seal a ballot of no consequence the real way, open it with each pair present, and record that.

    It may be held again at any time, also while the participation runs. Returns the names of the pairs that
    have held no test yet.

    Raises:
        CustodianError: passphrases that open nothing.
        KeyFileError: the box has no key; BallotError: the ballot was not what came out.
    """
    unlocked = _unlock_pairs(connection, facts, passphrases)
    known = {person.number: person.name for person in list_custodians(connection, facts.id)}
    sent = Payload("test", "test", {"test": secrets.token_hex(16)})
    ballot = seal_for(facts, sent, TEST_SIZE)
    for pair, key in unlocked.items():
        if open_ballot(keys.box(facts.id), facts.id, ballot, key) != sent:
            raise CustodianError("The test ballot came out as something else. Set the custodians again.")
        copy = (CustodianCopy.participation_id == facts.id) & (CustodianCopy.first == pair[0])
        connection.execute(
            update(CustodianCopy).where(copy, CustodianCopy.second == pair[1]).values(tested=True)
        )
        words = f"{known[pair[0]]}, {known[pair[1]]}"
        record_act(connection, facts.id, Act(now, "command", "custodians_tested", {"words": words}))
    return list_untested(connection, facts.id)


def list_untested(connection: Connection, participation: UUID) -> tuple[str, ...]:
    """Return the pairs, by name, that have not opened a test ballot yet."""
    known = {person.number: person.name for person in list_custodians(connection, participation)}
    rows = connection.execute(
        select(CustodianCopy.first, CustodianCopy.second).where(
            CustodianCopy.participation_id == participation, CustodianCopy.tested
        )
    )
    # By the people: a copy that is lost was not tested either.
    tested = {(row.first, row.second) for row in rows}
    pairs = [pair for pair in combinations(sorted(known), NEEDED) if pair not in tested]
    return tuple(f"{known[first]} and {known[second]}" for first, second in pairs)


def require_test(connection: Connection, facts: ParticipationFacts) -> None:
    """Raise CustodianError unless the box needs no custodians, or each pair of them opened a test ballot."""
    if facts.sealing != "custodians":
        return
    if facts.custodian_public_key is None or len(list_custodians(connection, facts.id)) != CUSTODIANS:
        raise CustodianError(
            f"The box of {facts.region} in {facts.wave} is to be sealed by custodians, but there are none yet, or not three. "
            "Set them with: aoj custodians set"
        )
    if untested := list_untested(connection, facts.id):
        raise CustodianError(
            f"These have not opened a test ballot yet: {'; '.join(untested)}. Hold it with: aoj custodians test"
        )
