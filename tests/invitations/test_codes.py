"""Resume codes: read aloud without mistakes, forgiving of how they are typed, stored as nothing but scrypt's work."""

from hashlib import scrypt

import pytest
from cryptography.exceptions import InvalidTag
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from aoj_survey.db import db
from aoj_survey.invitations import ResumeCode, clean_code, forget_codes, open_code, stretch_code, write_code
from aoj_survey.invitations import codes as resume_codes
from aoj_survey.invitations.codes import ALPHABET, keep_code, make_code
from aoj_survey.keys import KeyDirectory, derive
from aoj_survey.waves import ParticipationFacts
from tests.conftest import FixedClock
from tests.invitations.groups import CHEAP
from tests.staging import start_wave

SECRET = b"s" * 32
TOKEN = "a2" * 13
LOOK_ALIKES = ("0O", "1IL", "2Z", "5S", "8B")

seeds = st.binary(min_size=16, max_size=16)


@pytest.fixture
def facts(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    return start_wave(keys, clock(), {"ib": 12})


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resume_codes, "COST", CHEAP)


def test_no_two_signs_look_alike() -> None:
    for signs in LOOK_ALIKES:
        assert len(set(signs) & set(ALPHABET)) <= 1
    assert len(set(ALPHABET)) == len(ALPHABET) == 25
    assert ALPHABET.upper() == ALPHABET


@given(seeds)
def test_a_code_is_twelve_known_signs_and_the_same_each_time(seed: bytes) -> None:
    code = make_code(seed)
    assert len(code) == 12
    assert set(code) <= set(ALPHABET)
    assert code == make_code(seed)


@given(seeds, seeds)
def test_another_seed_gives_another_code(seed: bytes, other: bytes) -> None:
    assert (make_code(seed) == make_code(other)) == (seed == other)


@given(seeds, st.data())
def test_a_code_may_be_typed_in_small_letters_with_hyphens_and_spaces(
    seed: bytes, data: st.DataObject
) -> None:
    code = make_code(seed)
    assert write_code(code).split("-") == [code[:4], code[4:8], code[8:]]
    typed = list(data.draw(st.sampled_from([code, code.lower(), write_code(code), write_code(code).lower()])))
    for place in data.draw(st.lists(st.integers(0, len(typed)))):
        typed.insert(place, data.draw(st.sampled_from("- \t.")))
    assert clean_code("".join(typed)) == code


@pytest.mark.parametrize(
    "typed", ["", "ACDE-FGHJ", "ACDE-FGHJ-KMNO", "ACDE-FGHJ-KMNPQ", "ACDEFGHJKMN٣", "\0"]
)
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert clean_code(typed) is None


def test_stretching_costs_what_it_should() -> None:
    code = "ACDEFGHJKMNP"
    salt = derive(SECRET, "resume code")
    made = scrypt(code.encode(), salt=salt, n=2**15, r=8, p=1, maxmem=2**26, dklen=48)
    stretched = stretch_code(SECRET, code)
    assert (stretched.id.bytes, stretched.key) == (made[:16], made[16:])


def test_another_installation_stretches_otherwise(cheap: None) -> None:
    assert stretch_code(SECRET, "ACDEFGHJKMNP") != stretch_code(b"t" * 32, "ACDEFGHJKMNP")


def keep(facts: ParticipationFacts, code: str, token: str = TOKEN) -> None:
    with db.write() as connection:
        keep_code(connection, facts.id, stretch_code(SECRET, code), token)


def find(code: str) -> str | None:
    with db.read() as connection:
        return open_code(connection, stretch_code(SECRET, code))


def test_a_kept_code_leads_to_its_token_and_no_other_does(facts: ParticipationFacts, cheap: None) -> None:
    keep(facts, "ACDEFGHJKMNP")
    keep(facts, "ACDEFGHJKMNQ", "b3" * 13)
    assert find("ACDEFGHJKMNP") == TOKEN
    assert find("ACDEFGHJKMNQ") == "b3" * 13
    assert find("ACDEFGHJKMNR") is None


def test_neither_code_nor_token_is_stored(facts: ParticipationFacts, cheap: None) -> None:
    keep(facts, "ACDEFGHJKMNP")
    with db.read() as connection:
        row = connection.execute(select(ResumeCode)).one()
    held = row.id.bytes + row.sealed
    assert b"ACDEFGHJKMNP" not in held
    assert TOKEN.encode() not in held
    assert set(row._mapping) == {"id", "participation_id", "sealed"}


def test_twin_a_token_sealed_under_another_code_does_not_open(facts: ParticipationFacts, cheap: None) -> None:
    keep(facts, "ACDEFGHJKMNP")
    keep(facts, "ACDEFGHJKMNQ", "b3" * 13)
    first, second = (stretch_code(SECRET, code).id for code in ("ACDEFGHJKMNP", "ACDEFGHJKMNQ"))
    with db.write() as connection:
        other = connection.execute(select(ResumeCode.sealed).where(ResumeCode.id == second)).scalar_one()
        connection.execute(update(ResumeCode).where(ResumeCode.id == first).values(sealed=other))
    with pytest.raises(InvalidTag):
        find("ACDEFGHJKMNP")


def test_forgotten_codes_lead_nowhere(app: Flask, facts: ParticipationFacts, cheap: None) -> None:
    keep(facts, "ACDEFGHJKMNP")
    with db.write() as connection:
        forget_codes(connection, facts.id)
    assert find("ACDEFGHJKMNP") is None
