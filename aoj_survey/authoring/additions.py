"""A region's own questions as a coordinator fills them in, and what is wrong with them, field by field."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from aoj_survey.errors import FieldFault
from aoj_survey.questionnaire import DONT_KNOW_VALUE, Instrument, Text, Theme, clean_text, list_names

from .codes import LONGEST

KINDS = ("choice", "multiple", "mark", "number", "open", "explanation")
"""The kinds of questions the form offers, in the order in which it does."""

LONGEST_TEXT = 500
_CHOICES = (2, 50)
_LARGEST = 999_999_999

MESSAGES: Mapping[str, Text] = {
    "text": {"nl": "Vul hier een tekst in.", "en": "Fill in a text here."},
    "long": {
        "nl": f"Deze tekst is te lang. Gebruik hoogstens {LONGEST_TEXT} tekens.",
        "en": f"This text is too long. Use at most {LONGEST_TEXT} characters.",
    },
    "language": {
        "nl": "Deze vragenlijst heeft geen teksten in deze taal.",
        "en": "This questionnaire has no texts in this language.",
    },
    "kind": {"nl": "Kies een soort vraag uit de lijst.", "en": "Choose a kind of question from the list."},
    "place": {
        "nl": "Kies een thema dat wordt gevraagd.",
        "en": "Choose a theme that is asked.",
    },
    "choices": {"nl": "Geef 2 tot en met 50 antwoorden.", "en": "Give 2 to 50 answers."},
    "no_choices": {
        "nl": "Bij deze soort vraag horen geen antwoorden. Haal ze weg.",
        "en": "This kind of question has no answers of its own. Remove them.",
    },
    "twice": {"nl": "Dit antwoord staat er twee keer.", "en": "This answer is there twice."},
    "bounds": {
        "nl": "Vul twee hele getallen in vanaf 0, het laagste eerst.",
        "en": "Fill in two whole numbers from 0 up, the lowest first.",
    },
    "dont_know": {
        "nl": "Geef hoogstens één antwoord voor “weet ik niet”.",
        "en": "Give at most one answer for “do not know”.",
    },
    "exclusive": {
        "nl": "“Geen van deze” kan alleen waar meer antwoorden mogen.",
        "en": "“None of these” goes only where more answers are possible.",
    },
    "code": {
        "nl": "De code van deze vraag klopt niet. Maak de vraag opnieuw.",
        "en": "The code of this question is not right. Make the question again.",
    },
    "theme": {"nl": "Dit thema is er niet.", "en": "There is no such theme."},
    "locked": {
        "nl": "Dit thema vraagt elke regio, zodat we de uitkomsten kunnen vergelijken. Laat het staan.",
        "en": "Every region asks this theme, so that regions can be compared. Keep it.",
    },
    "needed": {
        "nl": "Een vraag in een ander thema hangt af van dit thema. Laat het staan.",
        "en": "A question in another theme depends on this theme. Keep it.",
    },
    "empty": {"nl": "Er moet iets te vragen blijven.", "en": "Something must be left to ask."},
    "word": {"nl": "Dit woord komt in de vragen niet voor.", "en": "The questions do not use this word."},
    "role": {"nl": "Deze functie wordt hier niet gevraagd.", "en": "This role is not asked here."},
}
"""What is wrong with a field, by the code of its fault."""


@dataclass(frozen=True, slots=True)
class OwnChoice:
    """An answer as filled in; code and value are empty until it was written once."""

    text: Text
    dont_know: bool = False
    exclusive: bool = False
    code: str = ""
    value: int | None = None


@dataclass(frozen=True, slots=True)
class OwnQuestion:
    """A question as filled in, at the start or the end of a shared theme; nobody has to answer it.

    `choices` are for a choice and for more answers; a mark has one, its "don't know". `minimum` and `maximum`
    are for a number. `code` is empty until it was written once, and then goes along in the form.
    """

    theme: str
    kind: str
    text: Text
    hint: Text = field(default_factory=dict[str, str])
    choices: tuple[OwnChoice, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    first: bool = False
    code: str = ""


@dataclass(frozen=True, slots=True)
class Additions:
    """All that a region fills in for one edition: its questions, themes left out, own words, roles, and a sentence."""

    questions: tuple[OwnQuestion, ...] = ()
    leave_out: tuple[str, ...] = ()
    words: Mapping[str, Text] = field(default_factory=dict[str, Text])
    roles: Mapping[str, Text] = field(default_factory=dict[str, Text])
    mail: Text = field(default_factory=dict[str, str])


# Checking


def check_additions(additions: Additions, shared: Instrument) -> tuple[FieldFault, ...]:
    """Return what is wrong, by field (`questions.0.text`), with a code of `MESSAGES`.

    `shared` is the questionnaire compiled for the region, without what it adds.
    """
    faults = list(_check_themes(additions.leave_out, shared))
    kept = {theme.code for theme in shared.themes} - set(additions.leave_out)
    codes: set[str] = set()
    for number, question in enumerate(additions.questions):
        faults += _check_question(question, f"questions.{number}", kept, shared)
        if question.code:
            taken = question.code in codes or question.code in list_codes(shared)
            if taken or not re.fullmatch(
                re.escape(find_prefix(shared)) + "[a-z0-9_]*[a-z0-9]", question.code
            ):
                faults.append(FieldFault(f"questions.{number}.code", "code"))
            codes.add(question.code)
    words = {word.code for word in shared.words}
    for name, texts, known in (
        ("words", additions.words, words),
        ("roles", additions.roles, set(shared.roles)),
    ):
        for code, text in texts.items():
            if code not in known:
                faults.append(FieldFault(f"{name}.{code}", name.removesuffix("s")))
            faults += _check_text(text, f"{name}.{code}", shared)
    if clean_texts(additions.mail):
        faults += _check_text(additions.mail, "mail", shared)
    return tuple(faults)


def _check_themes(left_out: Sequence[str], shared: Instrument) -> Iterator[FieldFault]:
    themes = {theme.code: theme for theme in shared.themes}
    kept = [theme for code, theme in themes.items() if code not in left_out]
    if not kept:
        yield FieldFault("leave_out", "empty")
    for code in left_out:
        name = f"leave_out.{code}"
        if code not in themes:
            yield FieldFault(name, "theme")
        elif themes[code].locked:
            yield FieldFault(name, "locked")
        elif _is_needed(themes[code], kept):
            yield FieldFault(name, "needed")


def _is_needed(gone: Theme, kept: Sequence[Theme]) -> bool:
    lost = {item.code for page in gone.pages for item in page.items}
    pages = [page for theme in kept for page in theme.pages]
    return any(
        (list_names(item.ask_if)[0] | {*item.quotes, *page.quotes}) & lost
        for page in pages
        for item in page.items
    )


def _check_question(
    question: OwnQuestion, name: str, kept: set[str], shared: Instrument
) -> Iterator[FieldFault]:
    yield from _check_text(question.text, f"{name}.text", shared)
    if clean_texts(question.hint):
        yield from _check_text(question.hint, f"{name}.hint", shared)
    if question.theme not in kept:
        yield FieldFault(f"{name}.theme", "place")
    if question.kind not in KINDS:
        yield FieldFault(f"{name}.kind", "kind")
        return
    yield from _check_choices(question, name, shared)
    low, high = question.minimum, question.maximum
    if question.kind == "number" and (low is None or high is None or not 0 <= low <= high <= _LARGEST):
        yield FieldFault(f"{name}.minimum", "bounds")


def _check_choices(question: OwnQuestion, name: str, shared: Instrument) -> Iterator[FieldFault]:
    few, many = {"choice": _CHOICES, "multiple": _CHOICES, "mark": (1, 1)}.get(question.kind, (0, 0))
    if not few <= len(question.choices) <= many:
        yield FieldFault(
            f"{name}.choices", "choices" if few > 1 else "no_choices" if few == 0 else "dont_know"
        )
        return
    if sum(choice.dont_know for choice in question.choices) > 1:
        yield FieldFault(f"{name}.choices", "dont_know")
    first = shared.languages[0]
    seen: set[str] = set()
    codes: set[object] = set()
    for number, choice in enumerate(question.choices):
        place = f"{name}.choices.{number}"
        yield from _check_text(choice.text, place, shared)
        if choice.exclusive and question.kind != "multiple":
            yield FieldFault(place, "exclusive")
        if (text := clean_texts(choice.text).get(first, "").lower()) in seen:
            yield FieldFault(place, "twice")
        seen.add(text)
        if {choice.code, choice.value} & codes or not _is_code(choice, question):
            yield FieldFault(place, "code")
        codes |= {choice.code, choice.value} - {"", None}


def _is_code(choice: OwnChoice, question: OwnQuestion) -> bool:
    """Whether code and value, which come back from a page, can be those we wrote."""
    longest = LONGEST - len(question.code) - 1 if question.kind == "multiple" else LONGEST
    fits = not choice.code or (
        len(choice.code) <= longest and re.fullmatch("[a-z]([a-z0-9_]*[a-z0-9])?", choice.code) is not None
    )
    value = choice.value is None or (
        choice.value == DONT_KNOW_VALUE if choice.dont_know else 0 <= choice.value < DONT_KNOW_VALUE
    )
    return fits and value


def _check_text(text: Text, name: str, shared: Instrument) -> Iterator[FieldFault]:
    kept = clean_texts(text)
    first = shared.languages[0]
    for language, part in kept.items():
        if language not in shared.languages:
            yield FieldFault(f"{name}.{language}", "language")
        if len(part) > LONGEST_TEXT:
            yield FieldFault(f"{name}.{language}", "long")
    if first not in kept:
        yield FieldFault(f"{name}.{first}", "text")


def clean_texts(text: Text) -> dict[str, str]:
    """Return a text without the languages that were left empty, and without what nobody can type."""
    return {language: cleaned for language, part in text.items() if (cleaned := clean_text(part))}


def find_prefix(shared: Instrument) -> str:
    """Return what codes of a region's own start with."""
    return shared.region.replace("-", "_") + "_"


def list_codes(shared: Instrument) -> set[str]:
    """Return the codes of shared questions and groups."""
    return {item.code for item in shared.items()} | {page.code for page in shared.pages}
