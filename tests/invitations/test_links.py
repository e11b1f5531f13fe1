"""Links: derived from a key, apart for every purpose, person and generation, forgiving of how they are typed."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.invitations import clean_token, derive_handle, derive_token, hash_token
from aoj_survey.invitations.links import TOKEN, Purpose

KEY = b"l" * 32
SOMEBODY = UUID("11111111-2222-4333-8444-555555555555")
PURPOSES: tuple[Purpose, ...] = ("link", "optout", "bounce", "group", "count")

keys = st.binary(min_size=32, max_size=32)
generations = st.integers(0, 2**32 - 1)
places = st.tuples(st.sampled_from(PURPOSES), st.uuids(), generations)


@given(keys, places)
def test_a_token_is_26_characters_of_base32(key: bytes, place: tuple[Purpose, UUID, int]) -> None:
    assert TOKEN.fullmatch(derive_token(key, *place))


@given(keys, places)
def test_a_token_is_the_same_each_time(key: bytes, place: tuple[Purpose, UUID, int]) -> None:
    assert derive_token(key, *place) == derive_token(key, *place)


@given(keys, places, places)
def test_purpose_person_and_generation_each_give_another_token(
    key: bytes, first: tuple[Purpose, UUID, int], second: tuple[Purpose, UUID, int]
) -> None:
    assert (derive_token(key, *first) == derive_token(key, *second)) == (first == second)


@given(keys, keys)
def test_another_key_gives_another_token(key: bytes, other: bytes) -> None:
    same = derive_token(key, "link", SOMEBODY, 0) == derive_token(other, "link", SOMEBODY, 0)
    assert same == (key == other)


def test_a_token_of_today_is_the_token_of_tomorrow() -> None:
    """Links in mails that were sent must keep working, whatever is changed here."""
    assert derive_token(KEY, "link", SOMEBODY, 0) == "3ggppfytoxzgl5ls7k2xw3m5fa"
    assert derive_token(KEY, "optout", SOMEBODY, 1) == "36vln77tpnl5tzml6jshx5w6im"


@given(keys, places, st.data())
def test_a_token_is_understood_however_it_is_typed(
    key: bytes, place: tuple[Purpose, UUID, int], data: st.DataObject
) -> None:
    token = derive_token(key, *place)
    noise = st.sampled_from(["", "-", " ", "\n", "--", "\u00a0"])
    typed = "".join(
        data.draw(noise) + (character.upper() if data.draw(st.booleans()) else character)
        for character in token
    )
    assert clean_token(typed + data.draw(noise)) == token


@given(st.text(max_size=60))
def test_what_is_no_token_is_refused(typed: str) -> None:
    cleaned = clean_token(typed)
    assert cleaned is None or TOKEN.fullmatch(cleaned)


@pytest.mark.parametrize(
    "typed",
    ["", "a" * 25, "a" * 27, "a" * 25 + "1", "a" * 25 + "8", "a" * 25 + "é", "../" + "a" * 23, "İ" * 26],
)
def test_near_tokens_are_refused(typed: str) -> None:
    assert clean_token(typed) is None


@given(keys, places)
def test_what_is_stored_is_not_the_token_and_handles_tell_nothing_of_it(
    key: bytes, place: tuple[Purpose, UUID, int]
) -> None:
    token = derive_token(key, *place)
    handle = derive_handle(token)
    assert len(hash_token(token)) == 32
    assert token.encode() not in hash_token(token)
    assert len(handle) == 16
    assert handle.isalnum()
    assert handle != token[:16]


@given(keys, st.uuids(), st.uuids())
def test_two_links_have_two_handles(key: bytes, first: UUID, second: UUID) -> None:
    handles = {derive_handle(derive_token(key, "link", person, 0)) for person in (first, second)}
    assert len(handles) == len({first, second})
