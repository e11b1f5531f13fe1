"""The answers of a question of an XLSForm, and the codes that fit the columns of its dataset."""

from collections.abc import Sequence
from typing import Any

from aoj_survey.questionnaire import KINDS

from .codes import LONGEST, make_code
from .xlsform_choices import ListedChoice, fit_choices
from .xlsform_constraints import Bounds
from .xlsform_reading import Reading
from .xlsform_relevant import Asked
from .xlsform_rows import Entry

OTHER = "anders"
_OTHER_TEXTS = {"nl": "anders, namelijk", "en": "other, namely"}
_BESIDE = "_tekst"


def has_texts_beside(reading: Reading, entry: Entry) -> bool:
    """Return whether one may write beside an answer to this question."""
    return any(name == entry.name for name, _ in reading.beside)


def list_answers(reading: Reading, entry: Entry, bounds: Bounds) -> tuple[ListedChoice, ...]:
    """Return the answers of a question, with what is its own: which stand alone, and beside which one may write."""
    choices = tuple(
        ListedChoice(
            choice.name,
            choice.code,
            choice.value,
            choice.text,
            choice.name in bounds.alone and not choice.dont_know,
            reading.beside.get((entry.name, choice.name), 0),
        )
        for choice in reading.lists[entry.list]
    )
    if not entry.or_other or entry.kind == "ranking":
        return choices
    values = {choice.value for choice in choices}
    value = next(number for number in range(1, 200) if number not in values)
    code = make_code(OTHER, {choice.code for choice in choices}, reserved=False)
    return (*choices, ListedChoice("other", code, value, reading.pick(_OTHER_TEXTS), other=100))


def write_answers(
    reading: Reading, entry: Entry, kind: str, code: str, choices: Sequence[ListedChoice]
) -> dict[str, Any]:
    """Return the key `scale` or `choices`; `fitted` are the answers with the codes they have now."""
    room = LONGEST - len(code) - 1
    if kind == "choice":
        room = LONGEST
    fitted = fit_choices(choices, room)
    fitted = tuple(
        fit_choices([choice], room - len(_BESIDE))[0] if choice.other and kind != "choice" else choice
        for choice in fitted
    )
    shared = reading.users.get(entry.list, 0) > 1 or entry.list != entry.name
    if shared and fitted == reading.lists[entry.list]:
        return {"scale": use_scale(reading, entry.list), "fitted": fitted}
    return {"choices": [choice.write() for choice in fitted], "fitted": fitted}


def use_scale(reading: Reading, name: str) -> str:
    """Make a list a scale of the questionnaire, once, and return the scale's name."""
    if name not in reading.scale_codes:
        code = make_code(name, reading.scales, reserved=False, without="lijst")
        reading.scale_codes[name] = code
        reading.scales[code] = [choice.write() for choice in reading.lists[name]]
    return reading.scale_codes[name]


def claim_code(reading: Reading, entry: Entry, parts: Sequence[ListedChoice]) -> str:
    """Return the code of an item, short enough for the columns of its answers to fit behind it."""
    needed = max((len(one.code) + 1 + len(_BESIDE) * bool(one.other) for one in parts), default=0)
    fits = len(entry.name) + needed <= LONGEST
    code = make_code(entry.name, reading.taken, longest=LONGEST if fits else 18)
    reading.taken.add(code)
    if code != entry.name:
        reading.remark(entry.row, "name", f"`{entry.name}` is called `{code}` here.")
    return code


def register(
    reading: Reading, entry: Entry, code: str, choices: Sequence[ListedChoice], kind: str = "choice"
) -> None:
    """Let later rows name this question."""
    codes = {choice.name: choice.code for choice in choices} if KINDS[kind].type in ("code", "codes") else {}
    reading.asked[entry.name] = Asked(code, KINDS[kind].type, codes)
    if KINDS[kind].quotable:
        reading.codes[entry.name] = code
