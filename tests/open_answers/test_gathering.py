"""Who could have written a text: by the answers that stay in the data, also by what was asked because there is one."""

from collections.abc import Sequence

import pytest

from aoj_survey.open_answers import find_open_items
from aoj_survey.open_answers.texts import FEWEST, Gathered, OpenItems
from aoj_survey.questionnaire import Answers, find_context
from tests.datasets.builders import JAREN, SNEL, TROTS, compile_items

HOE = TROTS.replace("trots", "hoe").replace("kind: open", "kind: open, ask_if: has(trots)")
VAAK = JAREN.replace("code: jaren", "code: vaak").replace(
    "kind: number", "kind: number\n        ask_if: has(trots)"
)
WROTE: Answers = {"snel": "ja", "trots": "op ons overleg", "hoe": "met koffie", "vaak": 3}


def gather(items: Sequence[str], wrote: int) -> Gathered:
    """Twelve people, of whom so many wrote something."""
    instrument = compile_items("een", "ib", items)
    shared = {item.code for item in instrument.items()}
    found: OpenItems = find_open_items(instrument, find_context("ib", "proef"), shared)
    gathered = Gathered()
    for number in range(12):
        answers = {code: value for code, value in WROTE.items() if code in shared}
        gathered.gather(answers if number < wrote else {"snel": "ja"}, "ib", found)
    return gathered


@pytest.mark.parametrize(
    ("items", "could"),
    [
        ((SNEL, TROTS), {"trots": 12}),
        ((SNEL, TROTS, HOE), {"trots": 12, "hoe": 1}),
        ((SNEL, TROTS, VAAK), {"trots": 1}),
        ((SNEL, TROTS, HOE, VAAK.replace("has(trots)", "has(hoe)")), {"trots": 1, "hoe": 1}),
    ],
)
def test_an_answer_to_a_question_asked_because_of_a_text_tells_who_wrote_it(
    items: Sequence[str], could: dict[str, int]
) -> None:
    assert gather(items, 1).could == could


def test_the_text_of_five_who_were_asked_more_because_of_it_is_kept() -> None:
    assert gather((SNEL, TROTS, VAAK), FEWEST).could["trots"] == FEWEST


def test_twin_without_that_the_text_of_one_would_be_kept_beside_the_row_that_tells_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("aoj_survey.open_answers.texts.find_dependent", lambda *_: frozenset[str]())
    assert gather((SNEL, TROTS, VAAK), 1).could["trots"] == 12
