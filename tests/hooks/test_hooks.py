"""Each hook: what comes back, its bounds, and what is refused. Every hook has a test that begins with its name."""

import logging
from dataclasses import FrozenInstanceError, fields, replace
from datetime import date
from pathlib import Path

import pytest

from aoj_survey.disclosure import CORE_RULE, DisclosureRule
from aoj_survey.errors import PluginError, QuestionnaireError
from aoj_survey.exports.formats import FORMATS
from aoj_survey.hooks import (
    CORE_ENDINGS,
    DatasetFacts,
    KnownColumn,
    MessageText,
    StoredDataset,
    compile_for_region,
)
from aoj_survey.questionnaire import KINDS, find_item, load_questionnaire
from tests.hooks.modules import ask_region, load
from tests.staging import QUESTIONNAIRES

WIDTHS = QUESTIONNAIRES / "widths" / "1.yaml"
PROPOSED, LATEST = date(2026, 5, 12), date(2026, 6, 5)
OVERLAY = """
format: 1
overlay: widths
edition: "1"
region: rijnmeer
add:
  - before_item: cijfer
    items:
      - {code: rijnmeer_tijd, kind: number, min: 0, max: 9, text: {nl: Hoeveel?, en: How many?}}
"""


# aoj_region


def test_aoj_region_gives_the_region_of_a_module(tmp_path: Path) -> None:
    source = '@hookimpl\ndef aoj_region():\n    return Region("rijnmeer", "Rijnmeer", members=("swv PO",))'
    region = load(tmp_path, own=source).modules["own"].region
    assert region is not None
    assert (region.code, region.name, region.members, region.time_zone) == (
        "rijnmeer",
        "Rijnmeer",
        ("swv PO",),
        "Europe/Amsterdam",
    )


def test_two_modules_with_one_region_stop_the_start(tmp_path: Path) -> None:
    source = '@hookimpl\ndef aoj_region():\n    return Region("rijnmeer", "Rijnmeer")'
    with pytest.raises(PluginError, match="twee declares the region rijnmeer, and so does een"):
        load(tmp_path, een=source, twee=source)


# aoj_item_kinds


KIND = """
def make(name):
    return ItemKind(
        name=name, keys=frozenset(), needs=frozenset(), type="number", seconds=1,
        accepts=lambda item, value: value == 1, largest=lambda item: 1,
        columns=lambda item: (ColumnPlan(item.code, "number"),), cells=lambda item, value: (1,),
    )

@hookimpl
def aoj_item_kinds():
    yield make({name!r})
"""


def test_aoj_item_kinds_adds_to_those_of_the_core(tmp_path: Path) -> None:
    hooks = load(tmp_path, own=KIND.format(name="star"))
    assert set(hooks.kinds) == {*KINDS, "star"}
    assert hooks.modules["own"].kinds == ("star",)


@pytest.mark.parametrize("name", ["choice", "star"])
def test_a_kind_that_is_taken_stops_the_start(name: str, tmp_path: Path) -> None:
    with pytest.raises(PluginError, match=f"brings the kind of question {name}, and there is one already"):
        load(tmp_path, een=KIND.format(name="star"), twee=KIND.format(name=name))


# aoj_overlays


def test_aoj_overlays_adds_questions_and_the_module_is_kept_in_the_instrument(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OVERLAY, encoding="utf-8")
    source = '@hookimpl\ndef aoj_overlays(questionnaire, edition):\n    return [Path(__file__).parents[1] / "own.yaml"]'
    instrument = compile_for_region(WIDTHS, ask_region(tmp_path, source))
    assert find_item(instrument, "rijnmeer_tijd").maximum == 9
    assert instrument.modules == ("own 1.0",)


def test_without_modules_nothing_is_added(tmp_path: Path) -> None:
    instrument = compile_for_region(WIDTHS, load(tmp_path).of_region("rijnmeer", []))
    assert instrument == load_questionnaire(WIDTHS, "rijnmeer")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ('[Path("/nergens.yaml")]', r"gave /nergens\.yaml for aoj_overlays, and there is no such file"),
        ('["own.yaml"]', "gave str for aoj_overlays, which wants paths"),
    ],
)
def test_overlays_that_are_no_files_are_refused(given: str, words: str, tmp_path: Path) -> None:
    hooks = ask_region(tmp_path, f"@hookimpl\ndef aoj_overlays():\n    return {given}")
    with pytest.raises(PluginError, match=f"region module own {words}"):
        hooks.overlays("widths", "1")


# aoj_check_questionnaire


CHECK = """
@hookimpl
def aoj_check_questionnaire(instrument, region):
    problem = make_problem(instrument, "own-rule", f"{{region}} wants more.", "Ask more.")
    yield {problem}
"""


