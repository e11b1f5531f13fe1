"""From the answers of one response to the cells of its row."""

from collections.abc import Mapping, Sequence

from aoj_survey.errors import DisclosureError
from aoj_survey.interview import walk
from aoj_survey.questionnaire import KINDS, Answers, Instrument, Item, Value, list_names

from .columns import (
    DONT_KNOW_NUMBER,
    NOT_ASKED,
    NOT_ROUTED,
    PROTECTED,
    SKIPPED,
    Question,
)


def find_shared(questions: Sequence[Question], digests: frozenset[str]) -> frozenset[str]:
    """Return the codes of the items asked in the same way, on the same condition, by all of the instruments.

    The rest would tell the roles of a class apart. An item routed by one of those is among the rest, since
    its not-routed would tell them too.
    """
    common: set[str] = set()
    for question in questions:
        if digests <= question.instruments and list_names(question.item.ask_if)[0] <= common:
            common.add(question.item.code)
    return frozenset(common)


def encode_answers(
    questions: Sequence[Question],
    digests: frozenset[str],
    instruments: Mapping[str, Instrument],
    answers: Answers,
) -> tuple[int, ...]:
    """Return one integer per column, in the order of the questions.

    `digests` are the instruments of all roles in the response's stratum. What none of them asks is -5, what
    only some ask is -6, what the answers did not lead to is -7, what was left open is -8.

    Raises:
        DisclosureError: an answer that does not fit its item.
    """
    common = find_shared(questions, digests)
    instrument = instruments[min(digests)]
    kept = {code: value for code, value in answers.items() if code in common or len(digests) == 1}
    path = {item.code for page in walk(instrument, kept).pages for item in page.items}
    cells: list[int] = []
    for question in questions:
        width, code = len(question.columns), question.item.code
        if not digests & question.instruments:
            cells += [NOT_ASKED] * width
        elif not digests <= question.instruments or code not in common:
            cells += [PROTECTED] * width
        elif code not in path:
            cells += [NOT_ROUTED] * width
        elif code not in kept:
            cells += [SKIPPED] * width
        else:
            cells += _encode(question.item, kept[code])
    return tuple(cells)


def _encode(item: Item, value: Value) -> list[int]:
    if not KINDS[item.kind].accepts(item, value):
        # The answer itself is not repeated: errors end up in logs.
        raise DisclosureError(
            f"A stored answer to {item.code!r} does not fit that question. Check the instrument."
        )
    if isinstance(value, tuple):
        return [int(choice.code in value) for choice in item.choices]
    if isinstance(value, int):
        return [value]
    choice = item.choice(value)
    return [DONT_KNOW_NUMBER if item.kind == "number" and choice.dont_know else choice.value]
