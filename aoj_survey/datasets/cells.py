"""From the answers of one response to the cells of its row."""

from collections.abc import Mapping, Sequence

from aoj_survey.disclosure import Asked
from aoj_survey.errors import DisclosureError
from aoj_survey.interview import walk
from aoj_survey.questionnaire import KINDS, Answers, Item, ItemKind, Value

from .columns import (
    DONT_KNOW_NUMBER,
    NOT_ASKED,
    NOT_ROUTED,
    PROTECTED,
    SKIPPED,
    WITHOUT_CODE_TO_SPARE,
    Question,
)


def encode_answers(
    questions: Sequence[Question],
    asked: Asked,
    answers: Answers,
    kinds: Mapping[str, ItemKind] = KINDS,
) -> tuple[int, ...]:
    """Return one integer per column, in the order of the questions.

    `asked` is what the roles of the response's stratum are asked. What none of them can come to is -5, what is
    not asked of all in one way is -6, what the answers did not lead to is -7, what was left open is -8.

    Raises:
        DisclosureError: an answer that does not fit its item.
    """
    kept = {code: value for code, value in answers.items() if code in asked.shared}
    path = {item.code for page in walk(asked.instrument, kept, asked.context).pages for item in page.items}
    cells: list[int] = []
    for question in questions:
        # Of what was written in own words the opening left at most a sign that it was there.
        if not question.columns:
            continue
        width, code = len(question.columns), question.item.code
        if asked.roles.isdisjoint(question.roles):
            cells += [NOT_ASKED] * width
        elif code not in asked.shared or not asked.digests.issubset(question.instruments):
            cells += [PROTECTED] * width
        elif code not in path:
            cells += [NOT_ROUTED] * width
        elif code not in kept:
            cells += [SKIPPED] * width
        else:
            cells += _encode(question, kinds[question.item.kind], kept[code])
    return tuple(cells)


def _encode(question: Question, kind: ItemKind, value: Value) -> Sequence[int]:
    item, holds = question.item, [column.holds for column in question.columns]
    try:
        fits, cells = kind.accepts(item, value), kind.cells(item, value)
    except Exception:  # noqa: BLE001 a module may raise anything, and its words may hold the answer
        fits, cells = False, ()
    if not fits or len(cells) != len(holds) or not all(type(cell) is int and cell >= 0 for cell in cells):
        # The answer itself is not repeated: errors end up in logs.
        message = (
            f"A stored answer to {item.code!r} does not fit that question. Check the instrument, and the region "
            f"module if the kind {item.kind!r} comes from one."
        )
        raise DisclosureError(message) from None
    if not _is_dont_know(item, value):
        return cells
    return [
        DONT_KNOW_NUMBER if held in WITHOUT_CODE_TO_SPARE else cell
        for held, cell in zip(holds, cells, strict=True)
    ]


def _is_dont_know(item: Item, value: Value) -> bool:
    return any(choice.dont_know and choice.code == value for choice in item.choices)
