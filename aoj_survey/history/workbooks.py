"""Cells of an XLSX file whose value is not in it: formulas nobody worked out, and errors.

A reader of values takes both for empty cells, so that an answer would be lost without a word.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias
from xml.etree import ElementTree as ET

Fault: TypeAlias = tuple[int, int, str, str]
BOOK, LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def find_lost_cells(path: Path, sheet: str = "") -> list[Fault]:
    """Return line, column, fault and remedy of each cell of a sheet (the first when none is named) without a value.

    Nothing for a file that is built in another way than Excel and LibreOffice do.
    """
    with zipfile.ZipFile(path) as archive:
        part = _find_part(archive, sheet)
        return list(_read_cells(archive, part)) if part in archive.namelist() else []


def _find_part(archive: zipfile.ZipFile, sheet: str) -> str:
    if not {BOOK, LINKS} <= set(archive.namelist()):
        return ""
    sheets = [one for one in ET.fromstring(archive.read(BOOK)).iter() if _name(one) == "sheet"]  # noqa: S314 — the user's own file
    wanted = next((one for one in sheets if one.get("name") == sheet or not sheet), None)
    links = ET.fromstring(archive.read(LINKS))  # noqa: S314 — the user's own file
    targets = {one.get("Id"): one.get("Target", "") for one in links}
    target = targets.get(wanted.get(RELATION), "") if wanted is not None else ""
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _read_cells(archive: zipfile.ZipFile, part: str) -> Iterator[Fault]:
    with archive.open(part) as file:
        for _, element in ET.iterparse(file):  # noqa: S314 — the user's own file
            if _name(element) != "c":
                continue
            parts = {_name(child): child.text or "" for child in element}
            line, column = _find_place(element.get("r", "A1"))
            if element.get("t") == "e":
                what = f"This cell holds an error: {parts.get('v', '')}."
                yield line, column, what, "Mend its formula, or empty the cell."
            elif "f" in parts and "v" not in parts:
                what = "This cell holds a formula that was never worked out."
                yield line, column, what, "Open the file in Excel or LibreOffice and save it again."
            element.clear()


def _find_place(reference: str) -> tuple[int, int]:
    """Line and column of a cell, both from 1: `AB3` is (3, 28)."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(reference[len(letters) :]), column


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
