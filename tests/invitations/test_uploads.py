"""Lists between two steps: sealed, bound to their place, checked as they stand, added once."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from aoj_survey.db import db
from aoj_survey.invitations import (
    FrameUpload,
    Invitee,
    Upload,
    add_supplier,
    add_upload,
    check_upload,
    delete_upload,
    find_supplier,
    find_upload_of,
    keep_upload,
    list_uploads,
    read_table,
    read_upload,
    remove_supplier,
    start_upload,
    sweep_uploads,
    use_supplier,
)
from aoj_survey.invitations.tables import Table
from aoj_survey.invitations.uploads import KEPT, _open, _seal
from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import ParticipationFacts
from tests.conftest import FixedClock
from tests.factories import make_participation
from tests.responses.boxes import count_rows, read_rows
from tests.staging import start_wave

KEY = b"k" * 32
SAMPLE = Path(__file__).parent.parent / "samples" / "upload-1.hex"
SAMPLE_ID = UUID("11111111-2222-4333-8444-555555555555")
TODAY = date(2026, 5, 4)
PLACES = {"address": 0, "role": 1, "organisation": 2}
LIST = "e-mail;rol;school\na@b.example;ib;De School\nc@b.example;kapitein;De Haven\n"


@pytest.fixture
def facts(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    return start_wave(keys, clock(), {"ib": 3, "zoco": 1})


def make(text: str = LIST) -> Upload:
    return Upload("lijst.csv", read_table(text.encode()), PLACES)


def begin(keys: KeyDirectory, facts: ParticipationFacts, upload: Upload) -> Upload:
    with db.write() as connection:
        start_upload(connection, keys, facts.id, upload, TODAY)
    return upload


CELL = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
NUMBERS = st.frozensets(st.integers(1, 30_000), max_size=4)


@given(
    st.lists(st.tuples(st.integers(1, 30_000), st.lists(CELL, max_size=3)), max_size=4),
    st.none() | st.dictionaries(st.sampled_from(sorted(PLACES)), st.integers(0, 40)),
    st.dictionaries(st.integers(1, 30_000), st.dictionaries(CELL, CELL, max_size=2), max_size=3),
    NUMBERS,
    NUMBERS,
)
def test_what_is_sealed_comes_back(
    rows: list[tuple[int, list[str]]],
    places: dict[str, int] | None,
    texts: dict[int, dict[str, str]],
    skipped: frozenset[int],
    confirmed: frozenset[int],
) -> None:
    table = Table(("a", "b"), tuple((number, tuple(cells)) for number, cells in rows), "windows-1252")
    upload = Upload("lijst.csv", table, places, texts, skipped, confirmed)
    sealed = _seal(KEY, upload)
    assert _open(KEY, upload.id, sealed, None) == upload
    with pytest.raises(InvalidTag):
        _open(KEY, SAMPLE_ID, sealed, None)
    with pytest.raises(InvalidTag):
        _open(b"o" * 32, upload.id, sealed, None)


def test_what_this_version_sealed_is_read_for_ever() -> None:
    found = _open(KEY, SAMPLE_ID, bytes.fromhex(SAMPLE.read_text(encoding="ascii")), None)
    texts = {3: {"role": "zoco"}}
    assert found == replace(
        make(), id=SAMPLE_ID, texts=texts, skipped=frozenset({2}), confirmed=frozenset({3})
    )


def test_a_list_belongs_to_its_participation(facts: ParticipationFacts, keys: KeyDirectory) -> None:
    upload = begin(keys, facts, make())
    with db.write() as connection:
        other = make_participation(connection, region_code="duinstreek")
        assert list_uploads(connection, facts.id) == {upload.id: TODAY}
        assert list_uploads(connection, other) == {}
        assert not delete_upload(connection, other, upload.id)
        assert read_upload(connection, keys, facts.id, upload.id) == upload
        assert read_upload(connection, keys, other, upload.id) is None


def test_what_is_gone_is_not_kept_again(facts: ParticipationFacts, keys: KeyDirectory) -> None:
    upload = begin(keys, facts, make())
    with db.write() as connection:
        assert keep_upload(connection, keys, facts.id, replace(upload, skipped=frozenset({3})))
        assert read_upload(connection, keys, facts.id, upload.id) == replace(upload, skipped=frozenset({3}))
        assert delete_upload(connection, facts.id, upload.id)
        assert not delete_upload(connection, facts.id, upload.id)
        assert not keep_upload(connection, keys, facts.id, upload)
    assert count_rows(FrameUpload) == 0


def test_a_week_later_it_is_erased(facts: ParticipationFacts, keys: KeyDirectory) -> None:
    begin(keys, facts, make())
    for days, erased in ((KEPT.days - 1, 0), (KEPT.days, 1), (KEPT.days, 0)):
        with db.write() as connection:
            assert sweep_uploads(connection, TODAY + timedelta(days=days)) == erased


def test_rows_fall_apart_in_good_faulty_and_skipped_and_corrections_count(
    facts: ParticipationFacts, keys: KeyDirectory
) -> None:
    text = LIST + "a@b.example;ib;de school\npost@rijnmeer-ib-1.example;ib;school 1\n"
    upload = replace(make(text), skipped=frozenset({2}))
    with db.read() as connection:
        checked = check_upload(connection, keys, facts.id, upload)
        mended = check_upload(connection, keys, facts.id, replace(upload, texts={3: {"role": "zoco"}}))
    assert [item.number for item in checked.good] == [4], "row 2 is skipped, so row 4 is no double"
    assert [(item.number, item.faults[0].code) for item in checked.faulty] == [
        (3, "role_unknown"),
        (5, "listed"),
    ]
    assert ([item.number for item in checked.skipped], checked.read, checked.shown_good) == ([2], 4, 1)
    assert [item.row.role for item in mended.good] == ["zoco", "ib"]


def test_a_list_with_faults_is_not_added_and_a_good_one_once(
    facts: ParticipationFacts, keys: KeyDirectory
) -> None:
    upload = begin(keys, facts, make())
    with db.write() as connection:
        checked = check_upload(connection, keys, facts.id, upload)
        with pytest.raises(ValueError, match="faults"):
            add_upload(connection, keys, facts.id, upload, checked)
        good = replace(upload, skipped=frozenset({3}))
        checked = check_upload(connection, keys, facts.id, good)
        assert add_upload(connection, keys, facts.id, good, checked) == 1
        assert add_upload(connection, keys, facts.id, good, checked) is None
    assert count_rows(Invitee) == 5


def test_a_supplier_puts_in_one_list_and_is_told_of_own_faults_only(
    facts: ParticipationFacts, keys: KeyDirectory
) -> None:
    text = (
        "e-mail;rol;school\npost@rijnmeer-ib-1.example;ib;school 1\na@b.example;ib;De School\nx;ib;De Kade\n"
    )
    with db.write() as connection:
        token = add_supplier(connection, facts.id, " swv Rijnmeer ")
        found = find_supplier(connection, token)
        assert found is not None
        supplier, place = found
        assert (supplier.name, supplier.used, place.id) == ("swv Rijnmeer", False, facts.id)
        upload = replace(make(text), supplier=supplier.id)
        start_upload(connection, keys, facts.id, upload, TODAY)
        assert find_upload_of(connection, supplier.id) == upload.id
        assert list_uploads(connection, facts.id) == {}
        checked = check_upload(connection, keys, facts.id, upload)
        assert use_supplier(connection, supplier.id)
        assert not use_supplier(connection, supplier.id)
        assert find_supplier(connection, "a" * 26) is None
        assert not remove_supplier(connection, make_participation(connection, region_code="x"), supplier.id)
    assert ([item.number for item in checked.quiet], checked.shown_good) == ([2], 2)
    assert [(item.number, item.faults[0].code) for item in checked.faulty] == [(4, "address_wrong")]


def test_nothing_of_a_list_can_be_read_without_its_key(facts: ParticipationFacts, keys: KeyDirectory) -> None:
    upload = begin(keys, facts, make())
    [row] = read_rows(FrameUpload)
    assert not [part for part in (b"b.example", b"School", b"lijst") if part in row["sealed"]]
    with db.write() as connection:
        connection.execute(update(FrameUpload).values(sealed=row["sealed"][:-1] + b"x"))
        with pytest.raises(InvalidTag):
            read_upload(connection, keys, facts.id, upload.id)
