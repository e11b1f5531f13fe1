"""Looking back over the answers: as a list to read before sending, and as a check before they are sealed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aoj_survey.errors import AnswersError
from aoj_survey.questionnaire import (
    KINDS,
    NOBODY,
    Answers,
    Context,
    Instrument,
    Item,
    ItemKind,
    Page,
    Theme,
    Value,
)

from .path import Path, drop_off_path, is_question
from .wording import show_answer


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """An item with the code of its page and its answer as shown; None when there is none."""

    item: Item
    page_code: str
    answer: str | None


@dataclass(frozen=True, slots=True)
class PageSummary:
    """A page with a line for each of its questions; statements of a group stand together on theirs."""

    page: Page
    lines: tuple[AnswerLine, ...]


@dataclass(frozen=True, slots=True)
class ThemeSummary:
    """A theme with its pages that ask something."""

    theme: Theme
    pages: tuple[PageSummary, ...]

    @property
    def lines(self) -> tuple[AnswerLine, ...]:
        """The lines of all pages."""
        return tuple(line for page in self.pages for line in page.lines)


def summary(path: Path, answers: Answers, language: str) -> tuple[ThemeSummary, ...]:
    """Return every open question by theme with its answer in words, for the page that shows them all.

    Explanations are left out; what was written beside a choice stands with it.
    """
    themes: list[ThemeSummary] = []
    for theme in path.themes:
        pages = tuple(
            PageSummary(page, tuple(_review_page(page, answers, language)))
            for page in theme.pages
            if any(is_question(item) for item in page.items)
        )
        if pages:
            themes.append(ThemeSummary(theme, pages))
    return tuple(themes)


def _review_page(page: Page, answers: Answers, language: str) -> Iterator[AnswerLine]:
    beside: dict[str, dict[str, str]] = {}
    for item in page.items:
        if item.beside and item.code in answers:
            beside.setdefault(item.beside[0], {})[item.beside[1]] = str(answers[item.code])
    for item in page.items:
        if is_question(item):
            answer = show_answer(item, answers.get(item.code), language, beside.get(item.code))
            yield AnswerLine(item, page.code, answer)


def check_answers(
    instrument: Instrument,
    answers: Mapping[str, object],
    context: Context = NOBODY,
    kinds: Mapping[str, ItemKind] = KINDS,
) -> dict[str, Value]:
    """Return the answers that are on the respondent's path, each checked against its item.

    Raises AnswersError for an unknown item or a value that is no answer to its item; the value itself
    is never in the message, which may end up in a log.
    """
    items = {item.code: item for item in instrument.items()}
    checked: dict[str, Value] = {}
    for code, value in answers.items():
        item = items.get(code)
        if item is None:
            raise AnswersError("There is an answer to a question that is not in this questionnaire.")
        if not isinstance(value, (str, int, tuple)) or not kinds[item.kind].accepts(item, value):
            raise AnswersError(f"What was given as an answer to {code!r} ({item.kind}) is not one.")
        checked[code] = value
    return drop_off_path(instrument, checked, context)