def test_aoj_check_questionnaire_stops_compiling(tmp_path: Path) -> None:
    hooks = ask_region(tmp_path, CHECK.format(problem="problem"))
    with pytest.raises(QuestionnaireError, match=r"widths@1:1:1: own-rule: rijnmeer wants more\. Ask more\."):
        compile_for_region(WIDTHS, hooks)


def test_advice_of_a_module_does_not_stop_compiling(tmp_path: Path) -> None:
    advice = '__import__("dataclasses").replace(problem, level="advice")'
    assert compile_for_region(WIDTHS, ask_region(tmp_path, CHECK.format(problem=advice))).modules == (
        "own 1.0",
    )


def test_what_is_no_problem_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PluginError, match="own gave str for aoj_check_questionnaire"):
        compile_for_region(WIDTHS, ask_region(tmp_path, CHECK.format(problem="'too long'")))


# aoj_check_answer


ITEM = find_item(load_questionnaire(WIDTHS, "rijnmeer"), "beter")


def test_aoj_check_answer_says_what_is_wrong_in_the_language_of_the_respondent(tmp_path: Path) -> None:
    source = """
    @hookimpl
    def aoj_check_answer(item, value, language, region):
        return f"{item.code} {value} {language} {region}" if value != "goed" else None
    """
    hooks = ask_region(tmp_path, source)
    assert hooks.check_answer(ITEM, "fout", "nl") == "beter fout nl rijnmeer"
    assert hooks.check_answer(ITEM, "goed", "nl") is None


@pytest.mark.parametrize("given", ["3", "'a' * 301", r"'two\nlines'"])
def test_a_message_that_cannot_be_shown_is_refused(given: str, tmp_path: Path) -> None:
    hooks = ask_region(tmp_path, f"@hookimpl\ndef aoj_check_answer():\n    return {given}")
    with pytest.raises(PluginError, match=r"own gave .* for aoj_check_answer"):
        hooks.check_answer(ITEM, "iets", "nl")


def test_the_error_of_a_failing_check_does_not_repeat_the_answer(tmp_path: Path) -> None:
    hooks = ask_region(tmp_path, "@hookimpl\ndef aoj_check_answer(value):\n    return int(value)")
    with pytest.raises(PluginError) as caught:
        hooks.check_answer(ITEM, "mijn geheim", "nl")
    assert "ValueError" in str(caught.value)
    assert "__init__.py:9" in str(caught.value)
    assert "geheim" not in str(caught.value)


def test_the_error_of_another_hook_says_what_python_said(tmp_path: Path) -> None:
    hooks = ask_region(tmp_path, "@hookimpl\ndef aoj_overlays():\n    return int('veel')")
    with pytest.raises(PluginError, match=r"own failed in aoj_overlays: ValueError .*'veel'"):
        hooks.overlays("widths", "1")


def test_a_module_that_ends_the_program_is_named_too(tmp_path: Path) -> None:
    hooks = ask_region(tmp_path, "import sys\n@hookimpl\ndef aoj_overlays():\n    sys.exit()")
    with pytest.raises(PluginError, match=r"own failed in aoj_overlays: SystemExit at .*__init__\.py:10\."):
        hooks.overlays("widths", "1")


# aoj_message_text


def test_aoj_message_text_gives_the_words_of_the_region(tmp_path: Path) -> None:
    source = """
    @hookimpl
    def aoj_message_text(kind, language, region):
        return MessageText(subject=f"{kind} {region}") if language == "nl" else None
    """
    hooks = ask_region(tmp_path, source)
    assert hooks.message_text("invitation", "nl") == MessageText(subject="invitation rijnmeer")
    assert hooks.message_text("invitation", "en") == MessageText()


@pytest.mark.parametrize(
    "given",
    [
        "'Hallo'",
        r"MessageText(subject='Hallo\nBcc: ander@mail.example')",
        "MessageText(subject='a' * 121)",
        "MessageText(purpose='Kijk op https://elders.example')",
        "MessageText(signature='www.elders.example')",
    ],
)
def test_words_that_do_not_belong_in_a_mail_are_refused(given: str, tmp_path: Path) -> None:
    hooks = ask_region(tmp_path, f"@hookimpl\ndef aoj_message_text():\n    return {given}")
    with pytest.raises(PluginError, match=r"own gave .* for aoj_message_text"):
        hooks.message_text("invitation", "nl")


# aoj_reminder_day


def give_day(expression: str) -> str:
    return f"@hookimpl\ndef aoj_reminder_day(proposed, number, region):\n    return {expression}"


