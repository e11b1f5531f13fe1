"""Answers as they are stored, and the most room they can take."""

import json
from collections.abc import Mapping
from typing import Any

from aoj_survey.errors import AnswersError

from .instrument import Answers, Instrument, Value
from .kinds import KINDS, ItemKind


def dump_answers(answers: Answers) -> str:
    """Return answers as canonical JSON: sorted keys, no spaces, letters as they are."""
    return json.dumps(dict(answers), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def load_answers(text: str) -> dict[str, Value]:
    """Return the answers of `dump_answers`' text. Raises AnswersError when it holds something else."""
    try:
        stored: Any = json.loads(text)
    except ValueError as error:
        raise AnswersError(f"Stored answers are not JSON: {error}.") from error
    if not isinstance(stored, dict):
        raise AnswersError("Stored answers are not a mapping of item codes.")
    answers: dict[str, Value] = {}
    for code, value in stored.items():
        if isinstance(value, list) and all(isinstance(part, str) for part in value):
            answers[code] = tuple(value)
        elif isinstance(value, (str, int)) and not isinstance(value, bool):
            answers[code] = value
        else:
            raise AnswersError(f"The stored answer to {code!r} is of no type an answer can have.")
    return answers


def largest_answers(instrument: Instrument, kinds: Mapping[str, ItemKind] = KINDS) -> int:
    """Return the most bytes `dump_answers` can take for this instrument, in UTF-8.

    Counted as if every item were asked and answered at its longest, whatever the routing.
    """
    asked = [item for item in instrument.items() if kinds[item.kind].type != "none"]
    parts = [len(item.code) + 3 + kinds[item.kind].largest(item) for item in asked]
    return 2 + sum(parts) + max(0, len(parts) - 1)
