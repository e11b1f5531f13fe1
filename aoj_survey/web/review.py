"""The page that shows all answers before sending: themes, groups of statements, and answers in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from aoj_survey.interview import AnswerLine, PageSummary, summary

from .texts import find_language, mark_language, write_line, write_plain
from .visits import Visit


@dataclass(frozen=True, slots=True)
class ReviewedLine:
    """A question with its answer, None where there is none; `marks` tell the language of the answer."""

    text: Markup
    plain: str
    answer: str | None
    marks: Markup
    page_code: str


@dataclass(frozen=True, slots=True)
class ReviewedBlock:
    """Questions under one heading: the theme's, or (`is_group`) that of a group of statements in it."""

    heading: Markup
    is_group: bool
    lines: tuple[ReviewedLine, ...]


def review_answers(visit: Visit) -> tuple[ReviewedBlock, ...]:
    """Return all that is asked and answered on the path, in order; questions after a group have no heading."""
    language = visit.link.language
    blocks: list[ReviewedBlock] = []
    for theme in summary(visit.path, visit.draft.answers, language):
        title = write_line(theme.theme.title, language)
        for group, pages in groupby(theme.pages, key=_find_group):
            if group:
                if title:
                    blocks.append(ReviewedBlock(title, is_group=False, lines=()))
                title = write_line(group[1], language)
            blocks.append(ReviewedBlock(title, bool(group), _review_lines(pages, language)))
            title = Markup()
    return tuple(blocks)


def _find_group(page: PageSummary) -> tuple[str, dict[str, str]] | None:
    """What keeps the lines of a group together and apart from others."""
    return (page.page.code, dict(page.page.text)) if page.page.text else None


def _review_lines(pages: Iterable[PageSummary], language: str) -> tuple[ReviewedLine, ...]:
    return tuple(_review_line(line, language) for page in pages for line in page.lines)


def _review_line(line: AnswerLine, language: str) -> ReviewedLine:
    item = line.item
    return ReviewedLine(
        write_line(item.text, language),
        write_plain(item.text, language),
        line.answer,
        _mark_answer(line, language),
        line.page_code,
    )


def _mark_answer(line: AnswerLine, language: str) -> Markup:
    """What was typed goes in the direction it has; choices are in the language their texts are shown in."""
    if line.item.is_text:
        return Markup(' dir="auto"')
    text = line.item.choices[0].text if line.item.choices else line.item.unit
    return mark_language(find_language(text, language), language) if text else Markup()