@pytest.mark.parametrize(("days", "kept"), [(0, True), (1, True), (7, True), (8, False), (-1, False)])
def test_aoj_reminder_day_moves_a_reminder_up_to_seven_days_later(
    days: int, kept: bool, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    hooks = ask_region(tmp_path, give_day(f"proposed + timedelta(days={days})"))
    moved = hooks.reminder_day(PROPOSED, 1, LATEST)
    assert (moved - PROPOSED).days == (days if kept else 0)
    refused = "own may not move reminder 1 of rijnmeer from 2026-05-12 to" in caplog.text
    assert refused is not kept


def test_a_reminder_never_goes_past_its_last_day(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    hooks = ask_region(tmp_path, give_day("proposed + timedelta(days=2)"))
    assert hooks.reminder_day(PROPOSED, 1, date(2026, 5, 14)) == date(2026, 5, 14)
    with caplog.at_level(logging.WARNING):
        assert hooks.reminder_day(PROPOSED, 1, date(2026, 5, 13)) == PROPOSED
    assert "not after 2026-05-13" in caplog.text


@pytest.mark.parametrize("given", ["'2026-05-13'", "datetime(2026, 5, 13, 9)"])
def test_a_day_must_be_a_day(given: str, tmp_path: Path) -> None:
    with pytest.raises(PluginError, match=r"own gave .* for aoj_reminder_day, which wants a day"):
        ask_region(tmp_path, give_day(given)).reminder_day(PROPOSED, 1, LATEST)


def test_a_module_may_leave_the_day_to_the_engine(tmp_path: Path) -> None:
    assert ask_region(tmp_path, give_day("None")).reminder_day(PROPOSED, 2, LATEST) == PROPOSED


# aoj_disclosure_rule


def test_aoj_disclosure_rule_tightens_number_by_number(tmp_path: Path) -> None:
    hooks = load(
        tmp_path,
        een="@hookimpl\ndef aoj_disclosure_rule(region):\n    return DisclosureRule(k=8)",
        twee="@hookimpl\ndef aoj_disclosure_rule():\n    return DisclosureRule(k=6, threshold=15)",
        drie="@hookimpl\ndef aoj_disclosure_rule():\n    return None",
    )
    assert hooks.of_region("rijnmeer", ["een", "twee", "drie"]).disclosure_rule() == DisclosureRule(8, 15)
    assert hooks.of_region("rijnmeer", ["twee"]).disclosure_rule() == DisclosureRule(6, 15)
    assert hooks.of_region("rijnmeer", []).disclosure_rule() == CORE_RULE


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("DisclosureRule(k=3)", "module own failed in aoj_disclosure_rule: .*never loosen it; 3 was asked"),
        ("DisclosureRule(threshold=9)", "module own .*never loosen it; 9 was asked"),
        ("8", "module own gave int for aoj_disclosure_rule, which wants a DisclosureRule"),
    ],
)
def test_a_looser_rule_is_refused_and_its_module_named(given: str, words: str, tmp_path: Path) -> None:
    hooks = ask_region(tmp_path, f"@hookimpl\ndef aoj_disclosure_rule():\n    return {given}")
    with pytest.raises(PluginError, match=words):
        hooks.disclosure_rule()


def test_a_module_that_is_not_there_does_not_lose_its_rule(tmp_path: Path) -> None:
    hooks = load(tmp_path, own="@hookimpl\ndef aoj_disclosure_rule():\n    return DisclosureRule(k=8)")
    with pytest.raises(PluginError, match="other is enabled for rijnmeer but"):
        hooks.of_region("rijnmeer", ["other", "own"]).disclosure_rule()


# aoj_derived_columns

FACTS = DatasetFacts(
    "2026", "rijnmeer", "onderzoek", 5, 12, (KnownColumn("jaren", "number", {"nl": "jaren"}),)
)
DERIVED = """
@hookimpl
def aoj_derived_columns(dataset, region):
    if dataset.find_column("jaren"):
        yield DerivedColumn(f"{region}_lang", {"nl": "lang"}, {"nl": "5 of meer"}, ("jaren",), lambda years: int(years > 4))
"""


def test_aoj_derived_columns_come_of_each_module_by_name_and_see_no_rows(tmp_path: Path) -> None:
    other = DERIVED.replace("_lang", "_kort").replace("yield", "return []; yield")
    hooks = load(tmp_path, twee=DERIVED, een=other).of_region("rijnmeer", ["een", "twee"])
    [(module, column)] = hooks.derived_columns(FACTS)
    assert (module, column.name, column.sources) == ("twee", "rijnmeer_lang", ("jaren",))
    assert [column.compute(years) for years in (4, 5)] == [0, 1]
    assert hooks.derived_columns(replace(FACTS, columns=())) == ()
    assert type(FACTS.rows) is int


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("raise ValueError('kapot')", r"own failed in aoj_derived_columns: ValueError \(kapot\)"),
        ("return ['jaren']", "own gave str for aoj_derived_columns, which wants derived columns"),
        (
            "return [DerivedColumn('rijnmeer_x', {'nl': 'x'}, {'nl': 'y'}, (), lambda: 1)]",
            "own gave a column 'rijnmeer_x' without sources",
        ),
        (
            "return [DerivedColumn('rijnmeer_x', {'nl': 'x'}, {}, ('jaren',), lambda years: 1)]",
            "own gave a text without Dutch words",
        ),
    ],
)
def test_a_derived_column_that_cannot_be_is_refused(given: str, words: str, tmp_path: Path) -> None:
    hooks = ask_region(tmp_path, f"@hookimpl\ndef aoj_derived_columns(dataset):\n    {given}")
    with pytest.raises(PluginError, match=words):
        hooks.derived_columns(FACTS)


