"""The members of a region: told apart by their names, brought by a module or kept by command."""

from pathlib import Path

import pytest
from flask import Flask

from aoj_survey.db import db
from aoj_survey.errors import NotFoundError, StateError
from aoj_survey.regions import (
    Members,
    add_declared,
    add_region,
    find_members,
    find_swv_sector,
    read_members,
    set_members,
)
from tests.hooks.modules import load

NAMES = ("gemeente Havendam", "Rijnmeer", "swv PO Rijnmeer", "Samenwerkingsverband VO Rijnmeer")
MEMBERS = Members(("Havendam", "Rijnmeer"), ("Samenwerkingsverband VO Rijnmeer", "swv PO Rijnmeer"))


def test_members_are_told_apart_by_their_names() -> None:
    found = read_members([*NAMES, " gemeente   Havendam ", ""])
    assert set(found.municipalities) == set(MEMBERS.municipalities)
    assert set(found.partnerships) == set(MEMBERS.partnerships)


@pytest.mark.parametrize(
    ("name", "sector"), [("swv PO Rijnmeer", "po"), ("swv vo Rijnmeer", "vo"), ("swv Volendam", "")]
)
def test_the_sector_of_a_partnership_is_in_its_name(name: str, sector: str) -> None:
    assert find_swv_sector(name) == sector


def test_members_are_kept_and_replaced_as_a_whole(app: Flask) -> None:
    with db.write() as connection:
        add_region(connection, "rijnmeer", "Rijnmeer")
        assert find_members(connection, "rijnmeer") == Members()
        set_members(connection, "rijnmeer", ["gemeente Elders"])
        set_members(connection, "rijnmeer", NAMES)
        assert find_members(connection, "rijnmeer") == MEMBERS
        assert find_members(connection, "nergens") == Members()


def test_members_of_an_unknown_region_and_too_long_names_are_refused(sqlite_app: Flask) -> None:
    with pytest.raises(NotFoundError, match="no region nergens"), db.write() as connection:
        set_members(connection, "nergens", NAMES)
    with db.write() as connection:
        add_region(connection, "rijnmeer", "Rijnmeer")
    with pytest.raises(StateError, match="longer than 200"), db.write() as connection:
        set_members(connection, "rijnmeer", ["x" * 201])


def test_a_module_brings_the_members_of_its_region_once(sqlite_app: Flask, tmp_path: Path) -> None:
    source = f'@hookimpl\ndef aoj_region():\n    return Region("polder", "Polder", members={NAMES!r})'
    hooks = load(tmp_path, own=source)
    with db.write() as connection:
        add_declared(connection, hooks)
        assert find_members(connection, "polder") == MEMBERS
        set_members(connection, "polder", ["gemeente Polder"])
        add_declared(connection, hooks)
        assert find_members(connection, "polder") == Members(("Polder",))
