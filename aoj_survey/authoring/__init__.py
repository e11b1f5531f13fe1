"""Tools for who writes questionnaires: looking at a file, comparing editions, printing for review."""

from .comparison import Difference, ItemComparison, compare_editions
from .inspection import Head, Inspection, check_published, inspect_file, read_head
from .printing import print_questionnaire
from .translations import LanguageReport, Untranslated, report_translations
from .xlsform import ReadForm, read_form
from .xlsform_export import WrittenForm, write_form
from .xlsform_sheets import Remark

__all__ = [
    "Difference",
    "Head",
    "Inspection",
    "ItemComparison",
    "LanguageReport",
    "ReadForm",
    "Remark",
    "Untranslated",
    "WrittenForm",
    "check_published",
    "compare_editions",
    "inspect_file",
    "print_questionnaire",
    "read_form",
    "read_head",
    "report_translations",
    "write_form",
]
