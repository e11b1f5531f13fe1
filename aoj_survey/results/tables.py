"""Tables of figures of one region in one wave, as they are released: what may be printed and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aoj_survey.datasets import Column, WaveDataset
from aoj_survey.disclosure import BESLOTEN, OPENBAAR, AuditedPlan, class_label
from aoj_survey.questionnaire import Text

from .bands import draw_bands, find_threshold
from .benchmarks import Benchmark, find_peers, is_same, make_benchmarks
from .figures import Drawn, Figure, audit_drawn, draw_column
from .plans import Book, name_group
from .tallies import list_columns

MARKS: Mapping[str, Text] = {str(mark): {"nl": str(mark), "en": str(mark)} for mark in range(1, 11)}


@dataclass(frozen=True, slots=True)
class Table:
    """The figures of one question. `asked` are the roles it was asked of, `answers` the words of its answers.

    `others` are those of the other regions beside a figure, where they may stand there.
    """

    code: str
    kind: str
    question: Text
    asked: tuple[str, ...]
    answers: Mapping[str, Text]
    figures: tuple[Figure, ...]
    others: Mapping[Figure, Benchmark]


@dataclass(frozen=True, slots=True)
class TableSet:
    """All tables of a region in a wave that are released together, with the audited plans they were made of.

    `groups` are the words of each group in them, `responses` how many took part, `threshold` the fewest answers
    behind a figure.
    """

    wave: str
    region: str
    profile: str
    threshold: int
    responses: int
    groups: Mapping[str, Text]
    tables: tuple[Table, ...]
    audited: tuple[AuditedPlan, ...]


@dataclass(frozen=True, slots=True)
class _Made:
    """The audited figures of a column, and of the other regions beside them."""

    drawn: Drawn
    others: Mapping[Figure, Benchmark]
    audited: AuditedPlan


def make_tables(
    dataset: WaveDataset, book: Book | None = None, others: Sequence[WaveDataset] = ()
) -> TableSet:
    """Return the tables of figures of a dataset, for everybody, audited beside what a book holds of earlier releases.

    `others` are the datasets of the other regions of the wave, for the benchmark.

    Raises:
        TypeError: anything else than a WaveDataset.
        DisclosureError: the figures, alone or beside earlier releases, would give a small group away.
    """
    # Types are not checked when the program runs, and raw rows must never be published by a mistake.
    if not all(isinstance(one, WaveDataset) for one in (dataset, *others)):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError("Tables can be made of a protected WaveDataset only.")
    made = [_make(dataset, column, book, others) for column in list_columns(dataset)]
    return _put_together(dataset, made, OPENBAAR.profile, dataset.privacy.threshold)


def make_closed_tables(dataset: WaveDataset, book: Book | None = None) -> TableSet:
    """Return the tables of profile *besloten*: smaller groups, in bands; without means and without other regions.

    Raises:
        TypeError, DisclosureError: as `make_tables`.
    """
    if not isinstance(dataset, WaveDataset):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError("Tables can be made of a protected WaveDataset only.")
    made: list[_Made] = []
    for column in list_columns(dataset):
        drawn = draw_bands(dataset, column)
        made.append(_Made(drawn, {}, audit_drawn(drawn, book, rules=BESLOTEN)))
    return _put_together(dataset, made, BESLOTEN.profile, find_threshold(dataset))


def _put_together(dataset: WaveDataset, made: Sequence[_Made], profile: str, threshold: int) -> TableSet:
    figures = [figure for one in made for figure in one.drawn.figures]
    return TableSet(
        dataset.wave,
        dataset.region,
        profile,
        threshold,
        len(dataset.rows),
        {figure.group: class_label(figure.group, figure.roles) for figure in figures},
        tuple(_gather(made)),
        tuple(one.audited for one in made if one.audited.plan.groups),
    )


def _make(dataset: WaveDataset, column: Column, book: Book | None, others: Sequence[WaveDataset]) -> _Made:
    own = draw_column(dataset, column)
    beside = [
        draw_column(other, found)
        for other in others
        for found in list_columns(other)
        if is_same(column, found)
    ]
    peers = find_peers(own, beside)
    totals = {f"{name_group(dataset.region, code)}/others": found.parts for code, found in peers.items()}
    audited = audit_drawn(own, book, totals)
    return _Made(own, make_benchmarks(own, peers), audited)


def _gather(made: Sequence[_Made]) -> list[Table]:
    """One table for each question: the columns of its choices stand in one."""
    questions: dict[tuple[object, ...], list[_Made]] = {}
    for one in made:
        column = one.drawn.column
        key = column.name if column.choice is None else str(_name_question(column))
        questions.setdefault((column.item, key, column.roles), []).append(one)
    tables: list[Table] = []
    for (item, *_), parts in questions.items():
        first = parts[0].drawn.column
        known = sum(table.code.partition("__")[0] == item for table in tables)
        figures = tuple(figure for one in parts for figure in one.drawn.figures)
        if figures:
            tables.append(
                Table(
                    f"{item}__{known + 1}" if known else str(item),
                    str(first.kind),
                    _name_question(first),
                    first.roles,
                    {code: text for one in parts for code, text in _name_answers(one.drawn.column).items()},
                    figures,
                    {figure: found for one in parts for figure, found in one.others.items()},
                )
            )
    return tables


def _name_question(column: Column) -> Text:
    """The words of a question; the label of a column of one choice has that choice behind its last colon."""
    if column.choice is None:
        return column.label
    return {language: words.rpartition(": ")[0] for language, words in column.label.items()}


def _name_answers(column: Column) -> Mapping[str, Text]:
    if column.choice is not None:
        words = {language: words.rpartition(": ")[2] for language, words in column.label.items()}
        return {column.choice: words}
    return MARKS if column.kind == "mark" else {choice.code: choice.text for choice in column.values}
