"""Two devices at once: what a page sends is put together with what was kept meanwhile, item by item.

No moment is stored for it. A page carries a mark of each answer it was made with; whether an answer changed
since, on the page or in the draft, follows from the marks.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeAlias

from aoj_survey.questionnaire import Answers, Value

Marks: TypeAlias = Mapping[str, str]
"""By item code, the mark of the answer that a page showed."""

LENGTH = 10


@dataclass(frozen=True, slots=True)
class Merged:
    """Answers to the items of a page, and the items that were changed elsewhere too, to something else.

    `marks` are what the page knows from now on, as it carries on.
    """

    answers: dict[str, Value]
    contested: frozenset[str]
    marks: dict[str, str]


def mark_answer(value: Value | None) -> str:
    """Return ten hexadecimal characters that no other answer gives; None is no answer."""
    return sha256(json.dumps(value).encode()).hexdigest()[:LENGTH]


def mark_answers(codes: Iterable[str], answers: Answers) -> dict[str, str]:
    """Return the marks of these items."""
    return {code: mark_answer(answers.get(code)) for code in codes}


def merge_answers(
    codes: Iterable[str], shown: Marks, sent: Answers, kept: Answers, *, yields: bool = False
) -> Merged:
    """Return what to keep of the answers a page sent: what it did not change stays as it is kept now.

    What the page changed is taken, also where it was changed elsewhere meanwhile: the newer page wins. A page
    that `yields` does not take it there. An item without a mark counts as shown the way it is kept now.
    """
    answers: dict[str, Value] = {}
    contested: set[str] = set()
    marks: dict[str, str] = {}
    for code in codes:
        here, there = mark_answer(sent.get(code)), mark_answer(kept.get(code))
        was = shown.get(code, there)
        if here not in (was, there) and there != was:
            contested.add(code)
        takes = here != was and not (yields and code in contested)
        value = sent.get(code) if takes else kept.get(code)
        if value is not None:
            answers[code] = value
        marks[code] = there if yields and code in contested else here
    return Merged(answers, frozenset(contested), marks)
