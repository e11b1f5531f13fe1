"""Stricter numbers of a region: its own and those of its modules, the strictest of all."""

from pathlib import Path

import pytest
from flask import Flask

from aoj_survey.db import db
from aoj_survey.disclosure import CORE_RULE, DisclosureRule
from aoj_survey.errors import NotFoundError, PluginError
from aoj_survey.hooks import Hooks, load_hooks
from aoj_survey.regions import add_region, enable_module, find_own_rule, find_rule, set_own_rule
from tests.hooks.modules import load

MODULE = "@hookimpl\ndef aoj_disclosure_rule():\n    return DisclosureRule(k=8, threshold=12)"


def add(hooks: Hooks) -> None:
    with db.write() as connection:
        add_region(connection, "rijnmeer", "Rijnmeer")
        for name in hooks.modules:
            enable_module(connection, "rijnmeer", name)


def find(hooks: Hooks, region: str = "rijnmeer") -> DisclosureRule:
    with db.read() as connection:
        return find_rule(connection, hooks, region)


def ask(rule: DisclosureRule) -> None:
    with db.write() as connection:
        set_own_rule(connection, "rijnmeer", rule)


def test_strictest_of_core_region_and_module_wins_number_by_number(app: Flask, tmp_path: Path) -> None:
    hooks = load(tmp_path, own=MODULE)
    add(hooks)
    assert find(load_hooks(), "nowhere") == CORE_RULE
    assert find(hooks) == DisclosureRule(8, 12)
    ask(DisclosureRule(6, 20))
    assert find(hooks) == DisclosureRule(8, 20)
    ask(DisclosureRule(9))
    with db.read() as connection:
        assert find_own_rule(connection, "rijnmeer") == DisclosureRule(9)
    assert find(hooks) == DisclosureRule(9, 12)


def test_a_module_that_is_gone_stops_what_it_would_protect(sqlite_app: Flask, tmp_path: Path) -> None:
    add(load(tmp_path, own=MODULE))
    with pytest.raises(PluginError, match="own is enabled for rijnmeer but"):
        find(load_hooks())


def test_an_unknown_region_keeps_no_numbers(sqlite_app: Flask) -> None:
    with pytest.raises(NotFoundError, match="no region rijnmeer"):
        ask(DisclosureRule(8))
