"""Which modules are enabled for which region, and regions that modules bring."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from aoj_survey.app import create_app
from aoj_survey.config import make_settings
from aoj_survey.db import db
from aoj_survey.errors import NotFoundError, PluginError, StateError
from aoj_survey.hooks import Hooks
from aoj_survey.installation import Installation
from aoj_survey.regions import (
    Region,
    add_declared,
    add_region,
    disable_module,
    enable_module,
    list_enabled,
    list_modules,
    region_hooks,
)
from tests.conftest import FixedClock
from tests.factories import make_region
from tests.hooks.modules import load, write_module

BRINGS = '@hookimpl\ndef aoj_region():\n    return Region("{code}", "{name}"{more})'


def bring(folder: Path, code: str, name: str, more: str = "") -> Hooks:
    return load(folder, own=BRINGS.format(code=code, name=name, more=more))


def test_modules_are_enabled_and_disabled_for_one_region(app: Flask) -> None:
    with db.write() as connection:
        make_region(connection, code="almere")
        make_region(connection, code="rijnmeer")
        assert enable_module(connection, "almere", "b")
        assert enable_module(connection, "almere", "a")
        assert not enable_module(connection, "almere", "a")
        assert enable_module(connection, "rijnmeer", "a")
    with db.write() as connection:
        assert list_modules(connection, "almere") == ("a", "b")
        assert list_enabled(connection) == {"a": ("almere", "rijnmeer"), "b": ("almere",)}
        assert disable_module(connection, "almere", "a")
        assert not disable_module(connection, "almere", "a")
        assert (list_modules(connection, "almere"), list_modules(connection, "rijnmeer")) == (("b",), ("a",))


def test_a_module_cannot_be_enabled_for_a_region_nobody_knows(app: Flask) -> None:
    with pytest.raises(NotFoundError, match="no region nergens"), db.write() as connection:
        enable_module(connection, "nergens", "a")


def test_the_hooks_of_a_region_are_those_of_its_modules(app: Flask, installation: Installation) -> None:
    with db.write() as connection:
        make_region(connection, code="almere")
        enable_module(connection, "almere", "a")
        asked = region_hooks(connection, installation.hooks, "almere")
    assert (asked.region, asked.enabled) == ("almere", ("a",))


def test_a_region_that_a_module_brings_is_added_with_that_module(app: Flask, tmp_path: Path) -> None:
    hooks = bring(tmp_path, "polder", "Polder")
    with db.write() as connection:
        assert add_declared(connection, hooks) == ("polder",)
        assert add_declared(connection, hooks) == ()
        assert list_modules(connection, "polder") == ("own",)


def test_a_region_that_is_known_stays_as_it_is(app: Flask, tmp_path: Path) -> None:
    hooks = bring(tmp_path, "polder", "Nieuwe naam")
    with db.write() as connection:
        add_region(connection, "polder", "Polder")
        assert add_declared(connection, hooks) == ()
        assert connection.execute(select(Region.name)).scalar_one() == "Polder"
        assert list_modules(connection, "polder") == ()


def test_a_region_that_cannot_be_is_refused(app: Flask, tmp_path: Path) -> None:
    hooks = bring(tmp_path, "polder", "Polder", ', time_zone="Maan/Krater"')
    with pytest.raises(StateError, match="Maan/Krater"), db.write() as connection:
        add_declared(connection, hooks)


# At the start


@pytest.fixture
def values(tmp_path: Path) -> dict[str, Any]:
    """Settings with one module, `own`, that brings the region Polder."""
    write_module(tmp_path / "plugins", "own", BRINGS.format(code="polder", name="Polder", more=""))
    return {"plugin_directory": str(tmp_path / "plugins"), "modules": "own"}


def find_names(app: Flask) -> list[str]:
    with app.app_context(), db.read() as connection:
        names = list(connection.execute(select(Region.name)).scalars())
        db.engine.dispose()
        return names


def test_starting_adds_the_regions_of_modules_once(
    sqlite_app: Flask, values: dict[str, Any], tmp_path: Path, clock: FixedClock
) -> None:
    settings = make_settings(tmp_path, values)
    assert find_names(create_app(settings, clock)) == ["Polder"]
    assert find_names(create_app(settings, clock)) == ["Polder"]


def test_without_tables_nothing_is_added(
    sqlite_app: Flask, values: dict[str, Any], tmp_path: Path, clock: FixedClock
) -> None:
    empty = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    app = create_app(make_settings(tmp_path, {**values, "database_url": empty}), clock)
    with app.app_context():
        db.engine.dispose()


def test_two_processes_that_start_at_once_are_both_started(
    sqlite_app: Flask,
    values: dict[str, Any],
    tmp_path: Path,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def collide(*_: object) -> None:
        raise IntegrityError("insert", {}, RuntimeError())

    monkeypatch.setattr("aoj_survey.app.add_declared", collide)
    create_app(make_settings(tmp_path, values), clock)


def test_a_misspelt_hook_stops_the_start(values: dict[str, Any], tmp_path: Path, sqlite_app: Flask) -> None:
    write_module(tmp_path / "plugins", "twee", "@hookimpl\ndef aoj_regio():\n    ...")
    with pytest.raises(PluginError, match=r"twee implements aoj_regio, .* Did you mean aoj_region\?"):
        create_app(make_settings(tmp_path, {**values, "modules": "own, twee"}))


def test_a_module_that_cannot_be_imported_is_logged_and_the_start_goes_on(
    values: dict[str, Any], tmp_path: Path, sqlite_app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    write_module(tmp_path / "plugins", "twee", "import nergens_te_vinden")
    app = create_app(make_settings(tmp_path, {**values, "modules": "own twee"}), FixedClock())
    installation: Installation = app.extensions["aoj"]
    assert set(installation.hooks.modules) == {"own"}
    assert "the region module twee is left out: it cannot be imported" in caplog.text
