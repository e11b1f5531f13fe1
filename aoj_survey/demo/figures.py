"""The figures published in 2015, and a dataset's own figures beside them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from aoj_survey.datasets import WaveDataset
from aoj_survey.disclosure import class_label
from aoj_survey.questionnaire import ROLES, Text, say
from aoj_survey.results import Figure, Shown, make_figures

from .margins import Margins, load_margins

TOO_FEW: Text = {"nl": "te weinig antwoorden", "en": "too few answers"}
MEAN: Text = {"nl": "gemiddelde", "en": "mean"}
AND: Text = {"nl": "met", "en": "with"}


@dataclass(frozen=True, slots=True)
class Published:
    """A figure as the source printed it: of an answer (a share), or without one (a mean).

    `base` is a group or a role. `value` is None where the source has words only, or a number nobody can read.
    """

    item: str
    answer: str | None
    base: str
    value: Decimal | None
    words: Text | None
    note: str


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A line of the comparison, written out for people. `n` is None where nothing may be shown."""

    item: str
    answer: str
    group_code: str
    label: str
    group: str
    shown: str
    published: str
    n: int | None
    note: str


def published_figures(margins: Margins | None = None) -> tuple[Published, ...]:
    """Return every figure of the region that was published in 2015; invented margins are not among them."""
    margins = margins or load_margins()
    shares = (
        Published(
            margin.item,
            answer.answer,
            margin.group,
            None if answer.invented else Decimal(answer.percent),
            answer.words,
            margin.note,
        )
        for margin in margins.items
        for answer in margin.answers
        if not answer.invented or answer.words
    )
    means = (
        Published(marks.item, None, marks.role, marks.mean, marks.words, marks.note)
        for marks in margins.marks
    )
    return (*shares, *means)


def compare(dataset: WaveDataset, language: str = "nl") -> tuple[FigureLine, ...]:
    """Return each published figure with the dataset's own beside it, then the marks of other groups.

    What may not be shown says "te weinig antwoorden". Where answers had to be shown as one, their names stand
    behind the figure.
    """
    figures = make_figures(dataset)
    published = published_figures()
    lines = [_line(item, _find(figures, item), dataset, language) for item in published]
    printed = {(item.item, item.base) for item in published}
    marks = {item.item for item in published if item.answer is None}
    others = [
        Published(figure.item, None, figure.group, None, None, "")
        for figure in figures
        if figure.item in marks
        and not figure.answers
        and figure.shown.kind == "mean"
        and (figure.item, figure.group) not in printed
    ]
    return (*lines, *(_line(item, _find(figures, item), dataset, language) for item in others))


def _find(figures: Sequence[Figure], published: Published) -> Figure | None:
    """The figure of the same item, group and answer, also where that answer is merged with others."""
    for figure in figures:
        same = figure.item == published.item and figure.group == published.base
        if same and (published.answer in figure.answers if published.answer else not figure.answers):
            return figure
    return None


def _line(published: Published, figure: Figure | None, dataset: WaveDataset, language: str) -> FigureLine:
    answer = _name_answer(dataset, published.item, published.answer, language) if published.answer else None
    roles = figure.roles if figure else (published.base,) if published.base in ROLES else ()
    return FigureLine(
        published.item,
        published.answer or "",
        published.base,
        f"{published.item}: {answer or say(MEAN, language)}",
        say(class_label(published.base, roles), language),
        _write_shown(figure, published, dataset, language),
        _write_published(published, language),
        figure.n if figure else None,
        published.note,
    )


def _write_shown(figure: Figure | None, published: Published, dataset: WaveDataset, language: str) -> str:
    text = _write(figure.shown if figure else Shown("too_few"), language)
    others = [answer for answer in figure.answers if answer != published.answer] if figure else []
    if not others or not published.answer:
        return text
    names = " + ".join(_name_answer(dataset, published.item, other, language) for other in others)
    return f"{text} ({say(AND, language)} {names})"


def _write(shown: Shown, language: str) -> str:
    if shown.kind == "too_few":
        return say(TOO_FEW, language)
    bands = {"at_most": "≤ 10 %", "at_least": "≥ 90 %"}
    if shown.value is None:
        return bands[shown.kind]
    return f"{shown.value} %" if shown.kind == "percent" else _write_number(shown.value, language)


def _write_published(published: Published, language: str) -> str:
    if published.value is None:
        return say(published.words, language) if published.words else ""
    return f"{published.value} %" if published.answer else _write_number(published.value, language)


def _write_number(value: Decimal, language: str) -> str:
    return str(value).replace(".", ",") if language == "nl" else str(value)


def _name_answer(dataset: WaveDataset, item: str, answer: str, language: str) -> str:
    return next(_names_of(dataset, item, answer, language), answer)


def _names_of(dataset: WaveDataset, item: str, answer: str, language: str) -> Iterator[str]:
    for column in dataset.columns:
        if column.item == item and column.choice == answer:
            # The label of a 0/1 column is its question and, behind the last colon, its answer.
            yield say(column.label, language).rpartition(": ")[2]
        elif column.item == item:
            yield from (say(choice.text, language) for choice in column.values if choice.code == answer)
