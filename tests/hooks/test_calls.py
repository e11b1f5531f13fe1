"""Who is asked, and that the order in which modules were registered decides nothing."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pluggy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.hooks import CORE, Hooks, MessageText, hookimpl, load_hooks
from aoj_survey.hooks.calls import Module, ask
from aoj_survey.questionnaire import KINDS, find_item, load_questionnaire
from tests.hooks.modules import load
from tests.staging import QUESTIONNAIRES

INSTRUMENT = load_questionnaire(QUESTIONNAIRES / "widths" / "1.yaml", "rijnmeer")
ITEM = find_item(INSTRUMENT, "beter")
SPEAKER = """
@hookimpl
def aoj_message_text(region):
    return MessageText(signature="{name}")

@hookimpl
def aoj_check_answer(region):
    return "{name} for " + region
"""


def test_a_module_is_asked_for_its_regions_only(tmp_path: Path) -> None:
    hooks = load(tmp_path, almere=SPEAKER.format(name="Almere"), drecht=SPEAKER.format(name="Drecht"))
    almere, drecht, other = (
        hooks.of_region("almere", ["almere"]),
        hooks.of_region("drecht", ["drecht"]),
        hooks.of_region("other", []),
    )
    assert almere.message_text("invitation", "nl").signature == "Almere"
    assert drecht.message_text("invitation", "nl").signature == "Drecht"
    assert other.message_text("invitation", "nl").signature == ""
    assert almere.check_answer(ITEM, "x", "nl") == "Almere for almere"
    assert other.check_answer(ITEM, "x", "nl") is None


def test_a_module_of_another_region_may_fail(tmp_path: Path) -> None:
    broken = "@hookimpl\ndef aoj_message_text():\n    return 1 / 0"
    hooks = load(tmp_path, almere=SPEAKER.format(name="Almere"), broken=broken)
    assert hooks.of_region("almere", ["almere"]).message_text("invitation", "nl").signature == "Almere"


class Speaker:
    """A module in memory, which gives its own name wherever it is asked."""

    def __init__(self, name: str) -> None:
        self.name = name

    @hookimpl
    def aoj_message_text(self) -> MessageText:
        return MessageText(signature=self.name)

    @hookimpl
    def aoj_check_answer(self) -> str:
        return self.name

    @hookimpl
    def aoj_reminder_day(self, proposed: date) -> date:
        return proposed.replace(day=proposed.day + 1 + int(self.name[1:]))


HOOKS_OF_SPEAKERS = ("aoj_check_answer", "aoj_message_text", "aoj_reminder_day")


def register(names: Sequence[str]) -> Hooks:
    """Hooks with these modules, registered in this order."""
    core = load_hooks()
    modules: dict[str, Module] = {}
    for name in names:
        core.plugins.register(Speaker(name), name)
        modules[name] = Module(name, "1", "", "", HOOKS_OF_SPEAKERS, None, ())
    return Hooks(core.plugins, modules, {}, core.kinds)


def ask_everything(hooks: Hooks, enabled: Sequence[str]) -> tuple[object, ...]:
    asked = hooks.of_region("rijnmeer", enabled)
    return (
        asked.message_text("invitation", "nl"),
        asked.check_answer(ITEM, "x", "nl"),
        asked.reminder_day(date(2026, 5, 1), 1, date(2026, 5, 31)),
        asked.list_versions(INSTRUMENT),
    )


NAMES = st.lists(st.sampled_from(["m0", "m1", "m2", "m3", "m4"]), unique=True, min_size=1)


@given(names=NAMES, data=st.data())
def test_the_order_of_registration_decides_nothing(names: list[str], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(names))
    enabled = data.draw(st.permutations(names))
    assert ask_everything(register(names), names) == ask_everything(register(shuffled), enabled)


def test_asking_pluggy_itself_does_depend_on_that_order() -> None:
    """The twin: what would be decided by the last module registered, were modules not asked one by one."""
    given = [
        register(names).plugins.hook.aoj_message_text(kind="", language="", region="")
        for names in (["m0", "m1"], ["m1", "m0"])
    ]
    assert given[0] != given[1]


def test_the_first_name_decides_and_the_core_comes_last() -> None:
    assert register(["m2", "m1"]).of_region("r", ["m2", "m1"]).message_text("", "").signature == "m1"
    assert register(["m2"]).of_region("r", []).message_text("", "") == MessageText()


def test_several_messages_about_an_answer_come_down_to_one(tmp_path: Path) -> None:
    silent = "@hookimpl\ndef aoj_check_answer():\n    return ''"
    hooks = load(tmp_path, a=silent, b=SPEAKER.format(name="B"), c=SPEAKER.format(name="C"))
    assert hooks.of_region("r", ["c", "b", "a"]).check_answer(ITEM, "x", "nl") == "B for r"


def test_a_kind_makes_its_module_part_of_the_instrument(tmp_path: Path) -> None:
    kind = """
    from dataclasses import replace
    from aoj_survey.questionnaire import KINDS
    @hookimpl
    def aoj_item_kinds():
        yield replace(KINDS["open"], name="poem")
    """
    hooks = load(tmp_path, kinds=kind)
    text = (QUESTIONNAIRES / "widths" / "1.yaml").read_text(encoding="utf-8")
    file = tmp_path / "w.yaml"
    file.write_text(text.replace("kind: open", "kind: poem"), encoding="utf-8")
    instrument = load_questionnaire(file, "rijnmeer", kinds=hooks.kinds)
    assert hooks.of_region("rijnmeer", []).list_versions(instrument) == ("kinds 1.0",)
    assert hooks.of_region("rijnmeer", []).list_versions(INSTRUMENT) == ()
    assert set(KINDS) < set(hooks.kinds)


def test_calls_are_printed_when_asked_for_without_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    load(tmp_path, own=SPEAKER.format(name="Own"))
    load_hooks(tmp_path, ["own"]).of_region("rijnmeer", ["own"]).check_answer(ITEM, "geheim", "nl")
    assert capsys.readouterr().err == ""
    traced = load_hooks(tmp_path, ["own"], trace=True)
    capsys.readouterr()
    traced.of_region("rijnmeer", ["own"]).check_answer(ITEM, "geheim", "nl")
    assert capsys.readouterr().err == "aoj_check_answer(language=nl, region=rijnmeer) asked of own\n"


def test_the_core_alone_answers_every_hook_that_needs_an_answer() -> None:
    hooks = load_hooks()
    assert len(ask(hooks.plugins, "aoj_item_kinds", CORE)) == 1
    assert isinstance(hooks.plugins, pluggy.PluginManager)
    assert hooks.of_region("r", []).reminder_day(date(2026, 5, 1), 1, date(2026, 5, 1)) == date(2026, 5, 1)
    assert hooks.of_region("r", []).check_questionnaire(INSTRUMENT) == ()
