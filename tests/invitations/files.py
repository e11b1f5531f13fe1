"""Spreadsheet files for tests, well made and hostile."""

import io
import zipfile
from collections.abc import Sequence

from openpyxl import Workbook

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def make_zip(parts: dict[str, bytes | str]) -> bytes:
    """A zip file, its parts compressed."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def make_xlsx(rows: Sequence[Sequence[object]], sheets: Sequence[str] = ("Blad1",)) -> bytes:
    """An Excel file with these rows on its last sheet."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title in sheets:
        book.create_sheet(title)
    for row in rows:
        book.worksheets[-1].append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def make_raw_xlsx(sheet: str) -> bytes:
    """An Excel file whose only sheet holds this XML."""
    whole = make_xlsx([["x"]])
    parts: dict[str, bytes | str] = {}
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        for name in archive.namelist():
            parts[name] = archive.read(name)
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/worksheets/sheet1.xml"] = (
        f'<worksheet xmlns="{space}"><sheetData>{sheet}</sheetData></worksheet>'
    )
    return make_zip(parts)


def make_raw_ods(tables: str, prolog: str = "") -> bytes:
    """An OpenDocument file with this XML as its tables."""
    content = (
        f'<?xml version="1.0"?>{prolog}<office:document-content {_NAMES}><office:body><office:spreadsheet>'
        f"{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    return make_zip({"mimetype": MIMETYPE, "content.xml": content})


def make_cell(text: str, more: str = "") -> str:
    """A cell of OpenDocument."""
    return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"


def make_ods(rows: Sequence[Sequence[str]]) -> bytes:
    """An OpenDocument file with these rows."""
    made = "".join(f"<table:table-row>{''.join(map(make_cell, row))}</table:table-row>" for row in rows)
    return make_raw_ods(f'<table:table table:name="Blad1">{made}</table:table>')
