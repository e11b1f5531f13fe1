"""Looking back over the answers: as a list to read before sending, and as a check before they are sealed."""

from collections.abc import Mapping
from dataclasses import dataclass

from aoj_survey.errors import AnswersError
from aoj_survey.questionnaire import KINDS, Answers, Instrument, Item, Theme, Value, say

from .path import Path, drop_off_path


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """An item with the code of its page and its answer as shown; None when there is none."""

    item: Item
    page_code: str
    answer: str | None


@dataclass(frozen=True, slots=True)
class ThemeSummary:
    """A theme with a line for each of its open items."""

    theme: Theme
    lines: tuple[AnswerLine, ...]


def summary(path: Path, answers: Answers, language: str) -> tuple[ThemeSummary, ...]:
    """Return every open item by theme with its answer in words, for the page that shows them all."""

    def line(item: Item, page_code: str) -> AnswerLine:
        return AnswerLine(item, page_code, show_answer(item, answers.get(item.code), language))

    return tuple(
        ThemeSummary(theme, tuple(line(item, page.code) for page in theme.pages for item in page.items))
        for theme in path.themes
    )


def show_answer(item: Item, value: Value | None, language: str) -> str | None:
    """Return an answer in words: the texts of choices, a number with its unit, an open text as it is."""
    if value is None:
        return None
    if isinstance(value, int):
        return f"{value} {say(item.unit, language)}" if item.unit else str(value)
    texts = {choice.code: say(choice.text, language) for choice in item.choices}
    return ", ".join(texts[code] for code in value) if isinstance(value, tuple) else texts.get(value, value)


def check_answers(instrument: Instrument, answers: Mapping[str, object]) -> dict[str, Value]:
    """Return the answers that are on the path, each checked against its item.

    Raises AnswersError for an unknown item or a value that is no answer to its item; the value itself
    is never in the message, which may end up in a log.
    """
    items = {item.code: item for item in instrument.items()}
    checked: dict[str, Value] = {}
    for code, value in answers.items():
        item = items.get(code)
        if item is None:
            raise AnswersError("There is an answer to a question that is not in this questionnaire.")
        if not isinstance(value, (str, int, tuple)) or not KINDS[item.kind].accepts(item, value):
            raise AnswersError(f"What was given as an answer to {code!r} ({item.kind}) is not one.")
        checked[code] = value
    return drop_off_path(instrument, checked)
