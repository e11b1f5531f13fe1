"""Every fault of a mapping file is told with its file, line, column and what to do."""

from pathlib import Path

import pytest

from aoj_survey.errors import HistoryError, NotFoundError, Problem, QuestionnaireError
from aoj_survey.history import import_wave, read_wave_mapping
from aoj_survey.history.answers import read_responses
from aoj_survey.history.sources import read_source_table
from aoj_survey.questionnaire import load_questionnaire

from .places import DATA, EARLIER, MAPPING, QUESTIONS, copy_wave


def find_faults(mapping: Path) -> list[Problem]:
    with pytest.raises(HistoryError) as refused:
        import_wave(mapping)
    return list(refused.value.problems)


def place_of(text: str, fragment: str) -> tuple[int, int]:
    """Line and column of a fragment, both from 1."""
    before = text[: text.index(fragment)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


FAULTS = [
    ("format: 1\n", "format: 2\n", "mapping", "2"),
    ("region: rijnmeer", "region: ../rijnmeer", "mapping", "../rijnmeer"),
    ("left_out:", "left_uit:", "mapping", "left_uit:"),
    ("jeugdhulp: 25", "jeugdhulp: veel", "mapping", "veel"),
    ("ib: 1,", "iber: 1,", "unknown-role", "iber"),
    ("ib: 40, zoco", "zoco", "invited", "ib: 1,"),
    ("ib: 40, zoco", "ib: 9, zoco", "invited", "9, zoco"),
    ("leerplicht: 5}", "kinderopvang: 5}", "questionnaire-of-role", "kinderopvang"),
    ("leerplicht: 9}", "leerplicht: 9, swv: 3}", "role-without-code", "swv: 3"),
    ("  jaren: {column: v7}", "  jaar: {column: v7}", "unknown-question", "jaar: "),
    ("  jaren: {column: v7}", "", "no-column-jaren", "zicht: {column: v1"),
    ("{column: v7}", "{columns: {a: v7}}", "column", "jaren: "),
    ("{ja: 1, nee: 0, weet_niet: 9}", "{ja: 1, neen: 0, weet_niet: 9}", "unknown-answer", "neen"),
    (", answers: {overal: [4, 5], deels: 3, nergens: [1, 2]}", "", "answers", "snel: "),
    ("{visie: v6_1, inkoop: v6_2}", "{visie: v6_1}", "columns", "sturing: {"),
    ("column: v7", "column: v77", "unknown-column", "v77"),
    ("column: v7", "column: v5", "column-twice", "v5}"),
    ("[nr, v8_toelichting]", "[v8_toelichting]", "column-unnamed-nr", "format"),
    ("all: 91", "alle: 91", "unknown-role", "alle"),
    ("{item: cijfer, mean", "{item: cijfers, mean", "unknown-question", "cijfers"),
    ("answer: visie, percent", "answer: visies, percent", "unknown-answer", "visies"),
    ("mean: 7.2", "mean: 7.2, percent: 3", "figure", "{item: cijfer, mean"),
    ("roles: [ib]", "roles: [swv]", "unknown-role", "[swv]"),
    ("{file: rijnmeer-2020.csv}", "{file: rijnmeer-2020.csv, encoding: ebcdic}", "mapping", "ebcdic"),
    ("zoco: [2, 3]", "zoco: [2, 1]", "code-twice-1", "zoco: [2, 1]"),
    ("{ja: 1, nee: 0, weet_niet: 9}", "{ja: 1, nee: [0, 1], weet_niet: 9}", "code-twice-1", "nee: [0, 1]"),
    ('chosen: x, not_chosen: "-"', 'chosen: x, not_chosen: ["-", x]', "code-twice-x", "not_chosen: ["),
    (
        "{ja: 1, nee: 0, weet_niet: 9}",
        "{ja: 1, nee: 0, weet_niet: 999}",
        "code-skipped-999",
        "weet_niet: 999",
    ),
    (
        "answers: {weet_niet: 99}}",
        "answers: {weet_niet: 99}, skipped: 99}",
        "code-skipped-99",
        "weet_niet: 99}",
    ),
    (
        "left_out: [nr, v8_toelichting]",
        "  trots: {column: v8_toelichting}\nleft_out: [nr]",
        "kind",
        "trots: ",
    ),
    ("mean: 7.2", "mean: zeven", "mapping", "zeven"),
    ("mean: 7.2", "mean: 7.2, base: everybody", "mapping", "everybody"),
    (
        "answer: visie, percent: 70",
        "answer: visie, percent: 70, count: 3",
        "figure",
        "{item: sturing, answer",
    ),
]


@pytest.mark.parametrize(("before", "after", "code", "at"), FAULTS)
def test_fault_is_told_at_its_place_with_what_to_do(
    tmp_path: Path, before: str, after: str, code: str, at: str
) -> None:
    mapping = copy_wave(tmp_path, MAPPING, before, after)
    faults = [fault for fault in find_faults(mapping) if fault.code == code]
    text = mapping.read_text(encoding="utf-8")
    assert (str(mapping), *place_of(text, at)) in [(fault.file, fault.line, fault.column) for fault in faults]
    assert faults[0].what.endswith(".")
    assert faults[0].remedy.endswith((".", "shows an example."))


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    mapping = copy_wave(tmp_path, MAPPING, "column: v7", "column: v77")
    copy_text = mapping.read_text(encoding="utf-8").replace("all: 91", "alle: 91")
    mapping.write_text(copy_text, encoding="utf-8")
    assert {fault.code for fault in find_faults(mapping)} == {
        "unknown-column",
        "column-unnamed-v7",
        "unknown-role",
    }


def test_faults_of_mapping_questionnaires_and_data_are_told_together(tmp_path: Path) -> None:
    mapping = copy_wave(tmp_path, MAPPING, "column: v7", "column: v77")
    text = mapping.read_text(encoding="utf-8").replace("all: 91", "alle: 91")
    mapping.write_text(text.replace("[vragenlijst-2020.yaml]", "[vragenlijst-2020.yaml, geen.yaml]"), "utf-8")
    questions = (tmp_path / QUESTIONS).read_text(encoding="utf-8")
    (tmp_path / QUESTIONS).write_text(questions.replace("kind: mark", "kind: marks"), "utf-8")
    faults = find_faults(mapping)
    assert {(Path(fault.file).name, fault.code) for fault in faults} == {
        (MAPPING, "unknown-column"),
        (MAPPING, "column-unnamed-v7"),
        (QUESTIONS, "unknown-kind"),
        ("geen.yaml", "no-file"),
    }
    (tmp_path / DATA).write_bytes(b"a,a,\n1,2,3\n")
    assert [(fault.line, fault.column) for fault in find_faults(mapping) if fault.file.endswith(".csv")] == [
        (1, 2),
        (1, 3),
    ]


def test_the_invented_wave_has_no_faults() -> None:
    assert import_wave(EARLIER / MAPPING).dataset.wave == "2020"


def test_faults_of_its_questionnaire_are_told_as_such(tmp_path: Path) -> None:
    mapping = copy_wave(tmp_path, QUESTIONS, "kind: mark", "kind: marks")
    assert [fault.code for fault in find_faults(mapping)] == ["unknown-kind"]


def test_mapping_that_is_not_there_or_no_mapping_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        import_wave(tmp_path / "none.yaml")
    (tmp_path / "list.yaml").write_text("- a\n", encoding="utf-8")
    with pytest.raises(QuestionnaireError):
        import_wave(tmp_path / "list.yaml")


# Cells of the data file


@pytest.mark.parametrize(
    ("before", "after", "line", "column", "what"),
    [
        ("\n3;1;", "\n3;8;", 4, 2, "no role has this code"),
        ("\n2;1;heel;0;", "\n2;1;heel;7;", 3, 4, "no answer to 'zicht' has this code"),
        ("\n1;1;heel;1;4;1;1;7;", "\n1;1;heel;1;4;1;1;12;", 2, 8, "this cannot be an answer to 'cijfer'"),
        ("\n1;1;heel;1;4;1;1;7;-", "\n1;1;heel;1;4;1;1;7;?", 2, 9, "neither chosen nor not chosen"),
        ("\n1;1;heel;1;4;1;1;7;", "\n1;1;heel;1;4;1;1;7,5;", 2, 8, "are whole numbers"),
        ("\n1;1;heel;1;4;1;1;7;", "\n1;1;heel;1;4;1;1;--7;", 2, 8, "are whole numbers"),
        ("\n4;1;heel;", "\n;;\n\n4;1;half of it;1;1;1;9;99;x;x;4\n4;8;heel;", 8, 2, "no role has this code"),
    ],
)
def test_cell_that_fits_nothing_is_told_by_line_and_column(
    tmp_path: Path, before: str, after: str, line: int, column: int, what: str
) -> None:
    (fault,) = find_faults(copy_wave(tmp_path, DATA, before, after))
    assert (fault.file, fault.line, fault.column) == (str(tmp_path / DATA), line, column)
    assert what in fault.what
    assert fault.remedy


def test_one_value_in_many_rows_is_one_fault_that_counts_them(tmp_path: Path) -> None:
    (fault,) = find_faults(copy_wave(tmp_path, MAPPING, "skipped: [999]", "skipped: [998]"))[:1]
    assert "The same stands in" in fault.what
    assert fault.line == 6


def test_answer_of_a_role_that_was_not_asked_is_a_fault(tmp_path: Path) -> None:
    mapping = copy_wave(tmp_path, QUESTIONS, "roles: [ib, zoco, jeugdhulp, leerplicht]", "roles: [ib, zoco]")
    more = (EARLIER / QUESTIONS).read_text(encoding="utf-8").replace("rijnmeer-eerder", "rijnmeer-rest")
    more = more.replace("roles: [ib, zoco, jeugdhulp, leerplicht]", "roles: [jeugdhulp, leerplicht]")
    start = more.index("      - code: jaren")
    more = more[:start] + more[more.index("      - {code: trots") :]
    (tmp_path / "rest.yaml").write_text(more, encoding="utf-8")
    text = mapping.read_text(encoding="utf-8").replace(
        "[vragenlijst-2020.yaml]", "[vragenlijst-2020.yaml, rest.yaml]"
    )
    mapping.write_text(text, encoding="utf-8")
    faults = find_faults(mapping)
    assert all("does not ask this of the role" in fault.what and fault.column == 11 for fault in faults)
    assert faults


def test_of_very_many_faults_the_first_are_told_and_how_many_more(tmp_path: Path) -> None:
    mapping = copy_wave(tmp_path)
    lines = (tmp_path / DATA).read_text(encoding="utf-8").splitlines()
    rows = [f"{number};role {number};heel;1;4;1;1;7;-;x;1;" for number in range(250)]
    (tmp_path / DATA).write_text("\n".join([lines[0], *rows]), encoding="utf-8")
    faults = find_faults(mapping)
    assert len(faults) == 201
    assert (faults[-1].line, faults[-1].what) == (202, "There are 50 more faults from here on.")


def test_whole_numbers_are_read_as_sheets_write_them(tmp_path: Path) -> None:
    mapping = copy_wave(tmp_path, DATA, "\n1;1;heel;1;4;1;1;7;", "\n1;1;heel;1;4;1;1;7,0;")
    assert import_wave(mapping).dataset.rows == import_wave(EARLIER / MAPPING).dataset.rows


# Questions of other kinds

MORE = """\
      - code: belang
        kind: ranking
        text: {nl: Wat eerst?, en: What first?}
        choices:
          - {code: tijd, value: 1, text: {nl: tijd, en: time}}
          - {code: geld, value: 2, text: {nl: geld, en: money}}
      - {code: dag, kind: date, earliest: "2019-01-01", latest: "2020-12-31", text: {nl: Welke dag?, en: Which day?}}
      - {code: sinds, kind: month, earliest: "1980-01", latest: "2020-12", text: {nl: Sinds wanneer?, en: Since when?}}
"""
WHERE = """\
  belang: {columns: {tijd: r1, geld: r2}}
  dag: {column: d}
  sinds: {column: m}
left_out:"""


def ask_more(folder: Path, cells: str) -> Path:
    """A copy of the wave that asks three questions more; `cells` are what the first respondent answered."""
    mapping = copy_wave(folder, QUESTIONS, "      - {code: trots", f"{MORE}      - {{code: trots")
    mapping.write_text(mapping.read_text(encoding="utf-8").replace("left_out:", WHERE), encoding="utf-8")
    head, first, *rest = (folder / DATA).read_text(encoding="utf-8").splitlines()
    lines = [f"{head};r1;r2;d;m", f"{first};{cells}", *(f"{line};;;;" for line in rest)]
    (folder / DATA).write_text("\n".join(lines), encoding="utf-8")
    return mapping


def test_rankings_days_and_months_are_read(tmp_path: Path) -> None:
    mapping = ask_more(tmp_path, "2;1;2020-04-01;2015-09")
    found, _ = read_wave_mapping(mapping)
    instrument = load_questionnaire(tmp_path / QUESTIONS, "rijnmeer")
    table = read_source_table(tmp_path / DATA)
    responses, problems = read_responses(found, table, dict.fromkeys(found.role.codes, instrument))
    assert problems == []
    told = responses[0].answers
    assert (told["belang"], told["dag"], told["sinds"]) == (("geld", "tijd"), "2020-04-01", "2015-09")
    assert not {"belang", "dag", "sinds"} & responses[1].answers.keys()


@pytest.mark.parametrize(
    ("cells", "column", "what"),
    [
        ("1;3;;", 13, "the ranks do not count from 1"),
        ("1;1;;", 13, "the ranks do not count from 1"),
        ("1;x;;", 14, "neither chosen nor not chosen"),
        (";;01-04-2020;", 15, "this cannot be an answer to 'dag'"),
        (";;2018-04-01;", 15, "this cannot be an answer to 'dag'"),
        (";;;2015", 16, "this cannot be an answer to 'sinds'"),
    ],
)
def test_rank_day_or_month_that_is_none_is_told(tmp_path: Path, cells: str, column: int, what: str) -> None:
    (fault,) = find_faults(ask_more(tmp_path, cells))
    assert (fault.line, fault.column) == (2, column)
    assert what in fault.what
