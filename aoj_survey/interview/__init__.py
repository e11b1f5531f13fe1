"""The interview: which pages are open, the forms that ask them, and the check of what was answered."""

from .carrying import carry_answers
from .fields import FIELDS, find_control
from .forms import FormError, fill_data, find_errors, make_form, read_answers
from .path import (
    Path,
    Progress,
    count_questions,
    drop_off_path,
    find_page,
    first_unanswered,
    is_question,
    minutes,
    page_after,
    page_before,
    progress,
    unanswered,
    walk,
)
from .review import AnswerLine, PageSummary, ThemeSummary, check_answers, summary
from .widest import widest_path
from .wording import show_answer

__all__ = [
    "FIELDS",
    "AnswerLine",
    "FormError",
    "PageSummary",
    "Path",
    "Progress",
    "ThemeSummary",
    "carry_answers",
    "check_answers",
    "count_questions",
    "drop_off_path",
    "fill_data",
    "find_control",
    "find_errors",
    "find_page",
    "first_unanswered",
    "is_question",
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
    "widest_path",
]
