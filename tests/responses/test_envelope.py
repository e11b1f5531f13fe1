"""The envelope: one size, one key, one participation; a stored sample is read for ever."""

import json
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.questionnaire import load_questionnaire
from aoj_survey.responses import BallotError, Payload, measure_ballots, open_ballot, seal_ballot
from aoj_survey.responses.envelope import KEY_ID, SUITE, _info
from tests.staging import QUESTIONNAIRES

SAMPLES = Path(__file__).parent.parent / "samples"
KEY = X25519PrivateKey.from_private_bytes(b"7" * 32)
PUBLIC = KEY.public_key().public_bytes_raw()
PLACE = UUID("11111111-2222-4333-8444-555555555555")
PAYLOAD = Payload("d" * 64, "ib", {"overleg": "ja", "cijfer": 7, "sturing": ("visie", "inkoop")})


def test_what_is_sealed_can_be_opened() -> None:
    assert open_ballot(KEY, PLACE, seal_ballot(PUBLIC, PLACE, PAYLOAD, 1024)) == PAYLOAD


@given(st.text(max_size=100), st.dictionaries(st.text(max_size=5), st.text(max_size=40), max_size=4))
def test_the_length_tells_nothing_of_the_answers(code: str, answers: dict[str, str]) -> None:
    ballot = seal_ballot(PUBLIC, PLACE, Payload("d" * 64, code, answers), 4096)
    assert len(ballot) == len(seal_ballot(PUBLIC, PLACE, PAYLOAD, 4096))
    assert open_ballot(KEY, PLACE, ballot) == Payload("d" * 64, code, answers)


def test_the_same_answers_never_look_the_same() -> None:
    assert seal_ballot(PUBLIC, PLACE, PAYLOAD, 1024) != seal_ballot(PUBLIC, PLACE, PAYLOAD, 1024)


def test_another_key_opens_nothing() -> None:
    with pytest.raises(BallotError, match="does not fit the key"):
        open_ballot(X25519PrivateKey.generate(), PLACE, seal_ballot(PUBLIC, PLACE, PAYLOAD, 1024))


def test_a_ballot_counts_in_its_own_participation_only() -> None:
    with pytest.raises(BallotError, match="does not fit"):
        open_ballot(KEY, uuid4(), seal_ballot(PUBLIC, PLACE, PAYLOAD, 1024))


@pytest.mark.parametrize("place", [1, 9, 50, -1])
def test_a_changed_ballot_is_refused(place: int) -> None:
    ballot = bytearray(seal_ballot(PUBLIC, PLACE, PAYLOAD, 1024))
    ballot[place] ^= 1
    with pytest.raises(BallotError, match="changed"):
        open_ballot(KEY, PLACE, bytes(ballot))


def test_an_unknown_version_is_named() -> None:
    ballot = seal_ballot(PUBLIC, PLACE, PAYLOAD, 1024)
    with pytest.raises(BallotError, match="version 9"):
        open_ballot(KEY, PLACE, b"\x09" + ballot[1:])


def seal_anything(content: bytes) -> bytes:
    """What somebody who knows the public key can put in the box."""
    key_id = sha256(PUBLIC).digest()[:KEY_ID]
    return b"\x01" + key_id + SUITE.encrypt(content, KEY.public_key(), _info(1, PLACE, key_id))


@pytest.mark.parametrize("content", [b"", b"hello", b"\xff\xfe", b"[]", b"{}", b'{"format":1,"answers":{}}'])
def test_a_ballot_of_something_else_is_refused(content: bytes) -> None:
    with pytest.raises(BallotError, match="holds no answers of this engine"):
        open_ballot(KEY, PLACE, seal_anything(content))


@pytest.mark.parametrize("kept", [0, 1, 30])
def test_a_ballot_cut_short_is_refused(kept: int) -> None:
    ballot = seal_ballot(PUBLIC, PLACE, PAYLOAD, 1024)[:kept]
    with pytest.raises(BallotError, match=r"empty|changed"):
        open_ballot(KEY, PLACE, ballot)


def test_answers_of_an_unknown_format_are_not_guessed_at() -> None:
    document = b'{"format":2,"instrument":"d","class":"ib","answers":{}}'
    assert open_ballot(KEY, PLACE, seal_anything(document.replace(b"2", b"1"))).class_code == "ib"
    with pytest.raises(BallotError, match="format 2; this engine reads format 1"):
        open_ballot(KEY, PLACE, seal_anything(document))


def test_answers_that_do_not_fit_are_refused_not_cut() -> None:
    with pytest.raises(BallotError, match="room for 64"):
        seal_ballot(PUBLIC, PLACE, PAYLOAD, 64)


def test_the_stored_sample_of_format_1_opens() -> None:
    sample = json.loads((SAMPLES / "ballot-1.json").read_text())
    key = X25519PrivateKey.from_private_bytes(bytes.fromhex(sample["private_key"]))
    payload = open_ballot(key, UUID(sample["participation"]), bytes.fromhex(sample["ballot"]))
    assert payload == PAYLOAD


def test_every_ballot_of_a_participation_has_room_for_the_longest_answers() -> None:
    instrument = load_questionnaire(QUESTIONNAIRES / "widths" / "1.yaml", "rijnmeer")
    size = measure_ballots([("d" * 64, instrument)], ["ib", "a_longer_class_code"])
    assert size % 256 == 0
    longest = {"visie_hoe": "😀" * 500, "beter": "😀" * 40, "sturing": ("visie", "inkoop", "anders")}
    assert seal_ballot(PUBLIC, PLACE, Payload("d" * 64, "a_longer_class_code", longest), size)
