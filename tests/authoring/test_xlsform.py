"""XLSForm in and out: what is carried, what is told, and what rubbish gives."""

import io
import zipfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from aoj_survey.authoring import read_form, write_form
from aoj_survey.authoring import xlsform_sheets as sheets
from aoj_survey.authoring.xlsform_sheets import write_sheets
from aoj_survey.config import ROOT
from aoj_survey.errors import XlsformError
from aoj_survey.questionnaire import (
    WORD,
    Instrument,
    Item,
    Page,
    Text,
    compile_questionnaire,
    fill_text,
    find_item,
    load_questionnaire,
)

from .forms import YES_NO, compile_form, list_remarks, read_rows, write_workbook

EDITIONS = sorted((ROOT / "questionnaires").glob("*/*.yaml"))
WIDTHS = Path(__file__).parents[1] / "questionnaires" / "widths" / "1.yaml"


# Round trips


def write_out(instrument: Instrument, text: Text | None) -> Text | None:
    """A text with the words of a region as XLSForm has it: written out."""
    words = {f"{WORD}{word.code}": word.text for word in instrument.words}
    return fill_text(text, lambda name: words.get(name, {"": f"{{{name}}}"})) if text else None


def carry(instrument: Instrument, item: Item) -> Item:
    """An item without what XLSForm has no place for; that is told when it is written."""
    plain = Item(item.code, item.kind, {})
    return replace(
        item,
        text=write_out(instrument, item.text) or {},
        hint=write_out(instrument, item.hint),
        quotes=(),
        **{
            name: getattr(plain, name)
            for name in (
                *("concept", "fact", "sensitive", "seconds", "quasi_identifier", "source", "unit", "first"),
            )
        },
    )


def carry_page(instrument: Instrument, page: Page) -> Page:
    items = tuple(carry(instrument, item) for item in page.items)
    text, hint = write_out(instrument, page.text), write_out(instrument, page.hint)
    return replace(page, items=items, text=text, hint=hint, quotes=())


@pytest.mark.parametrize("path", EDITIONS, ids=lambda path: f"{path.parent.name}@{path.stem}")
def test_every_edition_comes_back_with_the_same_questions_answers_and_conditions(path: Path) -> None:
    instrument = load_questionnaire(path, "", unchecked=True)
    form = read_form(write_form(instrument).content, "terug", "1", instrument.roles)
    again = compile_form(form)
    assert list_remarks(form) == []
    assert again.languages == instrument.languages
    assert again.title[again.languages[0]] == instrument.title[instrument.languages[0]]
    for theme, other in zip(instrument.themes, again.themes, strict=True):
        assert (other.code, other.title) == (theme.code, theme.title)
        pages = [carry_page(instrument, page) for page in theme.pages]
        assert [carry_page(again, page) for page in other.pages] == pages


def test_there_are_eight_editions_to_try() -> None:
    assert len(EDITIONS) == 8


def test_every_kind_and_sign_comes_back_from_the_questionnaire_of_all_kinds() -> None:
    instrument = load_questionnaire(WIDTHS, "")
    again = compile_form(read_form(write_form(instrument).content, "terug", "1", instrument.roles))
    for item in instrument.items():
        other = find_item(again, item.code)
        assert replace(carry(again, other), ask_if=None) == replace(carry(instrument, item), ask_if=None)
        assert (other.ask_if is None) == (item.ask_if is None)


def test_twin_a_changed_cell_comes_back_changed() -> None:
    instrument = load_questionnaire(WIDTHS, "")
    book = load_workbook(io.BytesIO(write_form(instrument).content))
    cell = next(cell for row in book["survey"].iter_rows() for cell in row if cell.value == "jaren")
    cell.value = "anders"
    changed = io.BytesIO()
    book.save(changed)
    form = read_form(changed.getvalue(), "terug", "1", instrument.roles)
    codes = [item.code for item in compile_questionnaire(form.text, "x", "").items()]
    assert ("jaren" in codes, "anders" in codes) == (False, True)


def test_what_xlsform_cannot_hold_is_told() -> None:
    instrument = load_questionnaire(ROOT / "questionnaires" / "aoj-professionals" / "2021.yaml", "")
    told = "\n".join(str(remark) for remark in write_form(instrument).remarks)
    assert "`org_contact`: not in it: concept, fact, source" in told
    assert "that a region may call a word otherwise" in told
    assert "That every region asks these themes is not in it: zicht" in told
    text = WIDTHS.read_text("utf-8").replace("cijfer < 6", 'role == "ib"')
    widths = compile_questionnaire(text, "widths", "")
    told = "\n".join(str(remark) for remark in write_form(widths).remarks)
    assert "is asked of everybody here: it looks at role" in told


