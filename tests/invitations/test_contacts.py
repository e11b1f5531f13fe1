"""Contacts: readable with their own key for their own invitee only; equal addresses are found without reading."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.invitations import Contact, hash_address, open_contact, seal_contact

SAMPLES = Path(__file__).parent.parent / "samples"
KEY, OTHER = b"k" * 32, b"o" * 32
SOMEBODY = UUID("11111111-2222-4333-8444-555555555555")
CONTACT = Contact("post@vuurtoren.example", "basisschool De Verzonnen Vuurtoren")

texts = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=60)


@given(st.uuids(), texts, texts, texts, texts)
def test_what_is_sealed_can_be_opened(
    invitee: UUID, address: str, organisation: str, municipality: str, swv: str
) -> None:
    contact = Contact(address, organisation, municipality, swv)
    assert open_contact(KEY, invitee, seal_contact(KEY, invitee, contact)) == contact


@pytest.mark.parametrize(
    ("file", "contact"),
    [
        ("contact-1.hex", CONTACT),
        ("contact-2.hex", replace(CONTACT, municipality="Rijnstad", swv="SWV Rijnmeer")),
    ],
)
def test_what_earlier_versions_sealed_is_read_for_ever(file: str, contact: Contact) -> None:
    sealed = bytes.fromhex((SAMPLES / file).read_text(encoding="ascii"))
    assert open_contact(KEY, SOMEBODY, sealed) == contact


@pytest.mark.parametrize(("key", "invitee"), [(OTHER, SOMEBODY), (KEY, uuid4())])
def test_another_key_or_invitee_opens_nothing(key: bytes, invitee: UUID) -> None:
    sealed = seal_contact(KEY, SOMEBODY, CONTACT)
    with pytest.raises(InvalidTag):
        open_contact(key, invitee, sealed)


@pytest.mark.parametrize("place", [0, 20, -1])
def test_a_changed_contact_opens_nothing(place: int) -> None:
    sealed = bytearray(seal_contact(KEY, SOMEBODY, CONTACT))
    sealed[place] ^= 1
    with pytest.raises(InvalidTag):
        open_contact(KEY, SOMEBODY, bytes(sealed))


def test_neither_address_nor_organisation_can_be_read() -> None:
    sealed = seal_contact(KEY, SOMEBODY, CONTACT)
    assert not any(part.encode() in sealed for part in ("post", "vuurtoren", "example", "Verzonnen"))


@given(st.integers(1, 100), st.integers(0, 100))
def test_ordinary_contacts_have_one_length(address: int, organisation: int) -> None:
    contact = Contact("a" * address, "b" * organisation)
    assert len(seal_contact(KEY, SOMEBODY, contact)) == len(seal_contact(KEY, SOMEBODY, CONTACT))


def test_the_longest_contacts_are_padded_to_whole_blocks() -> None:
    sealed = seal_contact(KEY, SOMEBODY, Contact("a" * 254, "b" * 200))
    assert len(sealed) - 12 - 16 == 512


def test_the_same_contact_never_looks_the_same() -> None:
    assert seal_contact(KEY, SOMEBODY, CONTACT) != seal_contact(KEY, SOMEBODY, CONTACT)


@pytest.mark.parametrize(
    "typed", ["Post@Vuurtoren.example", " POST@VUURTOREN.EXAMPLE\t", "post@vuurtoren.example"]
)
def test_letter_case_and_spaces_around_do_not_make_another_address(typed: str) -> None:
    assert hash_address(KEY, typed) == hash_address(KEY, CONTACT.address)


@given(texts, texts)
def test_two_addresses_have_two_hashes(first: str, second: str) -> None:
    same = first.strip().casefold() == second.strip().casefold()
    assert (hash_address(KEY, first) == hash_address(KEY, second)) == same


def test_without_the_key_an_address_cannot_be_tried() -> None:
    assert hash_address(KEY, CONTACT.address) != hash_address(OTHER, CONTACT.address)
    assert len(hash_address(KEY, CONTACT.address)) == 32
