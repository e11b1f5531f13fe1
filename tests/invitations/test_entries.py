"""Rows of a list: what is wrong, and what is proposed instead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.errors import Fault
from aoj_survey.invitations import COLUMNS, LANGUAGES, SECTORS
from aoj_survey.invitations.cells import CLOSE, ROLE_SYNONYMS, role_words
from aoj_survey.invitations.columns import place_columns
from aoj_survey.invitations.entries import (
    CheckedRow,
    Entry,
    check_entries,
    list_entries,
    make_words,
    read_entry,
)
from aoj_survey.invitations.lists import guard, release
from aoj_survey.invitations.tables import read_table
from aoj_survey.questionnaire import ROLES

WORDS = make_words({"ib", "zoco", "leerplicht"}, LANGUAGES)
GOOD = {"address": "a@b.example", "role": "ib", "organisation": "De School"}
NAMES = {key: names[0] for key, names in COLUMNS.items()}


def check(**texts: str) -> CheckedRow:
    return read_entry(Entry(2, {**GOOD, **texts}, NAMES), WORDS)


def fault(**texts: str) -> Fault:
    [found] = check(**texts).faults
    return found


@pytest.mark.parametrize(
    ("typed", "code", "proposal"),
    [
        ("ib.haven@scholen,example", "address_comma", "ib.haven@scholen.example"),
        ("ib haven@scholen.example", "address_space", "ibhaven@scholen.example"),
        ("ib@ scholen. example", "address_space", "ib@scholen.example"),
        ("Ina B. <ib@scholen.example>", "address_wrong", "ib@scholen.example"),
        ("mailto:ib@scholen.example", "address_wrong", "ib@scholen.example"),
        ("ib@scholen..example", "address_wrong", "ib@scholen.example"),
        ("ib@scholen.example;", "address_wrong", "ib@scholen.example"),
        ("ib@scholen", "address_wrong", ""),
        ("geen adres", "address_wrong", ""),
        ("", "address_missing", ""),
        ("a,b c@scholen.example", "address_comma", "a.bc@scholen.example"),
    ],
)
def test_what_was_probably_meant_by_an_address_is_proposed(typed: str, code: str, proposal: str) -> None:
    found = fault(address=typed)
    assert (found.row, found.column, found.value) == (2, "e-mail", typed)
    assert (found.code, found.key, found.proposal) == (code, "address", proposal)
    if proposal:
        assert check(address=proposal).faults == ()


@pytest.mark.parametrize(
    ("typed", "code", "proposal"),
    [
        ("IB-er", "role_unknown", "intern begeleider"),
        ("ib'er", "role_unknown", "intern begeleider"),
        ("intern begeleidster", "role_unknown", "intern begeleider"),
        ("zorgcoordinator", "role_unknown", "zorgcoördinator"),
        ("lpa", "role_unknown", "leerplichtambtenaar"),
        ("kapitein", "role_unknown", ""),
        ("", "role_missing", ""),
        ("jeugdhulpverlener", "role_unasked", ""),
        ("swv", "role_unasked", ""),
    ],
)
def test_the_nearest_role_of_this_wave_is_proposed(typed: str, code: str, proposal: str) -> None:
    found = fault(role=typed)
    assert (found.code, found.key) == (code, "role")
    assert found.proposal == proposal
    if proposal:
        assert check(role=proposal).faults == ()


def test_no_other_word_for_a_role_is_a_role_that_we_know() -> None:
    known = role_words(ROLES)
    words = [word for words in ROLE_SYNONYMS.values() for word in words]
    assert set(ROLE_SYNONYMS) <= set(ROLES)
    assert len(words) == len(set(words))
    assert not [word for word in words if word in known or word != word.casefold()]
    assert 0 < CLOSE < 1


@pytest.mark.parametrize(
    ("typed", "sector", "proposal"),
    [
        ("PO", "po", ""),
        ("Basisonderwijs", "po", ""),
        ("voortgezet onderwijs", "vo", ""),
        ("kinderopvang", "kinderopvang", ""),
        ("", "", ""),
        ("basisonderwij", None, "po"),
        ("zeevaart", None, ""),
    ],
)
def test_kinds_of_organisations_have_dutch_words(typed: str, sector: str | None, proposal: str) -> None:
    checked = check(sector=typed)
    if sector is None:
        [found] = checked.faults
        assert (found.code, found.proposal) == ("sector_unknown", proposal)
    else:
        assert (checked.row.sector, checked.faults) == (sector, ())


def test_kinds_fit_the_database() -> None:
    assert all(len(code) <= 16 for code in SECTORS)


@pytest.mark.parametrize(
    ("key", "typed", "code", "proposal"),
    [
        ("organisation", "", "organisation_missing", ""),
        ("organisation", "x" * 201, "too_long", "x" * 200),
        ("organisation", "De\nSchool\u200b", "control", "De School"),
        ("municipality", "x" * 201, "too_long", "x" * 200),
        ("swv", "a\x00b", "control", "a b"),
        ("language", "Fries", "language_unknown", "nl"),
    ],
)
def test_other_cells_propose_something_too(key: str, typed: str, code: str, proposal: str) -> None:
    found = fault(**{key: typed})
    assert (found.code, found.key, found.proposal) == (code, key, proposal)


def test_every_cell_of_a_row_is_looked_at() -> None:
    found = check(address="a@b", role="kapitein", organisation="", sector="zeevaart", language="xx").faults
    assert [fault.key for fault in found] == ["address", "role", "organisation", "language", "sector"]


def rows(*texts: tuple[str, str, str]) -> list[CheckedRow]:
    entries = [
        Entry(number, {"address": address, "role": role, "organisation": organisation}, NAMES)
        for number, (address, role, organisation) in enumerate(texts, 2)
    ]
    return check_entries(entries, WORDS)


def codes(checked: list[CheckedRow]) -> list[tuple[int, str, int]]:
    return [(item.number, fault.code, fault.other) for item in checked for fault in item.faults]


def test_somebody_twice_is_a_fault_and_a_shared_address_can_be_confirmed() -> None:
    checked = rows(
        ("a@b.example", "ib", "De School"),
        ("A@B.example", "ib", " de  SCHOOL"),
        ("a@b.example", "zoco", "De School"),
        ("a@b.example", "zoco", "De School"),
        ("a@b.example", "ib", "De Haven"),
        ("c@b.example", "ib", "De School"),
    )
    assert codes(checked) == [
        (3, "double", 2),
        (4, "shared_file", 2),
        (5, "double", 4),
        (6, "shared_file", 2),
    ]


def test_addresses_that_are_missing_are_not_the_same_person() -> None:
    assert codes(rows(("", "ib", "De School"), ("", "ib", "De School"))) == [
        (2, "address_missing", 0),
        (3, "address_missing", 0),
    ]


ADDRESSES = st.sampled_from(["a@b.example", "A@b.example", "c@b.example"])
PEOPLE = st.tuples(ADDRESSES, st.sampled_from(["ib", "zoco"]), st.sampled_from(["X", "Y"]))


@given(st.lists(PEOPLE, max_size=8))
def test_what_is_left_of_a_list_holds_each_person_once(people: list[tuple[str, str, str]]) -> None:
    checked = rows(*people)
    left = [item.row for item in checked if not any(fault.code == "double" for fault in item.faults)]
    kept = [(row.address.casefold(), row.role, row.organisation) for row in left]
    assert sorted(set(kept)) == sorted(kept)
    assert set(kept) == {(address.casefold(), role, name) for address, role, name in people}
    alone = [item.row.address.casefold() for item in checked if not item.faults]
    assert len(alone) == len(set(alone))


def test_a_table_becomes_rows_with_what_was_guarded_released() -> None:
    table = read_table(b"x;y;z\na@b.example;ib;'=SOM(1)\nb@b.example;ib;'t Hart;over\n")
    columns = place_columns(table, {"address": 0, "role": 1, "organisation": 2})
    first, second = list_entries(table, columns)
    assert (first.number, first.texts["organisation"], first.surplus) == (2, "=SOM(1)", "")
    assert (second.texts["organisation"], second.surplus, second.names["role"]) == ("'t Hart", "over", "y")
    assert codes(check_entries([second], WORDS)) == [(3, "surplus", 0)]


@given(st.text(max_size=20))
def test_what_is_guarded_starts_no_formula_and_comes_back(text: str) -> None:
    assert release(guard(text)) == text
    assert not guard(text).startswith(("=", "+", "-", "@", "\t"))
