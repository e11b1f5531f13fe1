"""Drafts: readable with the link only, of one block size, replaced in place, gone when asked."""

import json
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cryptography.exceptions import InvalidTag
from flask import Flask
from sqlalchemy import func, select

from aoj_survey.db import db
from aoj_survey.responses import Draft, DraftContent, delete_draft, keep_draft, read_draft
from aoj_survey.responses.drafts import open_draft, seal_draft
from tests.factories import make_participation

SAMPLES = Path(__file__).parent.parent / "samples"
TOKEN, OTHER = "a" * 26, "b" * 26
CONTENT = DraftContent({"tip": "Praat vaker samen.", "cijfer": 6, "sturing": ("visie",)}, ("cijfer",))


def test_a_draft_is_kept_replaced_read_and_deleted(app: Flask) -> None:
    with db.write() as connection:
        place = make_participation(connection)
        assert read_draft(connection, TOKEN, place) is None
        keep_draft(connection, TOKEN, place, DraftContent({"cijfer": 5}))
        keep_draft(connection, TOKEN, place, CONTENT)
        assert read_draft(connection, TOKEN, place) == CONTENT
        assert connection.execute(select(func.count()).select_from(Draft)).scalar_one() == 1
        delete_draft(connection, TOKEN)
        delete_draft(connection, TOKEN)
        assert read_draft(connection, TOKEN, place) is None


def test_two_links_have_two_drafts(app: Flask) -> None:
    with db.write() as connection:
        place = make_participation(connection)
        keep_draft(connection, TOKEN, place, CONTENT)
        assert read_draft(connection, OTHER, place) is None


@pytest.mark.parametrize("characters", [0, 1, 3000])
def test_a_draft_fills_whole_blocks(characters: int) -> None:
    sealed = seal_draft(TOKEN, uuid4(), DraftContent({"tip": "x" * characters}))
    assert (len(sealed) - 1 - 12 - 16) == 4096


def test_a_draft_opens_with_its_own_link_in_its_own_participation_only() -> None:
    place = uuid4()
    sealed = seal_draft(TOKEN, place, CONTENT)
    assert open_draft(TOKEN, place, sealed) == CONTENT
    for token, where in ((OTHER, place), (TOKEN, uuid4())):
        with pytest.raises(InvalidTag):
            open_draft(token, where, sealed)


def test_nothing_typed_can_be_read_in_the_table(app: Flask) -> None:
    with db.write() as connection:
        keep_draft(connection, TOKEN, make_participation(connection), CONTENT)
        stored = connection.execute(select(Draft.id, Draft.ciphertext)).one()
    assert b"Praat" not in stored.ciphertext
    assert TOKEN.encode() not in stored.ciphertext + stored.id.bytes


def test_the_stored_sample_of_format_1_opens() -> None:
    sample = json.loads((SAMPLES / "draft-1.json").read_text())
    assert open_draft(TOKEN, UUID(sample["participation"]), bytes.fromhex(sample["draft"])) == CONTENT
