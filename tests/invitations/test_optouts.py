"""Who wants no more mail: known again by keyed hash, per region, in every list to come."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.db import db
from aoj_survey.invitations import (
    Invitation,
    OptOut,
    derive_token,
    find_opted_out,
    hash_opt_out,
    list_people,
    opt_out,
    withdraw_person,
)
from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import ParticipationFacts
from tests.conftest import FixedClock
from tests.responses.boxes import count_rows, read_rows
from tests.staging import start_wave

KEY, OTHER = b"k" * 32, b"o" * 32
texts = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=20)


@pytest.fixture
def facts(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    return start_wave(keys, clock(), {"ib": 3})


def leave(keys: KeyDirectory, facts: ParticipationFacts, place: int = 0) -> str:
    """Let somebody on the list end all mail; return the address."""
    row = [row for row in read_rows(Invitation) if row["participation_id"] == facts.id][place]
    with db.write() as connection:
        people = list_people(connection, keys, facts.id)
        assert opt_out(connection, keys, derive_token(keys.link(facts.id), "optout", row["id"], 0))
    return next(person.address for person in people if person.id == row["invitee_id"])


@given(texts, texts, texts, texts)
def test_two_addresses_or_regions_have_two_hashes(one: str, first: str, other: str, second: str) -> None:
    same = (one, first.strip().casefold()) == (other, second.strip().casefold())
    assert (hash_opt_out(KEY, one, first) == hash_opt_out(KEY, other, second)) == same


def test_without_the_key_an_address_cannot_be_tried() -> None:
    address = "post@vuurtoren.example"
    assert hash_opt_out(KEY, "rijnmeer", address) != hash_opt_out(OTHER, "rijnmeer", address)
    assert hash_opt_out(KEY, "rijnmeer", f" {address.upper()} ") == hash_opt_out(KEY, "rijnmeer", address)


def test_an_address_is_known_again_in_its_region_only(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    address = leave(keys, facts)
    other = start_wave(keys, clock(), {"ib": 3}, region="duinstreek")
    asked = [address.upper(), "iemand@anders.example"]
    with db.read() as connection:
        assert find_opted_out(connection, keys, facts.id, asked) == {address.upper()}
        assert find_opted_out(connection, keys, other.id, asked) == frozenset()
    [row] = read_rows(OptOut)
    assert address.encode() not in row["address_hash"]


def test_who_leaves_twice_is_kept_once(facts: ParticipationFacts, keys: KeyDirectory) -> None:
    assert leave(keys, facts) == leave(keys, facts)
    assert count_rows(OptOut) == 1


def test_who_was_taken_off_the_list_can_still_leave(facts: ParticipationFacts, keys: KeyDirectory) -> None:
    row = read_rows(Invitation)[0]
    with db.write() as connection:
        withdraw_person(connection, facts.id, row["invitee_id"], "removed")
        assert opt_out(connection, keys, derive_token(keys.link(facts.id), "optout", row["id"], 0))
    assert count_rows(OptOut) == 0


def test_without_anybody_on_the_list_of_opt_outs_no_key_is_needed(
    facts: ParticipationFacts, keys: KeyDirectory
) -> None:
    (keys.path / "optout.key").unlink()
    with db.read() as connection:
        assert find_opted_out(connection, keys, facts.id, ["a@b.example"]) == frozenset()
