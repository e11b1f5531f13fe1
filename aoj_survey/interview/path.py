"""The path: which themes, pages and items are open, given what was answered so far.

It is computed anew each time and never stored, so a changed answer cannot leave a stale route.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from math import ceil

from aoj_survey.errors import NotFoundError
from aoj_survey.questionnaire import (
    NOBODY,
    Answers,
    Context,
    Instrument,
    Item,
    Page,
    Text,
    Theme,
    Value,
)

from .plan import plan_walk
from .wording import Quoted, fill_page, find_quoted


@dataclass(frozen=True, slots=True)
class Path:
    """The open themes with only their open pages and items; no theme or page in it is empty."""

    themes: tuple[Theme, ...]
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a page stands: theme number (from 1) of how many, its title, and how far each theme is (0 to 1)."""

    theme_number: int
    themes: int
    title: Text
    fractions: tuple[float, ...]


def walk(instrument: Instrument, answers: Answers, context: Context = NOBODY) -> Path:
    """Return the path these answers open for a respondent. Answers off the path are as good as not given.

    References in texts are replaced: the path shows "you gave a 6".
    """
    kept, opened = _follow(instrument, answers, context)
    find = find_quoted(instrument, kept)
    themes: list[Theme] = []
    for theme in instrument.themes:
        pages = tuple(page for page in (_open_page(page, opened, find) for page in theme.pages) if page)
        if pages:
            themes.append(replace(theme, pages=pages))
    return Path(tuple(themes), tuple(page for theme in themes for page in theme.pages))


def drop_off_path(instrument: Instrument, answers: Answers, context: Context = NOBODY) -> dict[str, Value]:
    """Return the answers to items on the path, in the order of the items."""
    return _follow(instrument, answers, context)[0]


def _follow(instrument: Instrument, answers: Answers, context: Context) -> tuple[dict[str, Value], set[str]]:
    """The answers that count, and the codes of the open items.

    Conditions only look back, so one pass in order is enough. A text beside a choice is open with its item,
    so that it can be shown, and counts when that choice was made.
    """
    kept: dict[str, Value] = {}
    known: dict[str, Value] = {"region": instrument.region, **context.names()}
    opened: set[str] = set()
    for item, condition in plan_walk(instrument).steps:
        code, counts = item.code, True
        if item.beside:
            is_open = item.beside[0] in opened
            counts = _has_chosen(kept.get(item.beside[0]), item.beside[1])
        else:
            is_open = condition is None or condition(known) is True
        if is_open:
            opened.add(code)
            if counts and code in answers:
                known[code] = kept[code] = answers[code]
    return kept, opened


def _has_chosen(value: Value | None, choice: str) -> bool:
    return choice in value if isinstance(value, tuple) else value == choice


def find_page(path: Path, code: str) -> Page | None:
    """Return the page with this code, or None when it is not on the path."""
    return next((page for page in path.pages if page.code == code), None)


def page_after(path: Path, code: str) -> Page | None:
    """Return the next page, None after the last; raises NotFoundError when the page is not on the path."""
    position = _find_position(path, code) + 1
    return path.pages[position] if position < len(path.pages) else None


def page_before(path: Path, code: str) -> Page | None:
    """Return the page before, None at the first; raises NotFoundError when the page is not on the path."""
    position = _find_position(path, code) - 1
    return path.pages[position] if position >= 0 else None


def is_question(item: Item) -> bool:
    """Return whether an item asks something by itself: no explanation, and no text beside a choice."""
    return item.kind != "explanation" and not item.beside


def count_questions(pages: Iterable[Page]) -> int:
    """Return how many questions stand on these pages; each statement of a group counts."""
    return sum(is_question(item) for page in pages for item in page.items)


def unanswered(page: Page, answers: Answers) -> tuple[Item, ...]:
    """Return the items of a page that have no answer and could have; texts beside choices are extra."""
    return tuple(item for item in page.items if item.code not in answers and is_question(item))


def first_unanswered(path: Path, answers: Answers) -> Page | None:
    """Return the first page on the path with an item that has no answer, or None."""
    return next((page for page in path.pages if unanswered(page, answers)), None)


def progress(path: Path, code: str, widest: Path | None = None) -> Progress:
    """Return where a page stands; raises NotFoundError when it is not on the path.

    Of n pages in a theme the i-th shows i / (n + 1): begun, and not yet done. The themes counted are those
    of the path, or of `widest` (see `widest_path`), so that their number stays the same from page to page.
    """
    themes = [theme.code for theme in (widest or path).themes]
    for theme in path.themes:
        for place, page in enumerate(theme.pages, start=1):
            if page.code == code:
                number = themes.index(theme.code)
                after = len(themes) - number - 1
                fractions = (*[1.0] * number, place / (len(theme.pages) + 1), *[0.0] * after)
                return Progress(number + 1, len(themes), theme.title, fractions)
    raise _not_on_path(code)


def minutes(pages: Iterable[Page]) -> int:
    """Return how many minutes these pages take by the seconds of their items, rounded up, at least 1."""
    return max(1, ceil(sum(item.seconds for page in pages for item in page.items) / 60))


def _open_page(page: Page, opened: AbstractSet[str], find: Quoted) -> Page | None:
    items = tuple([item for item in page.items if item.code in opened])
    if not items:
        return None
    if page.quotes or any(item.quotes for item in items):
        return fill_page(replace(page, items=items), find)
    return page if len(items) == len(page.items) else replace(page, items=items)


def _find_position(path: Path, code: str) -> int:
    for position, page in enumerate(path.pages):
        if page.code == code:
            return position
    raise _not_on_path(code)


def _not_on_path(code: str) -> NotFoundError:
    return NotFoundError(f"The page {code!r} is not asked with these answers. Go to the first open page.")