def test_only_the_languages_asked_for_are_written() -> None:
    instrument = load_questionnaire(WIDTHS, "")
    book = load_workbook(io.BytesIO(write_form(instrument, ["en"]).content))
    header = [cell.value for cell in book["survey"][1]]
    assert "label::English (en)" in header
    assert not any("nl" in str(name) for name in header)


def test_a_text_that_begins_like_a_formula_stays_a_text() -> None:
    content = write_sheets({"survey": [{"type": "=1+1"}]})
    assert load_workbook(io.BytesIO(content))["survey"]["A2"].data_type == "s"


# Forms from elsewhere


def test_a_form_as_people_make_them_is_carried() -> None:
    form = read_rows(
        [
            {"type": "begin group", "name": "Werk", "label": "Uw werk"},
            {"type": "select_one jn", "name": "Overleg?", "label": "Heeft u overleg?", "required": "true()"},
            {"type": "integer", "name": "jaren", "label": "Hoe lang?", "constraint": ". > 0 and . <= 50",
             "relevant": "${Overleg?} = '1'", "hint": "In jaren."},
            {"type": "select_multiple jn or_other", "name": "samen", "label": "Wat doet u samen?"},
            {"type": "end group"},
            {"type": "range", "name": "cijfer", "label": "Welk cijfer?", "parameters": "start=1 end=10 step=1"},
            {"type": "rank jn", "name": "orde", "label": "Wat eerst?"},
            {"type": "note", "name": "uitleg", "label": "Bijna klaar"},
            {"type": "date", "name": "sinds", "label": "Sinds?", "constraint": ". >= date('2020-01-01') and . <= date('2026-12-31')"},
            {"type": "text", "name": "tip", "label": "U gaf ${cijfer}. Waarom {dat}?"},
        ]
    )  # fmt: skip
    instrument = compile_form(form)
    assert [
        (theme.code, [item.kind for page in theme.pages for item in page.items])
        for theme in instrument.themes
    ] == [
        ("werk", ["choice", "number", "multiple", "open"]),
        ("vragen", ["mark", "ranking", "explanation", "date", "open"]),
    ]
    overleg, jaren, samen = (find_item(instrument, code) for code in ("overleg", "jaren", "samen"))
    assert [(choice.code, choice.value) for choice in overleg.choices] == [("ja", 1), ("nee", 2)]
    assert (overleg.required, overleg.scale) == (True, "jn")
    assert (jaren.minimum, jaren.maximum, jaren.hint) == (1, 50, {"nl": "In jaren."})
    assert jaren.ask_if == ("==", ("item", "overleg"), "ja")
    assert [(choice.code, choice.other) for choice in samen.choices][-1] == ("anders", 100)
    assert find_item(instrument, "tip").text == {"nl": r"U gaf {cijfer}. Waarom \{dat\}?"}
    assert list_remarks(form) == [("survey", 3, "name"), ("survey", 7, "parameters")]


@pytest.mark.parametrize("appearance", ["table-list", "field-list"])
def test_a_table_of_single_choices_is_a_group_of_statements(appearance: str) -> None:
    inner = [
        {"type": "begin_group", "name": "kennen", "label": "Weet u genoeg?", "appearance": appearance},
        {"type": "select_one jn", "name": "taken", "label": "Ik ken hun taken."},
        {"type": "select_one jn", "name": "samen", "label": "Wij werken samen."},
        {"type": "end_group"},
    ]
    around = [{"type": "begin_group", "name": "t", "label": "T"}, *inner, {"type": "end_group"}]
    (page,) = compile_form(read_rows(around)).pages
    assert (page.code, page.text, len(page.items)) == ("kennen", {"nl": "Weet u genoeg?"}, 2)
    mixed = [*around[:3], {"type": "text", "name": "anders", "label": "Anders?"}, *around[3:]]
    form = read_rows(mixed)
    assert len(compile_form(form).pages) == 3
    assert ("survey", 3, "label") in list_remarks(form)


def test_conditions_of_groups_hold_for_each_question_in_them() -> None:
    form = read_rows(
        [
            {"type": "select_one jn", "name": "a", "label": "A?"},
            {"type": "integer", "name": "b", "label": "B?", "constraint": ". >= 0 and . <= 9"},
            {"type": "begin_group", "name": "g", "label": "G", "relevant": "${a} = 1"},
            {"type": "text", "name": "c", "label": "C?", "relevant": "${b} > 3 or ${b} = 1"},
            {"type": "end_group"},
        ]
    )
    assert 'a == \\"ja\\" && (b > 3 || b == 1)' in form.text


