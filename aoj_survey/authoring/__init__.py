"""Tools for who writes questionnaires: looking at a file, comparing editions, printing for review."""

from .additions import KINDS, MESSAGES, Additions, OwnChoice, OwnQuestion, check_additions
from .additions_yaml import complete_additions, read_additions, write_additions
from .comparison import Difference, ItemComparison, compare_editions
from .inspection import Head, Inspection, check_published, inspect_file, read_head
from .printing import print_questionnaire
from .translations import LanguageReport, Untranslated, report_translations
from .xlsform import ReadForm, read_form
from .xlsform_export import WrittenForm, write_form
from .xlsform_sheets import Remark

__all__ = [
    "KINDS",
    "MESSAGES",
    "Additions",
    "Difference",
    "Head",
    "Inspection",
    "ItemComparison",
    "LanguageReport",
    "OwnChoice",
    "OwnQuestion",
    "ReadForm",
    "Remark",
    "Untranslated",
    "WrittenForm",
    "check_additions",
    "check_published",
    "compare_editions",
    "complete_additions",
    "inspect_file",
    "print_questionnaire",
    "read_additions",
    "read_form",
    "read_head",
    "report_translations",
    "write_additions",
    "write_form",
]
