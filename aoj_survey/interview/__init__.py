"""The interview: which pages are open, the forms that ask them, and the check of what was answered."""

from .fields import FIELDS
from .forms import FormError, fill_data, find_errors, make_form, read_answers
from .path import (
    Path,
    Progress,
    drop_off_path,
    find_page,
    first_unanswered,
    minutes,
    page_after,
    page_before,
    progress,
    unanswered,
    walk,
)
from .review import AnswerLine, ThemeSummary, check_answers, summary
from .wording import show_answer

__all__ = [
    "FIELDS",
    "AnswerLine",
    "FormError",
    "Path",
    "Progress",
    "ThemeSummary",
    "check_answers",
    "drop_off_path",
    "fill_data",
    "find_errors",
    "find_page",
    "first_unanswered",
    "make_form",
    "minutes",
    "page_after",
    "page_before",
    "progress",
    "read_answers",
    "show_answer",
    "summary",
    "unanswered",
    "walk",
]
