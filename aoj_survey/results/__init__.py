"""From a protected wave dataset to figures that may be shown, and to tables of them."""

from .descriptions import describe_tables
from .figures import Figure, Shown, make_figures
from .folders import TABLES, make_files, tables_name, write_tables
from .plans import Book, count_answers
from .tables import Table, TableSet, make_closed_tables, make_tables

__all__ = [
    "TABLES",
    "Book",
    "Figure",
    "Shown",
    "Table",
    "TableSet",
    "count_answers",
    "describe_tables",
    "make_closed_tables",
    "make_figures",
    "make_files",
    "make_tables",
    "tables_name",
    "write_tables",
]
