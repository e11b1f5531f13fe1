"""The path: which themes, pages and items are open, given what was answered so far.

It is computed anew each time and never stored, so a changed answer cannot leave a stale route.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import ceil

from aoj_survey.errors import NotFoundError
from aoj_survey.questionnaire import Answers, Instrument, Item, Page, Text, Theme, Value, holds


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


def walk(instrument: Instrument, answers: Answers) -> Path:
    """Return the path these answers open. Answers off the path are as good as not given."""
    themes: list[Theme] = []
    kept = drop_off_path(instrument, answers)
    for theme in instrument.themes:
        pages = tuple(page for page in (_open_page(page, kept) for page in theme.pages) if page.items)
        if pages:
            themes.append(replace(theme, pages=pages))
    return Path(tuple(themes), tuple(page for theme in themes for page in theme.pages))


def drop_off_path(instrument: Instrument, answers: Answers) -> dict[str, Value]:
    """Return the answers to items on the path, in the order of the items.

    Conditions only look back, so one pass in order is enough.
    """
    kept: dict[str, Value] = {}
    for item in instrument.items():
        if item.code in answers and holds(item.ask_if, kept):
            kept[item.code] = answers[item.code]
    return kept


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


def unanswered(page: Page, answers: Answers) -> tuple[Item, ...]:
    """Return the items of a page that have no answer."""
    return tuple(item for item in page.items if item.code not in answers)


def first_unanswered(path: Path, answers: Answers) -> Page | None:
    """Return the first page on the path with an item that has no answer, or None."""
    return next((page for page in path.pages if unanswered(page, answers)), None)


def progress(path: Path, code: str) -> Progress:
    """Return where a page stands; raises NotFoundError when it is not on the path.

    Of n pages in a theme the i-th shows i / (n + 1): begun, and not yet done.
    """
    for number, theme in enumerate(path.themes):
        for place, page in enumerate(theme.pages, start=1):
            if page.code == code:
                after = len(path.themes) - number - 1
                fractions = (*[1.0] * number, place / (len(theme.pages) + 1), *[0.0] * after)
                return Progress(number + 1, len(path.themes), theme.title, fractions)
    raise _not_on_path(code)


def minutes(pages: Iterable[Page]) -> int:
    """Return how many minutes these pages take by the seconds of their items, rounded up, at least 1."""
    return max(1, ceil(sum(item.seconds for page in pages for item in page.items) / 60))


def _open_page(page: Page, kept: Answers) -> Page:
    items = tuple(item for item in page.items if holds(item.ask_if, kept))
    return page if len(items) == len(page.items) else replace(page, items=items)


def _find_position(path: Path, code: str) -> int:
    for position, page in enumerate(path.pages):
        if page.code == code:
            return position
    raise _not_on_path(code)


def _not_on_path(code: str) -> NotFoundError:
    return NotFoundError(f"The page {code!r} is not asked with these answers. Go to the first open page.")
