"""Which modules are loaded, and what happens to one that cannot be."""

import sys
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from types import ModuleType

import pytest

from aoj_survey.errors import PluginError
from aoj_survey.hooks import CORE, find_modules, hookimpl, load_hooks
from aoj_survey.questionnaire import KINDS
from tests.hooks.modules import load, write_module

SILENT = '"""Does nothing.\n\nMore."""'
OVERLAYS = "@hookimpl\ndef aoj_overlays():\n    return []"


def test_without_names_there_is_the_core_alone() -> None:
    hooks = load_hooks()
    assert (hooks.modules, hooks.failures) == ({}, {})
    assert set(hooks.kinds) == set(KINDS)


def test_a_loaded_module_is_described(tmp_path: Path) -> None:
    write_module(tmp_path, "own", "", preamble='"""Does nothing.\n\nMore."""\n__version__ = "2.1"\n')
    module = load_hooks(tmp_path, ["own"]).modules["own"]
    assert (module.name, module.version, module.summary) == ("own", "2.1", "Does nothing.")
    assert (module.place, module.hooks, module.region) == (str(tmp_path / "own"), (), None)


def test_only_named_modules_are_loaded(tmp_path: Path) -> None:
    write_module(tmp_path, "een", OVERLAYS)
    write_module(tmp_path, "twee", "raise RuntimeError")
    (tmp_path / "geen_module").mkdir()
    assert set(find_modules(tmp_path)) == {"een", "twee"}
    hooks = load_hooks(tmp_path, ["een"])
    assert (set(hooks.modules), hooks.failures) == ({"een"}, {})


def test_two_applications_do_not_share_modules(tmp_path: Path) -> None:
    write_module(tmp_path / "a", "own", "from .words import WORD")
    (tmp_path / "a" / "own" / "words.py").write_text("WORD = 'a'")
    write_module(tmp_path / "b", "own", "from .words import WORD\n" + OVERLAYS)
    (tmp_path / "b" / "own" / "words.py").write_text("WORD = 'b'")
    first, second = (load_hooks(tmp_path / name, ["own"]) for name in ("a", "b"))
    assert first.modules["own"].hooks == ()
    assert second.modules["own"].hooks == ("aoj_overlays",)
    assert [getattr(hooks.plugins.get_plugin("own"), "WORD", "") for hooks in (first, second)] == ["a", "b"]


# What stops the start


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("@hookimpl\ndef aoj_overlay():\n    ...", "implements aoj_overlay, which is no hook. Did you mean aoj_overlays?"),
        ("@hookimpl\ndef aoj_qqqqqq():\n    ...", "implements aoj_qqqqqq, which is no hook. There are: aoj_check_answer,"),
        ("@hookimpl\ndef zzz():\n    ...", "implements zzz, which is no hook. There are: "),
        ("@hookimpl\ndef aoj_overlays(year):\n    ...", "asks aoj_overlays for year; its arguments are: questionnaire, "),
        ("def aoj_overlays():\n    ...", "has a function aoj_overlays without @hookimpl above it"),
        ("@hookimpl(wrapper=True)\ndef aoj_overlays():\n    return (yield)", "wraps aoj_overlays; a region module adds"),
        ("__version__ = ''", "has no version"),
        ("__version__ = '1 0'", "has no version"),
    ],
)  # fmt: skip
def test_a_module_that_declares_what_cannot_be_stops_the_start(
    source: str, words: str, tmp_path: Path
) -> None:
    with pytest.raises(PluginError) as caught:
        load(tmp_path, own=source)
    assert f"The region module own {words}" in str(caught.value)
    assert caught.value.module == "own"


# What is left out


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import nergens_te_vinden", r"it cannot be imported: ModuleNotFoundError .*nergens_te_vinden"),
        ("def half(:", r"SyntaxError \(invalid syntax\) at .*broken.__init__\.py:7\."),
        ("raise SystemExit(3)", "it cannot be imported: SystemExit"),
        ("@hookimpl\ndef aoj_region():\n    return 1 / 0", "it failed in aoj_region: ZeroDivisionError"),
        (
            "@hookimpl\ndef aoj_region():\n    return 'own'",
            "it gave str for aoj_region, which wants a Region",
        ),
        (
            "@hookimpl\ndef aoj_item_kinds():\n    yield 1 / 0",
            "it failed in aoj_item_kinds: ZeroDivisionError",
        ),
        ("@hookimpl\ndef aoj_item_kinds():\n    yield 'star'", "it gave str for aoj_item_kinds"),
    ],
)
def test_a_module_that_fails_is_left_out_and_named_and_the_others_are_there(
    source: str, words: str, tmp_path: Path
) -> None:
    hooks = load(tmp_path, broken=source, whole=OVERLAYS)
    assert set(hooks.modules) == {"whole"}
    assert set(hooks.failures) == {"broken"}
    with pytest.raises(PluginError, match=words) as caught:
        hooks.of_region("rijnmeer", ["broken"]).require_whole()
    assert caught.value.module == "broken"
    assert "aoj plugins disable broken rijnmeer" in str(caught.value)
    hooks.of_region("rijnmeer", ["whole"]).require_whole()


def test_a_module_that_failed_is_not_asked(tmp_path: Path) -> None:
    broken = "@hookimpl\ndef aoj_region():\n    return 1 / 0\n" + OVERLAYS
    hooks = load(tmp_path, broken=broken)
    assert [name for name, _ in hooks.plugins.list_name_plugin()] == [CORE]
    assert hooks.of_region("rijnmeer", ["broken"]).overlays("widths", "1") == ()


def test_an_unknown_name_is_a_failure(tmp_path: Path) -> None:
    assert load_hooks(tmp_path, ["nergens"]).failures == {"nergens": "there is no module with this name."}


def test_a_module_that_is_enabled_but_not_loaded_is_named(tmp_path: Path) -> None:
    with pytest.raises(PluginError, match="own is enabled for rijnmeer but is not among the `modules`"):
        load_hooks(tmp_path).of_region("rijnmeer", ["own"]).require_whole()


# Installed packages


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A package `polder` that is installed, with an entry point in our group."""
    package = ModuleType("polder_module")
    package.__doc__ = "An installed module."
    package.__dict__["__version__"] = "3.0"

    @hookimpl
    def aoj_overlays() -> list[Path]:
        return []

    package.__dict__["aoj_overlays"] = aoj_overlays
    monkeypatch.setitem(sys.modules, "polder_module", package)
    points = EntryPoints([EntryPoint("polder", "polder_module", "aoj_survey")])
    monkeypatch.setattr(
        "aoj_survey.hooks.loader.metadata.entry_points", lambda group: points.select(group=group)
    )


def test_an_installed_package_is_a_module(installed: None, tmp_path: Path) -> None:
    module = load_hooks(tmp_path, ["polder"]).modules["polder"]
    assert (module.version, module.place, module.hooks) == ("3.0", "polder_module", ("aoj_overlays",))


def test_a_name_that_is_there_twice_stops_the_start(installed: None, tmp_path: Path) -> None:
    write_module(tmp_path, "polder", OVERLAYS)
    with pytest.raises(PluginError, match="polder is there twice"):
        load_hooks(tmp_path, ["polder"])