def test_a_module_that_is_not_there_does_not_lose_its_columns_or_files_in_silence(tmp_path: Path) -> None:
    hooks = load(tmp_path, own=DERIVED).of_region("rijnmeer", ["other", "own"])
    with pytest.raises(PluginError, match="other is enabled for rijnmeer but"):
        hooks.derived_columns(FACTS)
    with pytest.raises(PluginError, match="other is enabled for rijnmeer but"):
        hooks.export_formats()


# aoj_export_formats


def give_format(ending: str = "txt", **changed: str) -> str:
    given = {"media_type": "'text/plain'", "label": "{'nl': 'tekst'}", "write": "print"} | changed
    return (
        "@hookimpl\ndef aoj_export_formats():\n"
        f"    yield ExportFormat('own', '{ending}', {', '.join(f'{name}={value}' for name, value in given.items())})"
    )


def test_aoj_export_formats_are_of_the_regions_a_module_is_enabled_for(tmp_path: Path) -> None:
    hooks = load(tmp_path, own=give_format(), other=give_format("xml"))
    found = hooks.of_region("rijnmeer", ["own"]).export_formats()
    assert [(module, form.ending) for module, form in found] == [("own", "txt")]
    both = hooks.of_region("elders", ["own", "other"]).export_formats()
    assert [(module, form.ending) for module, form in both] == [("other", "xml"), ("own", "txt")]


def test_the_endings_of_the_engine_are_those_of_its_files() -> None:
    assert {form.path.rpartition(".")[2] for form in FORMATS} == CORE_ENDINGS


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (give_format("csv"), "own gave the ending 'csv' for aoj_export_formats"),
        (give_format("../x"), "own gave the ending '../x' for aoj_export_formats"),
        (give_format(label="{'en': 'text'}"), "own gave a text without Dutch words"),
        ("@hookimpl\ndef aoj_export_formats():\n    return ['txt']", "own gave str for aoj_export_formats"),
        ("@hookimpl\ndef aoj_export_formats():\n    1 / 0", "own failed in aoj_export_formats"),
    ],
)
def test_a_module_with_a_format_that_cannot_be_is_left_out_and_its_regions_stop(
    given: str, words: str, tmp_path: Path
) -> None:
    hooks = load(tmp_path, own=given)
    assert words in f"own {hooks.failures['own'].removeprefix('it ')}"
    with pytest.raises(PluginError, match="own is enabled for rijnmeer but"):
        hooks.of_region("rijnmeer", ["own"]).export_formats()
    assert hooks.of_region("elders", []).export_formats() == ()


def test_an_ending_that_is_taken_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(PluginError, match=r"own brings data files that end in .txt, and so does other"):
        load(tmp_path, own=give_format(), other=give_format())


# aoj_dataset_stored


STORED = StoredDataset(FACTS, "aoj_rijnmeer_2026_v1", 1, Path("bundels"), "ab" * 32, {"README.md": "cd" * 32})


def test_aoj_dataset_stored_is_told_to_every_module_whatever_another_does(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    failing = "@hookimpl\ndef aoj_dataset_stored(wave):\n    raise SystemExit(wave)"
    told = f"""
    @hookimpl
    def aoj_dataset_stored(wave, dataset, region):
        Path({str(tmp_path / "heard")!r}).write_text(f"{{wave}} {{region}} {{dataset.name}} {{dataset.digest}}")
        return "of no use"
    """
    hooks = load(tmp_path, eerst=failing, told=told).of_region("rijnmeer", ["eerst", "told"])
    [fault] = hooks.tell_stored(STORED)
    assert "The region module eerst failed in aoj_dataset_stored: SystemExit (2026)" in fault
    assert "module eerst failed in aoj_dataset_stored" in caplog.text
    assert (tmp_path / "heard").read_text() == f"2026 rijnmeer aoj_rijnmeer_2026_v1 {'ab' * 32}"


def test_what_is_told_of_a_bundle_cannot_be_changed_and_holds_no_rows() -> None:
    with pytest.raises(FrozenInstanceError):
        STORED.digest = ""  # pyright: ignore[reportAttributeAccessIssue]
    assert {field.name for field in fields(STORED)} == {
        *("dataset", "name", "version", "folder", "digest", "files")
    }
    assert STORED.dataset.rows == 12
