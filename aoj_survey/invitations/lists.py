"""The list of people as a file to take along to a next wave. It tells nothing of who took part."""

import csv
import io
from collections.abc import Iterable

from aoj_survey.questionnaire import ROLES

from .columns import COLUMNS
from .listing import ListedPerson

# A spreadsheet reads these as a formula; the quote itself is guarded too, so that reading back is exact.
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "'")


def guard(text: str) -> str:
    """Return the text with a quote before it when a spreadsheet could take it for a formula."""
    return f"'{text}" if text.startswith(_RISKY) else text


def release(text: str) -> str:
    """Return the text as it was before `guard`."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_RISKY) else text


def write_rows(rows: Iterable[Iterable[str]]) -> bytes:
    """Return rows as a CSV file that a spreadsheet opens as it is: UTF-8 with its mark, semicolons, no formulas."""
    file = io.StringIO(newline="")
    table = csv.writer(file, delimiter=";", lineterminator="\r\n")
    table.writerows([guard(cell) for cell in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def write_list(people: Iterable[ListedPerson]) -> bytes:
    """Return the people of a list as a CSV file that can be imported as it is; who wants no mail is left out."""
    rows = (person.row for person in people if not person.opted_out)
    lines = (
        (
            row.address,
            ROLES[row.role].label["nl"] if row.role in ROLES else row.role,
            row.organisation,
            row.language,
            row.sector,
            row.municipality,
            row.swv,
        )
        for row in rows
    )
    return write_rows([[names[0] for names in COLUMNS.values()], *lines])