def test_languages_are_told_by_their_headers() -> None:
    form = read_rows(
        [
            {
                "type": "text",
                "name": "a",
                "label::English (en)": "Why?",
                "label::Dutch": "Waarom?",
                "label::Frysk": "x",
            }
        ],
        settings=[{"form_title": "Proef", "default_language": "Dutch (nl)"}],
    )
    instrument = compile_form(form)
    assert instrument.languages == ("nl", "en")
    assert find_item(instrument, "a").text == {"nl": "Waarom?", "en": "Why?"}
    assert list_remarks(form) == [("survey", 1, "label::Frysk")]


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ({"type": "geopoint", "name": "x", "label": "Waar?"}, "type", "`geopoint` are not carried over"),
        ({"type": "start", "name": "start"}, "type", "keeps no moment, place, device or person"),
        ({"type": "begin_repeat", "name": "x"}, "type", "repeat"),
        ({"type": "select_one niets", "name": "x", "label": "X?"}, "type", "no list `niets`"),
        ({"type": "text", "name": "x", "label": "X?", "default": "5"}, "default", "never filled in beforehand"),
        ({"type": "text", "name": "x", "label": "X?", "relevant": "${y} = 1"}, "relevant", "everybody is asked"),
        ({"type": "text", "name": "x", "label": "X?", "constraint": "regex(., 'a')"}, "constraint", "not checked"),
        ({"type": "text", "name": "x", "label": "X?", "required": "${a} = 1"}, "required", "cannot depend"),
        ({"type": "text", "name": "x", "label": "<b>X?</b>"}, "label", "HTML is shown as it was typed"),
        ({"type": "text", "name": "x", "label": "U zei ${y}."}, "label", "no earlier answer"),
        ({"type": "text", "name": "x"}, "label", "There is no text"),
        ({"type": "integer", "name": "x", "label": "X?"}, "constraint", "needs a lowest and a highest"),
        ({"type": "decimal", "name": "x", "label": "X?"}, "type", "Numbers are whole"),
        ({"type": "date", "name": "x", "label": "X?"}, "constraint", "A date needs bounds"),
        ({"type": "text", "name": "select", "label": "X?"}, "name", "is called `select_vraag`"),
        ({"type": "text", "name": "x", "label": "X?", "media::image": "a.png"}, "media::image", "not carried"),
        ({"type": "end_group"}, "type", "ends a group that did not begin"),
        ({"type": "begin_group", "name": "x"}, "type", "does not end"),
        ({"name": "x", "label": "X?"}, "type", "without type"),
        ({"type": "range", "name": "x", "label": "X?", "parameters": "start=0 end=1 step=0.1"}, "parameters", "steps of 1"),
    ],
)  # fmt: skip
def test_what_is_not_carried_is_told_with_its_place(row: dict[str, str], column: str, words: str) -> None:
    form = read_rows([{"type": "select_one jn", "name": "a", "label": "A?"}, row])
    found = [remark for remark in form.remarks if (remark.row, remark.column) == (3, column)]
    assert any(words in str(remark) for remark in found), [str(remark) for remark in form.remarks]
    assert form.problems == ()


def test_a_place_is_written_as_people_read_it() -> None:
    form = read_rows([*[{"type": "text", "name": "a", "label": "A?"}], {"type": "audio", "name": "b"}])
    assert str(form.remarks[-1]) == "survey, row 3, column type: Rows of type `audio` are not carried over."


def test_codes_are_cut_so_that_the_columns_of_their_answers_fit() -> None:
    choices = [
        {"list_name": "lang", "name": f"een_heel_lang_antwoord_nummer_{n}", "label": str(n)} for n in range(3)
    ]
    name = "een_heel_lange_naam_voor_een_vraag"
    form = read_rows(
        [{"type": "select_multiple lang or_other", "name": name, "label": "Wat?"},
         {"type": "text", "name": "x", "label": "X?", "relevant": f"selected(${{{name}}}, '{choices[1]['name']}')"}],
        choices,
    )  # fmt: skip
    instrument = compile_form(form)
    item = next(instrument.items())
    assert find_item(instrument, "x").ask_if == ("in", item.choices[1].code, ("item", item.code))


def test_what_does_not_compile_is_told_by_the_compiler() -> None:
    form = read_rows(
        [
            {"type": "select_one jn", "name": "a", "label": "A?"},
            {"type": "text", "name": "b", "label": "B?", "relevant": "${a} = 1 and ${a} = 2"},
        ]
    )
    assert [problem.code for problem in form.problems] == ["condition-never"]


# Rubbish


