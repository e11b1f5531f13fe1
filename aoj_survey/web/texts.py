"""Texts of a questionnaire on a page: HTML that runs nothing, and in which language it is.

A text that lacks the language of the page is shown in another; it then says so itself, with its direction.
"""

from markupsafe import Markup

from aoj_survey.questionnaire import Text, find_direction, say, show_block, show_inline, show_plain

_SPAN, _DIV = Markup("<span{}>{}</span>"), Markup("<div{}>{}</div>")
_MARKS = Markup(' lang="{}" dir="{}"')


def find_language(text: Text, page: str) -> str:
    """Return the language a text is shown in on a page of some language, as `say` chooses it."""
    return page if page in text else next(iter(text))


def mark_language(language: str, page: str) -> Markup:
    """Return the attributes of a part in a language; nothing where the page is in that language itself."""
    return Markup() if language == page else _MARKS.format(language, find_direction(language))


def write_line(text: Text, page: str) -> Markup:
    """Return a text as HTML for a heading, a label or a sentence."""
    marks = mark_language(find_language(text, page), page)
    shown = show_inline(say(text, page))
    return _SPAN.format(marks, shown) if marks else shown


def write_block(text: Text, page: str) -> Markup:
    """Return a text as HTML with paragraphs and lists, for a place where these may stand."""
    marks = mark_language(find_language(text, page), page)
    shown = show_block(say(text, page))
    return _DIV.format(marks, shown) if marks else shown


def write_plain(text: Text, page: str) -> str:
    """Return a text without its marks, for titles, options of lists and sentences of ours."""
    return show_plain(say(text, page))
