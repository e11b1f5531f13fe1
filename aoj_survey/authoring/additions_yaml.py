"""A region's own questions as the YAML text of an overlay, and back.

What a coordinator fills in becomes the same YAML an author would write; codes are made from the words and stay
what they are when the words are mended. Only an overlay that the form can show whole is read back.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from aoj_survey.errors import AdditionsError, QuestionnaireError
from aoj_survey.questionnaire import (
    DONT_KNOW,
    DONT_KNOW_VALUE,
    FORMAT,
    Instrument,
    Text,
    read_mapping,
    write_document,
)

from .additions import (
    Additions,
    OwnChoice,
    OwnQuestion,
    check_additions,
    clean_texts,
    find_prefix,
    list_codes,
)
from .codes import LONGEST, make_code, shorten_words

_ROOM = 12
"""What is kept free behind the code of a question with more answers, for the codes of those."""


def complete_additions(additions: Additions, shared: Instrument, taken: Collection[str] = ()) -> Additions:
    """Return what was filled in with clean texts, and with the codes and values it will be known by.

    Codes that are there stay, whatever became of the words. `taken` are further codes that cannot be used, such
    as those of the region's modules.

    Raises AdditionsError with every fault by field.
    """
    if faults := check_additions(additions, shared):
        raise AdditionsError(faults)
    used = list_codes(shared) | set(taken) | {question.code for question in additions.questions}
    questions: list[OwnQuestion] = []
    for question in additions.questions:
        done = _complete(question, used, shared)
        used |= {done.code, *(f"{done.code}_{choice.code}" for choice in done.choices)}
        questions.append(done)
    return Additions(
        tuple(questions),
        tuple(theme.code for theme in shared.themes if theme.code in additions.leave_out),
        {code: clean_texts(text) for code, text in additions.words.items()},
        {code: clean_texts(text) for code, text in additions.roles.items()},
        clean_texts(additions.mail),
    )


def _complete(question: OwnQuestion, taken: Collection[str], shared: Instrument) -> OwnQuestion:
    first, prefix = shared.languages[0], find_prefix(shared)
    text = clean_texts(question.text)
    longest = LONGEST - _ROOM if question.kind == "multiple" else LONGEST
    code = question.code or make_code(shorten_words(text[first]), taken, longest=longest, prefix=prefix)
    choices = tuple(replace(choice, text=clean_texts(choice.text)) for choice in question.choices)
    if question.kind == "mark":
        choices = (OwnChoice(choices[0].text, dont_know=True, code=DONT_KNOW, value=DONT_KNOW_VALUE),)
    room = LONGEST - len(code) - 1 if question.kind == "multiple" else LONGEST
    numbers = (question.minimum, question.maximum) if question.kind == "number" else (None, None)
    return replace(
        question,
        text=text,
        hint=clean_texts(question.hint),
        choices=_complete_choices(choices, first, room),
        code=code,
        minimum=numbers[0],
        maximum=numbers[1],
    )


def _complete_choices(choices: Sequence[OwnChoice], language: str, room: int) -> tuple[OwnChoice, ...]:
    """Answers with a code of at most `room` characters and a value; those that are there stay."""
    codes = {choice.code for choice in choices}
    values = {choice.value for choice in choices}
    done: list[OwnChoice] = []
    for choice in choices:
        words = DONT_KNOW if choice.dont_know else shorten_words(choice.text[language])
        code = choice.code or make_code(words, codes, longest=room, without="antwoord", reserved=False)
        value = DONT_KNOW_VALUE if choice.dont_know else choice.value
        if value is None:
            value = next(number for number in range(1, DONT_KNOW_VALUE) if number not in values)
        codes.add(code)
        values.add(value)
        done.append(replace(choice, code=code, value=value))
    return tuple(done)


def write_additions(additions: Additions, shared: Instrument, taken: Collection[str] = ()) -> str:
    """Return what was filled in as the YAML text of an overlay, see `complete_additions`.

    Raises AdditionsError with every fault by field.
    """
    done = complete_additions(additions, shared, taken)
    document: dict[str, Any] = {
        "format": FORMAT,
        "overlay": shared.questionnaire,
        "edition": shared.edition,
        "region": shared.region,
    }
    parts = {
        "leave_out": list(done.leave_out),
        "words": {code: _escape(text) for code, text in done.words.items()},
        "roles": {code: _escape(text) for code, text in done.roles.items()},
        "mail": _escape(done.mail),
        "add": list(_write_places(done.questions, shared)),
    }
    return write_document(document | {key: part for key, part in parts.items() if part})


def _write_places(questions: Sequence[OwnQuestion], shared: Instrument) -> Iterator[dict[str, Any]]:
    for (theme, first), found in groupby(questions, key=lambda question: (question.theme, question.first)):
        key, code = _find_anchor(shared, theme, first=first)
        yield {key: code, "items": [_write_question(question) for question in found]}


def _find_anchor(shared: Instrument, theme: str, *, first: bool) -> tuple[str, str]:
    pages = next(one.pages for one in shared.themes if one.code == theme)
    return ("before_item", pages[0].items[0].code) if first else ("after_item", pages[-1].items[0].code)


def _write_question(question: OwnQuestion) -> dict[str, Any]:
    written: dict[str, Any] = {"code": question.code, "kind": question.kind, "text": _escape(question.text)}
    if question.hint:
        written["hint"] = _escape(question.hint)
    if question.kind == "number":
        written |= {"min": question.minimum, "max": question.maximum}
    if question.kind == "mark":
        written["dont_know"] = _escape(question.choices[0].text)
    elif question.choices:
        written["choices"] = [_write_choice(choice) for choice in question.choices]
    return written


def _write_choice(choice: OwnChoice) -> dict[str, Any]:
    flags = {"dont_know": choice.dont_know, "exclusive": choice.exclusive}
    written = {"code": choice.code, "value": choice.value, "text": _escape(choice.text)}
    return written | {key: True for key, given in flags.items() if given}


def _escape(text: Text) -> dict[str, str]:
    """Braces quote answers; what is typed in a form means just itself."""
    return {language: re.sub(r"(?=\{)", r"\\", part) for language, part in text.items()}


def _unescape(text: Text) -> dict[str, str]:
    return {language: part.replace(r"\{", "{") for language, part in text.items()}


# Reading back


def read_additions(text: str, shared: Instrument) -> Additions | None:
    """Return what was filled in for an overlay, None when it holds more than the form can show.

    Whatever comes back is written as the same overlay again. Raises QuestionnaireError when it is no YAML.
    """
    raw = read_mapping(text, "overlay")
    try:
        additions = _read_additions(raw, shared)
        written = read_mapping(write_additions(additions, shared), "overlay")
    except (AdditionsError, QuestionnaireError, AttributeError, KeyError, TypeError, ValueError):
        return None
    return additions if written == raw else None


def _read_additions(raw: Mapping[str, Any], shared: Instrument) -> Additions:
    anchors = {
        _find_anchor(shared, theme.code, first=first): (theme.code, first)
        for theme in shared.themes
        for first in (True, False)
    }
    questions: list[OwnQuestion] = []
    for addition in raw.get("add", ()):
        ((key, code),) = ((key, value) for key, value in addition.items() if key != "items")
        theme, first = anchors[key, code]
        questions += [_read_question(item, theme, first=first) for item in addition["items"]]
    return Additions(
        tuple(questions),
        tuple(raw.get("leave_out", ())),
        {code: _unescape(text) for code, text in raw.get("words", {}).items()},
        {code: _unescape(text) for code, text in raw.get("roles", {}).items()},
        _unescape(raw.get("mail", {})),
    )


def _read_question(raw: Mapping[str, Any], theme: str, *, first: bool) -> OwnQuestion:
    choices = tuple(
        OwnChoice(
            _unescape(choice["text"]),
            choice.get("dont_know", False),
            choice.get("exclusive", False),
            choice["code"],
            choice["value"],
        )
        for choice in raw.get("choices", ())
    )
    if raw["kind"] == "mark":
        choices = (
            OwnChoice(_unescape(raw["dont_know"]), dont_know=True, code=DONT_KNOW, value=DONT_KNOW_VALUE),
        )
    return OwnQuestion(
        theme,
        raw["kind"],
        _unescape(raw["text"]),
        _unescape(raw.get("hint", {})),
        choices,
        raw.get("min"),
        raw.get("max"),
        first,
        raw["code"],
    )