def bad_workbooks() -> dict[str, bytes]:
    good = write_workbook([{"type": "text", "name": "a", "label": "A?"}])
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * (sheets.MAX_UNPACKED + 1))
    return {
        "empty": b"",
        "text": b"type,name,label\n",
        "cut": good[: len(good) // 2],
        "zip of nothing": zip_of({}),
        "zip of else": zip_of({"a.txt": b"hello"}),
        "broken sheet": change_part(good, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>"),
        "no types": change_part(good, "[Content_Types].xml", b"<Types/>"),
        "too large": b"PK" + b"\0" * sheets.MAX_BYTES,
        "bomb": bomb.getvalue(),
        "no survey": write_sheets({"vragen": [{"type": "text"}]}),
        "no rows": write_sheets({"survey": [{"type": ""}]}),
        "only places": write_workbook([{"type": "geopoint", "name": "a"}]),
        "too many rows": write_workbook(
            [{"type": "text", "name": "a", "label": "A?"}] * (sheets.MAX_ROWS + 1)
        ),
    }


def zip_of(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def change_part(content: bytes, name: str, new: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    assert name in parts
    return zip_of({**parts, name: new})


BAD = bad_workbooks()
GOOD = write_workbook([{"type": "select_one jn", "name": "a", "label": "A?"}])
"""Made once: a workbook holds the moment it was made, which changes its length."""


@pytest.mark.parametrize("name", list(BAD))
def test_rubbish_gives_one_clear_error(name: str) -> None:
    with pytest.raises(XlsformError) as caught:
        read_form(BAD[name], "proef", "1", ["ib"])
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


def test_twin_without_the_bound_the_bomb_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = zip_of({"xl/workbook.xml": b" " * 50_000})
    monkeypatch.setattr(sheets, "MAX_UNPACKED", 1000)
    with pytest.raises(XlsformError, match="would be 50000 bytes unpacked"):
        sheets.read_sheets(bomb)
    monkeypatch.setattr(sheets, "MAX_UNPACKED", 100_000)
    with pytest.raises(XlsformError, match="cannot be read as an XLSX file"):
        sheets.read_sheets(bomb)


def test_entities_that_multiply_are_not_unfolded() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    sheet = f'<!DOCTYPE x [<!ENTITY e0 "ha">{entities}]><worksheet><sheetData><row><c t="str"><v>&e11;</v></c></row></sheetData></worksheet>'
    good = write_workbook([{"type": "text", "name": "a", "label": "A?"}])
    with pytest.raises(XlsformError):
        read_form(change_part(good, "xl/worksheets/sheet1.xml", sheet.encode()), "proef", "1", ["ib"])


def test_a_cell_far_away_costs_nothing() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Survey"
    for column, text in enumerate(("Type", "Name", "Label"), 1):
        sheet.cell(1, column, text)
    for column, text in enumerate(("text", "a", "A?"), 1):
        sheet.cell(2, column, text)
    sheet["XFD1048576"] = "far"
    file = io.BytesIO()
    book.save(file)
    assert find_item(compile_form(read_form(file.getvalue(), "proef", "1", ["ib"])), "a").kind == "open"


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=st.data())
def test_no_bytes_raise_anything_but_that_error(data: st.DataObject) -> None:
    good = GOOD
    place = data.draw(st.integers(0, 5000))
    content = data.draw(
        st.binary(max_size=200)
        | st.binary(min_size=1, max_size=20).map(lambda new: good[:place] + new + good[place + len(new) :])
    )
    with suppress(XlsformError):
        read_form(content, "proef", "1", ["ib"])


cells = st.sampled_from(
    ["", "text", "select_one jn", "select_multiple jn or_other", "rank jn", "range", "integer", "begin_group",
     "end_group", "begin_repeat", "end_repeat", "note", "date", "a", "b", "A b", "${a} = '1'", "not(", "1", "99",
     "table-list", "{x}", "Wat?", "yes", "jn", "start=1 end=10", ". > 3", "ja\nnee"]
)  # fmt: skip
columns = [
    "type",
    "name",
    "label",
    "label::English (en)",
    "hint",
    "relevant",
    "required",
    "appearance",
    "constraint",
    "parameters",
]
survey_rows = st.lists(st.dictionaries(st.sampled_from(columns), cells, max_size=6), max_size=8)
choice_rows = st.lists(
    st.dictionaries(st.sampled_from(["list_name", "name", "label", "number"]), cells, max_size=4), max_size=5
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(survey=survey_rows, choices=choice_rows)
def test_whatever_stands_in_the_cells_gives_a_file_with_problems_at_most(
    survey: list[dict[str, str]], choices: list[dict[str, str]]
) -> None:
    try:
        form = read_rows(survey, [*YES_NO, *choices])
    except XlsformError:
        return
    assert form.text.startswith('"format": 1')
