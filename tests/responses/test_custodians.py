"""Two of three custodians open a box; one does not, the server does not, and after its key died nobody does."""

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from flask import Flask
from sqlalchemy import delete, update

from aoj_survey.db import db
from aoj_survey.errors import KeyFileError
from aoj_survey.keys import KeyDirectory
from aoj_survey.responses import (
    Ballot,
    BallotError,
    Custodian,
    CustodianCopy,
    CustodianError,
    OpeningRefusedError,
    Payload,
    destroy_box_key,
    hold_test,
    list_custodians,
    list_untested,
    open_ballot,
    open_box,
    read_responses,
    seal_ballot,
    seal_for,
    set_custodians,
    unlock_key,
)
from aoj_survey.responses.custodians import open_copy, stretch_passphrase
from aoj_survey.waves import ParticipationFacts, list_acts
from tests.conftest import FixedClock
from tests.responses.boxes import approve, close, fill_box, read_rows, restore_box, snapshot
from tests.responses.custodians import (
    THREE,
    WORDS,
    give_custodians,
    pair,
    plan_twice,
    start,
    start_twice,
    try_all,
)
from tests.staging import ANSWERS, start_wave

SAMPLES = Path(__file__).parent.parent / "samples"
PAYLOAD = Payload("d" * 64, "ib", {"overleg": "ja", "cijfer": 7, "sturing": ("visie", "inkoop")})


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretch passphrases a little only; the stored sample is opened at the real price."""
    monkeypatch.setattr("aoj_survey.responses.custodians.COST", 2**4)


@pytest.fixture
def planned(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    return plan_twice(keys, clock(), {"ib": 12})


@pytest.fixture
def known(planned: ParticipationFacts, clock: FixedClock) -> ParticipationFacts:
    """Planned, and its custodians are set."""
    return give_custodians(planned, clock())


@pytest.fixture
def ready(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    """Closed, with ten ballots, approved by two."""
    facts = start_twice(keys, clock(), {"ib": 12})
    fill_box(keys, facts, clock(), 10)
    closed = close(facts, clock())
    approve(closed)
    return closed


def unlock(facts: ParticipationFacts, words: dict[int, str]) -> X25519PrivateKey:
    with db.read() as connection:
        return unlock_key(connection, facts, words)


def open_with(keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock, words: dict[int, str]) -> int:
    key = unlock(facts, words)
    with db.write() as connection:
        return open_box(connection, keys, facts, clock(), key)


# Who opens


@pytest.mark.parametrize("two", list(combinations(WORDS, 2)))
def test_any_two_custodians_open_the_box(
    ready: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, two: tuple[int, int]
) -> None:
    assert open_with(keys, ready, clock, pair(*two)) == 10
    with db.read() as connection:
        assert [item.answers for item in read_responses(connection, ready.id)] == [ANSWERS] * 10


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ({}, "of two custodians are needed"),
        ({2: WORDS[2]}, "of two custodians are needed"),
        ({2: WORDS[2], 7: WORDS[1]}, "of two custodians are needed"),
        ({1: WORDS[1], 2: WORDS[2].upper()}, "typed differently"),
        ({1: WORDS[2], 2: WORDS[1]}, "typed differently"),
        ({1: WORDS[1], 2: WORDS[1]}, "typed differently"),
    ],
)
def test_less_than_two_right_passphrases_open_nothing(
    known: ParticipationFacts, words: dict[int, str], reason: str
) -> None:
    with pytest.raises(CustodianError, match=reason):
        unlock(known, words)


def test_a_passphrase_may_be_typed_with_other_spaces_and_another_keyboard(known: ParticipationFacts) -> None:
    typed = {1: f"  {WORDS[1].replace(' ', '  ')} ", 3: WORDS[3].replace("é", "e\u0301")}
    assert unlock(known, typed).public_key().public_bytes_raw() == known.custodian_public_key


def test_without_custodians_the_box_stays_shut(
    ready: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    before = snapshot()
    with pytest.raises(OpeningRefusedError, match="passphrases of two custodians"), db.write() as connection:
        open_box(connection, keys, ready, clock())
    assert snapshot() == before


def test_a_box_of_the_server_takes_no_custodians(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    facts = start_wave(keys, clock(), {"ib": 12})
    closed = close(facts, clock())
    approve(closed)
    with pytest.raises(OpeningRefusedError, match="not sealed by custodians"), db.write() as connection:
        open_box(connection, keys, closed, clock(), X25519PrivateKey.generate())


def lose_copy(facts: ParticipationFacts, first: int, second: int) -> None:
    with db.write() as connection:
        lost = (CustodianCopy.first == first) & (CustodianCopy.second == second)
        connection.execute(delete(CustodianCopy).where(CustodianCopy.participation_id == facts.id, lost))


def test_a_lost_copy_is_told_and_two_others_still_open(known: ParticipationFacts) -> None:
    lose_copy(known, 1, 2)
    with pytest.raises(CustodianError, match="let the third custodian come"):
        unlock(known, pair(1, 2))
    assert unlock(known, pair(1, 3)).public_key().public_bytes_raw() == known.custodian_public_key


def test_a_damaged_copy_is_told(known: ParticipationFacts) -> None:
    with db.write() as connection:
        connection.execute(update(CustodianCopy).values(sealed=b""))
    with pytest.raises(CustodianError, match="damaged"):
        unlock(known, pair(1, 2))


# What a ballot is sealed to


def find_readers(facts: ParticipationFacts, keys: KeyDirectory, ballot: bytes) -> list[str]:
    """Who reads a ballot alone: whoever holds the key directory, or the custodians together."""
    inside = unlock(facts, pair(1, 2))
    tries: dict[str, Callable[[], Payload]] = {
        "server": lambda: open_ballot(keys.box(facts.id), facts.id, ballot),
        "server, as if it were the custodians": lambda: open_ballot(
            keys.box(facts.id), facts.id, ballot, keys.box(facts.id)
        ),
        "custodians": lambda: open_ballot(inside, facts.id, ballot),
        "custodians, as if they were the server": lambda: open_ballot(inside, facts.id, ballot, inside),
    }
    readers: list[str] = []
    for name, attempt in tries.items():
        try:
            attempt()
        except BallotError:
            continue
        readers.append(name)
    return readers


def test_neither_server_nor_custodians_read_a_ballot_alone(
    known: ParticipationFacts, keys: KeyDirectory
) -> None:
    ballot = seal_for(known, PAYLOAD, 1024)
    assert find_readers(known, keys, ballot) == []
    assert open_ballot(keys.box(known.id), known.id, ballot, unlock(known, pair(1, 2))) == PAYLOAD


def test_twin_sealed_once_the_server_reads_it_alone(known: ParticipationFacts, keys: KeyDirectory) -> None:
    ballot = seal_ballot(known.box_public_key, known.id, PAYLOAD, 1024)
    assert find_readers(known, keys, ballot) == ["server"]


def test_every_ballot_sent_is_sealed_twice_and_has_one_size(
    ready: ParticipationFacts, keys: KeyDirectory
) -> None:
    ballots: list[bytes] = [row["ciphertext"] for row in read_rows(Ballot)]
    assert {ballot[0] for ballot in ballots} == {2}
    assert {len(ballot) for ballot in ballots} == {len(seal_for(ready, PAYLOAD, ready.ballot_size or 0))}
    assert find_readers(ready, keys, ballots[0]) == []


def test_without_a_key_of_the_custodians_nothing_is_sealed(planned: ParticipationFacts) -> None:
    with pytest.raises(BallotError, match="no key yet"):
        seal_for(planned, PAYLOAD, 1024)


def test_passphrases_and_the_private_key_are_stored_nowhere(
    known: ParticipationFacts, keys: KeyDirectory, tmp_path: Path
) -> None:
    secret = unlock(known, pair(1, 2)).private_bytes_raw()
    try_all(keys, known, FixedClock()())
    held = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    held += json.dumps(snapshot()).encode()
    assert THREE[0][0].encode() in held
    for text in [secret, repr(secret).encode(), secret.hex().encode(), *(w.encode() for w in WORDS.values())]:
        assert text not in held


# Before the start


@pytest.mark.parametrize(
    ("people", "reason"),
    [
        (THREE[:2], "different names"),
        ((*THREE[:2], (" verzonnen  anker", THREE[2][1])), "different names"),
        ((*THREE[:2], ("", THREE[2][1])), "different names"),
        ((*THREE[:2], ("Verzonnen Cirkel", "te kort   hoor")), "at least 16"),
        ((*THREE[:2], ("Verzonnen Cirkel", f"{THREE[0][1]} ")), "one's own"),
    ],
)
def test_three_people_with_three_long_passphrases_are_needed(
    planned: ParticipationFacts, clock: FixedClock, people: tuple[tuple[str, str], ...], reason: str
) -> None:
    with pytest.raises(CustodianError, match=reason), db.write() as connection:
        set_custodians(connection, planned, people, clock())


def test_a_box_of_the_server_gets_no_custodians(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    facts = start_wave(keys, clock(), {"ib": 12})
    with pytest.raises(CustodianError, match="sealed by the server alone"), db.write() as connection:
        set_custodians(connection, facts, THREE, clock())


def test_it_does_not_start_without_custodians(planned: ParticipationFacts, clock: FixedClock) -> None:
    with pytest.raises(CustodianError, match="aoj custodians set"):
        start(planned, clock())


def test_it_does_not_start_before_each_two_opened_a_test_ballot(
    known: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    with db.write() as connection:
        hold_test(connection, keys, known, pair(1, 2), clock())
        left = hold_test(connection, keys, known, pair(1, 3), clock())
    assert left == ("Verzonnen Boei and Verzonnen Cirkel",)
    with pytest.raises(CustodianError, match="opened a test ballot yet: Verzonnen Boei and Verzonnen Cirkel"):
        start(known, clock())
    with db.write() as connection:
        hold_test(connection, keys, known, pair(2, 3), clock())
    assert start(known, clock()).status == "running"
    with db.read() as connection:
        told = [
            act.values["words"] for act in list_acts(connection, known.id) if act.code == "custodians_tested"
        ]
    assert sorted(map(str, told)) == [
        "Verzonnen Anker, Verzonnen Boei",
        "Verzonnen Anker, Verzonnen Cirkel",
        "Verzonnen Boei, Verzonnen Cirkel",
    ]


@pytest.mark.parametrize("damage", ["missing", "another"])
def test_the_test_opening_tries_the_key_of_the_server_too(
    known: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, damage: str
) -> None:
    file = keys.path / str(known.id) / "box.key"
    if damage == "missing":
        file.unlink()
    else:
        file.write_bytes(X25519PrivateKey.generate().private_bytes_raw())
    with pytest.raises((KeyFileError, BallotError), match=r"missing|does not fit"):
        try_all(keys, known, clock())
    with db.read() as connection:
        assert len(list_untested(connection, known.id)) == 3


def test_it_does_not_start_with_a_copy_or_a_custodian_lost(
    known: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    try_all(keys, known, clock())
    lose_copy(known, 2, 3)
    with pytest.raises(CustodianError, match="yet: Verzonnen Boei and Verzonnen Cirkel"):
        start(known, clock())
    with db.write() as connection:
        connection.execute(delete(Custodian).where(Custodian.number == 3))
    with pytest.raises(CustodianError, match="there are none yet"):
        start(known, clock())


def test_twin_without_the_compulsory_test_it_starts_untested(
    known: ParticipationFacts, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aoj_survey.fieldwork.start.require_test", lambda *_: None)
    assert start(known, clock()).status == "running"


def test_new_custodians_before_the_start_have_to_test_again(
    known: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    try_all(keys, known, clock())
    again = give_custodians(known, clock())
    assert again.custodian_public_key != known.custodian_public_key
    with db.read() as connection:
        assert [person.name for person in list_custodians(connection, known.id)] == [
            name for name, _ in THREE
        ]
        assert len(list_untested(connection, known.id)) == 3


def test_after_the_start_the_custodians_stay(
    known: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    try_all(keys, known, clock())
    running = start(known, clock())
    before = snapshot()
    # With what was true before the start, too: the row decides.
    for facts in (known, running):
        with pytest.raises(CustodianError, match="has started"), db.write() as connection:
            set_custodians(connection, facts, THREE, clock())
    assert snapshot() == before


def test_a_test_can_be_repeated_while_it_runs(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    facts = start_twice(keys, clock(), {"ib": 12})
    with db.write() as connection:
        assert hold_test(connection, keys, facts, pair(1, 2), clock()) == ()
        with pytest.raises(CustodianError, match="typed differently"):
            hold_test(connection, keys, facts, {1: WORDS[1], 2: "iets heel anders dan dat"}, clock())


# After the end of the key


def check_backup_stays_shut(keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock) -> None:
    """With a backup put back and all three custodians present, nothing may open."""
    try:
        opened = open_with(keys, facts, clock, WORDS)
    except KeyFileError:
        opened = 0
    assert opened == 0


@pytest.mark.parametrize("destroyed", [True, False])
def test_a_restored_backup_opens_for_three_custodians_only_while_the_key_lives(
    ready: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, destroyed: bool
) -> None:
    ballots = read_rows(Ballot)
    open_with(keys, ready, clock, pair(1, 2))
    if destroyed:
        with db.write() as connection:
            destroy_box_key(connection, keys, ready, clock())
    restore_box(ready, ballots)
    if destroyed:
        check_backup_stays_shut(keys, ready, clock)
    else:
        with pytest.raises(AssertionError):
            check_backup_stays_shut(keys, ready, clock)


# Stored for ever


def test_the_stored_samples_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    sample = json.loads((SAMPLES / "custodians-1.json").read_text())
    place, public = UUID(sample["participation"]), bytes.fromhex(sample["public_key"])
    first, second = (
        stretch_passphrase(words, bytes.fromhex(salt))
        for words, salt in zip(sample["passphrases"], sample["salts"], strict=True)
    )
    key = open_copy(bytes.fromhex(sample["copy"]), place, (1, 3), public, (first, second))
    box = X25519PrivateKey.from_private_bytes(bytes.fromhex(sample["box_key"]))
    assert open_ballot(box, place, bytes.fromhex(sample["ballot"]), key) == PAYLOAD


def test_a_copy_counts_for_its_own_key_only(known: ParticipationFacts) -> None:
    other = replace(known, custodian_public_key=b"p" * 32)
    with pytest.raises(CustodianError, match="typed differently"):
        unlock(other, pair(1, 2))
