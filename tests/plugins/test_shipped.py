"""The modules in `plugins/`: what they add, and that they use nothing but the door for modules."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from werkzeug.datastructures import MultiDict

from aoj_survey.config import ROOT
from aoj_survey.errors import PluginError, QuestionnaireError
from aoj_survey.hooks import DatasetFacts, KnownColumn, MessageText, compile_for_region, load_hooks
from aoj_survey.interview import make_form, walk
from aoj_survey.questionnaire import Instrument, find_context, find_item, load_questionnaire
from aoj_survey.testing import TriedModule, try_module

PLUGINS = ROOT / "plugins"
SHIPPED = ["almere", "drechtsteden", "example"]
OVERLAYS = sorted(PLUGINS.glob("*/overlays/*.yaml"))


@pytest.fixture
def almere() -> TriedModule:
    return try_module(PLUGINS / "almere")


@pytest.fixture
def drechtsteden() -> TriedModule:
    return try_module(PLUGINS / "drechtsteden")


@pytest.fixture
def example() -> TriedModule:
    return try_module(PLUGINS / "example")


def list_codes(instrument: Instrument) -> list[str]:
    return [item.code for item in instrument.items()]


def find_imports(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


# All of them


def test_all_modules_load_together() -> None:
    hooks = load_hooks(PLUGINS, SHIPPED)
    assert (set(hooks.modules), hooks.failures) == (set(SHIPPED), {})
    assert {module.region.code for module in hooks.modules.values() if module.region} == {
        *("almere", "drechtsteden", "voorbeeld")
    }


@pytest.mark.parametrize("name", SHIPPED)
def test_a_module_imports_the_door_for_modules_only(name: str) -> None:
    sources = [path.read_text(encoding="utf-8") for path in (PLUGINS / name).rglob("*.py")]
    own = {target for source in sources for target in find_imports(source) if target.startswith("aoj_survey")}
    assert own == {"aoj_survey.api"}


def test_an_import_of_an_inner_module_is_found() -> None:
    assert list(find_imports("from aoj_survey.db import db")) == ["aoj_survey.db"]


@pytest.mark.parametrize("path", OVERLAYS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_every_overlay_compiles_and_leaves_the_shared_questions_alone(path: Path) -> None:
    module = try_module(path.parents[1])
    questionnaire, _, edition = path.stem.partition("@")
    own = module.compile(questionnaire, edition)
    shared = load_questionnaire(
        ROOT / "questionnaires" / questionnaire / f"{edition}.yaml", module.hooks.region
    )
    prefix = f"{module.hooks.region}_"
    kept = [item for item in own.items() if not item.code.startswith(prefix)]
    assert kept == [item for item in shared.items() if item in kept]
    assert own.modules == (f"{module.module.name} {module.module.version}",)


def test_a_region_gets_nothing_of_another() -> None:
    hooks = load_hooks(PLUGINS, SHIPPED)
    file = ROOT / "questionnaires" / "aoj-professionals" / "2021.yaml"
    instrument = compile_for_region(file, hooks.of_region("almere", ["almere"]))
    assert not [code for code in list_codes(instrument) if code.startswith(("drechtsteden_", "voorbeeld_"))]
    assert instrument.modules == ("almere 1.0",)


def test_a_module_that_cannot_be_loaded_cannot_be_tried(tmp_path: Path) -> None:
    (tmp_path / "leeg").mkdir()
    with pytest.raises(PluginError, match="leeg cannot be tried: there is no module with this name"):
        try_module(tmp_path / "leeg")


# Drechtsteden


def test_drechtsteden_asks_about_its_project_and_says_so_in_mails(drechtsteden: TriedModule) -> None:
    instrument = drechtsteden.compile("aoj-professionals", "2015")
    assert {"drechtsteden_leertafel", "drechtsteden_platform"} <= set(list_codes(instrument))
    assert instrument.mail
    assert "leertafels" in instrument.mail["nl"]
    region = drechtsteden.module.region
    assert region is not None
    assert [name.partition(" ")[0] for name in region.members] == ["gemeente"] * 6 + ["swv"] * 6


def test_drechtsteden_asks_what_a_learning_table_brought_of_those_who_were_there(
    drechtsteden: TriedModule,
) -> None:
    instrument = drechtsteden.compile("aoj-professionals", "2015")
    context = find_context("ib", "drechtsteden")
    for answer, asked in (("ja", True), ("nee", False)):
        pages = walk(instrument, {"drechtsteden_leertafel": answer}, context).pages
        assert ("drechtsteden_leertafel_nut" in [page.code for page in pages]) is asked


def test_drechtsteden_holds_itself_to_two_minutes(drechtsteden: TriedModule) -> None:
    instrument = drechtsteden.compile("aoj-professionals", "2015")
    assert drechtsteden.hooks.check_questionnaire(instrument) == ()
    slow = [
        replace(item, seconds=121) for item in instrument.items() if item.code == "drechtsteden_leertafel"
    ]
    theme = instrument.themes[0]
    longer = replace(theme, pages=(*theme.pages, replace(theme.pages[0], items=tuple(slow))))
    [problem] = drechtsteden.hooks.check_questionnaire(replace(instrument, themes=(longer,)))
    assert (problem.code, problem.level) == ("drechtsteden-too-long", "error")
    assert "121 seconds" in problem.what


# Almere


def test_almere_calls_the_pact_by_its_own_name(almere: TriedModule) -> None:
    instrument = almere.compile("aoj-beleid", "2021")
    pages = walk(instrument, {}, find_context("swv", "almere")).pages
    [item] = [item for page in pages for item in page.items if item.code == "thuiszitterspact"]
    assert "Stappenplan verzuim" in item.text["nl"]
    assert "thuiszitterspact" not in item.text["nl"]


def test_almere_asks_since_which_school_year(almere: TriedModule) -> None:
    instrument = almere.compile("aoj-professionals", "2021")
    item = find_item(instrument, "almere_zat_sinds")
    kinds = almere.hooks.hooks.kinds
    kind = kinds["school_year"]
    assert [kind.accepts(item, value) for value in (2011, 2012, 2030, 2031, "2012", True)] == [
        *(False, True, True, False, False, False)
    ]
    assert kind.largest(item) == 4
    assert [column.name for column in kind.columns(item)] == ["almere_zat_sinds"]
    assert kind.cells(item, 2018) == (2018,)
    [page] = [page for page in instrument.pages if page.code == "almere_zat_sinds"]
    form = make_form(page, "nl", kinds)(data={"almere_zat_sinds": "2018"})
    assert '<option selected value="2018">2018-2019</option>' in form["almere_zat_sinds"]()
    assert kind.field is not None
    assert (kind.field.read(item, "2018"), kind.field.read(item, ""), kind.field.fill(2018)) == (
        2018,
        None,
        "2018",
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Mail naar iemand@school.example", True),
        ("Bel 06-12345678", True),
        ("Bel 036 123 45 67", True),
        ("Bel +31 6 1234 5678", True),
        ("In 2021 waren er 130 van 250, zaal 0.36", False),
        ("korte lijnen", False),
    ],
)
def test_almere_keeps_addresses_out_of_open_answers(text: str, told: bool, almere: TriedModule) -> None:
    instrument = almere.compile("aoj-professionals", "2021")
    assert (almere.check_answer(instrument, "trots", text) is not None) is told
    message = almere.check_answer(instrument, "trots", text, "en")
    assert (message or "").startswith("Leave out" if told else "")
    assert almere.check_answer(instrument, "cijfer", 8) is None


def test_almere_signs_its_mails_where_it_has_the_words(almere: TriedModule) -> None:
    assert "Almere" in almere.message_text("invitation", "nl").signature
    assert "Almere" in almere.message_text("second_reminder", "en").purpose
    assert almere.message_text("invitation", "tr") == MessageText()


@pytest.mark.parametrize(
    ("proposed", "day"),
    [
        (date(2026, 4, 24), date(2026, 4, 24)),
        (date(2026, 4, 27), date(2026, 5, 4)),
        (date(2026, 5, 3), date(2026, 5, 4)),
        (date(2026, 5, 4), date(2026, 5, 4)),
        (date(2027, 4, 27), date(2027, 4, 27)),
    ],
)
def test_almere_sends_no_reminder_in_its_may_holiday(proposed: date, day: date, almere: TriedModule) -> None:
    assert almere.reminder_day(proposed) == day


@pytest.mark.parametrize(("wave", "long"), [("2021", [2018]), ("2024", [2018, 2019, 2021]), ("proef", None)])
def test_almere_tells_how_long_a_school_works_with_zat_at_the_wave(
    wave: str, long: list[int] | None, almere: TriedModule
) -> None:
    column = KnownColumn("almere_zat_sinds", "number", {"nl": "sinds"})
    facts = DatasetFacts(wave, "almere", "onderzoek", 5, 20, (column,))
    found = almere.derived_columns(facts)
    assert [one.name for one in found] == ([] if long is None else ["almere_zat_lang"])
    for one in found:
        assert [year for year in (2018, 2019, 2021, 2024) if one.compute(year)] == long
    assert almere.derived_columns(replace(facts, columns=())) == ()


# The example


def test_the_example_derives_a_column_of_its_own_question_where_it_was_asked(example: TriedModule) -> None:
    column = KnownColumn("voorbeeld_deel", "number", {"nl": "deel"})
    facts = DatasetFacts("2026", "voorbeeld", "onderzoek", 8, 20, (column,))
    [one] = example.derived_columns(facts)
    assert (one.name, [one.compute(share) for share in (0, 49, 50, 100)]) == ("voorbeeld_helft", [0, 0, 1, 1])
    assert example.derived_columns(replace(facts, columns=())) == ()


def test_the_example_shows_all_an_overlay_can_do(example: TriedModule) -> None:
    instrument = example.compile("aoj-professionals", "2021")
    assert "leren" not in [theme.code for theme in instrument.themes]
    assert {"voorbeeld_deel", "voorbeeld_uren"} <= set(list_codes(instrument))
    assert [word.text["nl"] for word in instrument.words if word.code == "wijkteam"] == ["buurtteam"]
    assert [(label.code, label.text["nl"]) for label in instrument.role_labels] == [
        ("ib", "kwaliteitscoördinator")
    ]
    assert instrument.mail
    assert instrument.mail["nl"].startswith("In Voorbeeld")


def test_the_example_refuses_open_questions_of_its_own(example: TriedModule) -> None:
    instrument = example.compile("aoj-professionals", "2021")
    item = replace(find_item(instrument, "eenhoger"), code="voorbeeld_open")
    theme = replace(instrument.themes[0], pages=(replace(instrument.pages[0], items=(item,)),))
    [problem] = example.hooks.check_questionnaire(replace(instrument, themes=(theme,)))
    assert problem.code == "voorbeeld-open"


def test_the_kind_of_the_example_asks_for_a_percentage(example: TriedModule) -> None:
    instrument = example.compile("aoj-professionals", "2021")
    [page] = [page for page in instrument.pages if page.code == "voorbeeld_deel"]
    form = make_form(page, "nl", example.hooks.hooks.kinds)(MultiDict({"voorbeeld_deel": "101"}))
    assert not form.validate()
    assert form.errors["voorbeeld_deel"] == ["Vul een heel getal in van 0 tot en met 100."]
    kind = example.hooks.hooks.kinds["percentage"]
    assert [kind.accepts(page.items[0], value) for value in (-1, 0, 100, 101)] == [False, True, True, False]


def test_an_overlay_for_another_region_is_refused() -> None:
    with pytest.raises(QuestionnaireError, match="overlay-region"):
        try_module(PLUGINS / "almere", region="elders").compile("aoj-professionals", "2021")
