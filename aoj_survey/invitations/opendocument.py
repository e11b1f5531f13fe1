"""Sheets of OpenDocument (.ods), read cell by cell within bounds.

An empty cell or row may say to be repeated a million times, and so may a full one; nothing is repeated beyond
the bounds. The format: OpenDocument 1.3, part 3, section 9.
"""

from contextlib import suppress
from xml.parsers import expat  # expat bounds what entities grow to; documents that declare any are refused.

OPENDOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"

_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_CELLS = (_TABLE + "table-cell", _TABLE + "covered-table-cell")


class _EnoughError(Exception):
    """The first sheet that holds anything was read, or as many rows as are wanted."""


def read_opendocument(
    content: bytes, rows: int, columns: int, longest: int
) -> list[tuple[int, tuple[str, ...]]]:
    """Return the rows that are not empty of the first sheet that has any, by number, at most so many.

    Cells beyond `columns` are left out, and texts are cut at `longest` characters.

    Raises:
        ValueError: it declares entities, which no spreadsheet needs; ExpatError: it is not well formed.
    """
    sheet = _Sheet(rows, columns, longest)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = sheet.begin
    parser.EndElementHandler = sheet.end
    parser.CharacterDataHandler = sheet.add_text
    parser.StartDoctypeDeclHandler = _refuse_entities
    with suppress(_EnoughError):
        parser.Parse(content, True)
    return sheet.found


def _refuse_entities(*_declaration: object) -> None:
    raise ValueError("A spreadsheet declares no entities.")


class _Sheet:
    """What was read so far of a sheet; `aside` counts the notes beside cells that we are inside of."""

    def __init__(self, rows: int, columns: int, longest: int) -> None:
        self._rows, self._columns, self._longest = rows, columns, longest
        self.found: list[tuple[int, tuple[str, ...]]] = []
        self._number = 0
        self._row: list[str] = []
        self._place = 0
        self._repeated = self._repeated_row = 1
        self._text: list[str] | None = None
        self._aside = 0

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """Note where an element begins."""
        if name == _TABLE + "table":
            self._number = 0
        elif name == _TABLE + "table-row":
            self._row, self._place = [], 0
            self._repeated_row = _read_number(attributes, _TABLE + "number-rows-repeated")
        elif name in _CELLS:
            self._text = []
            self._repeated = _read_number(attributes, _TABLE + "number-columns-repeated")
        elif name == _OFFICE + "annotation":
            self._aside += 1
        elif name == _TEXT + "p" and self._text:
            self.add_text("\n")
        elif name == _TEXT + "s":
            self.add_text(" " * min(_read_number(attributes, _TEXT + "c"), self._longest))
        elif name in {_TEXT + "tab", _TEXT + "line-break"}:
            self.add_text("\t" if name == _TEXT + "tab" else "\n")

    def add_text(self, text: str) -> None:
        """Keep text of the cell that we are in."""
        if self._text is not None and not self._aside:
            self._text.append(text)

    def end(self, name: str) -> None:
        """Keep a cell or row that ends here."""
        if name == _OFFICE + "annotation":
            self._aside -= 1
        elif name in _CELLS:
            self._end_cell("".join(self._text or ()).strip()[: self._longest])
        elif name == _TABLE + "table-row":
            self._end_row()
        elif name == _TABLE + "table" and self.found:
            raise _EnoughError

    def _end_cell(self, text: str) -> None:
        self._text = None
        for _ in range(min(self._repeated, self._columns - self._place) if text else 0):
            self._row += [""] * (self._place - len(self._row)) + [text]
            self._place += 1
        self._place = self._place if text else self._place + self._repeated

    def _end_row(self) -> None:
        if not self._row:
            self._number += self._repeated_row
        for _ in range(self._repeated_row if self._row else 0):
            self._number += 1
            self.found.append((self._number, tuple(self._row)))
            if len(self.found) >= self._rows:
                raise _EnoughError


def _read_number(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    return max(1, int(text[:9])) if text.isascii() and text.isdigit() else 1
