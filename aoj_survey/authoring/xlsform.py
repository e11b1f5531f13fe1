"""XLSForm, the spreadsheet format of ODK and Kobo: a form from there as a questionnaire of ours, and back.

What cannot be carried over is told by sheet, row and column, with what to do. The format: https://xlsform.org.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aoj_survey.errors import Problem, QuestionnaireError, XlsformError
from aoj_survey.questionnaire import FORMAT, compile_questionnaire, write_document

from .xlsform_choices import read_lists
from .xlsform_reading import Reading
from .xlsform_rows import read_entries
from .xlsform_sheets import Remark, Sheet, read_sheets
from .xlsform_survey import read_themes
from .xlsform_texts import find_language, find_languages

_PURPOSE = {
    "nl": "Schrijf hier in één zin waarvoor deze vragen zijn.",
    "en": "Write here in one sentence what these questions are for.",
}


@dataclass(frozen=True, slots=True)
class ReadForm:
    """A form as YAML `text` of ours; `remarks` tell what is not in it, `problems` why it does not compile yet."""

    text: str
    remarks: tuple[Remark, ...]
    problems: tuple[Problem, ...]


def read_form(
    content: bytes,
    questionnaire: str,
    edition: str,
    roles: Sequence[str],
    *,
    language: str = "nl",
    file: str = "form",
) -> ReadForm:
    """Return an XLSX file with an XLSForm as a questionnaire of this name and edition, for these roles.

    `language` is that of texts whose column and settings name none; `file` is named in problems.

    Raises:
        XlsformError: it is no XLSX file, too large, or has no question that can be carried over.
    """
    sheets = read_sheets(content)
    settings = sheets.get("settings", Sheet())
    general = settings.rows[0].cells if settings.rows else {}
    default = find_language(general.get("default_language", ""), language) or language
    columns = (*sheets["survey"].columns, *sheets.get("choices", Sheet()).columns)
    first = next(iter(find_languages(columns, default).values()), default)
    languages = find_languages(sheets["survey"].columns, first) or {"": first}
    lists, remarks = read_lists(sheets.get("choices", Sheet()), first)
    reading = Reading(languages, lists, remarks)
    _remark_columns(reading, sheets["survey"])
    themes = read_themes(reading, list(read_entries(sheets["survey"].rows, remarks)))
    if not themes:
        raise XlsformError("There is no question in the sheet survey that can be carried over.")
    title = general.get("form_title", "")
    remarks += _remark_settings(title)
    document: dict[str, Any] = {
        "format": FORMAT,
        "questionnaire": questionnaire,
        "edition": edition,
        "languages": list(dict.fromkeys(languages.values())),
        "title": {first: title or questionnaire},
        "purpose": dict(reading.pick(_PURPOSE)),
        "roles": list(roles),
        "scales": reading.scales,
        "themes": themes,
    }
    text = write_document(document)
    return ReadForm(text, tuple(_sort(remarks)), _find_problems(text, file))


def _remark_settings(title: str) -> list[Remark]:
    purpose = Remark(
        "settings", 0, "", "A purpose is shown on the welcome page.", "Write `purpose` in the file."
    )
    untitled = Remark("settings", 0, "form_title", "There is no title.", "Write `title` in the file.")
    return [purpose] if title else [purpose, untitled]


def _remark_columns(reading: Reading, sheet: Sheet) -> None:
    for column in sheet.columns:
        name, sign, language = column.partition("::")
        if name in ("label", "hint") and sign and language not in reading.languages:
            what = f"The language `{language}` is not known."
            reading.remarks.append(
                Remark("survey", 1, column, what, "Write its code behind it: `Frysk (fy)`.")
            )


def _sort(remarks: Sequence[Remark]) -> list[Remark]:
    order = {"settings": 0, "survey": 1, "choices": 2}
    unique = dict.fromkeys(remarks)
    return sorted(unique, key=lambda remark: (order[remark.sheet], remark.row))


def _find_problems(text: str, file: str) -> tuple[Problem, ...]:
    try:
        compile_questionnaire(text, file, "", unchecked=True)
    except QuestionnaireError as error:
        return error.problems
    return ()
