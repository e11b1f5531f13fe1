"""XLSForms written for a test."""

from collections.abc import Mapping, Sequence

from aoj_survey.authoring import ReadForm, read_form
from aoj_survey.authoring.xlsform_sheets import write_sheets
from aoj_survey.questionnaire import Instrument, compile_questionnaire

Rows = Sequence[Mapping[str, str]]

YES_NO: Rows = (
    {"list_name": "jn", "name": "1", "label": "ja"},
    {"list_name": "jn", "name": "2", "label": "nee"},
)


def write_workbook(survey: Rows, choices: Rows = YES_NO, settings: Rows = ()) -> bytes:
    """The bytes of a form with these rows; the title is there, so that no remark is about it."""
    return write_sheets(
        {"survey": survey, "choices": choices, "settings": settings or ({"form_title": "Proef"},)}
    )


def read_rows(survey: Rows, choices: Rows = YES_NO, settings: Rows = ()) -> ReadForm:
    """What is read of a form with these rows."""
    return read_form(write_workbook(survey, choices, settings), "proef", "1", ["ib", "zoco"])


def compile_form(form: ReadForm) -> Instrument:
    """The questionnaire that was read."""
    assert form.problems == ()
    return compile_questionnaire(form.text, "form.yaml", "")


def list_remarks(form: ReadForm) -> list[tuple[str, int, str]]:
    """Where something was not carried over as it was; that the purpose is to be written always is."""
    return [
        (remark.sheet, remark.row, remark.column) for remark in form.remarks if "purpose" not in remark.what
    ]
