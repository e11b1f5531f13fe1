"""Every text an instrument shows, by name: to list, to translate and to mend.

Names: `title`, `purpose`, `mail`, `theme.CODE`, `group.CODE`, `group.CODE.hint`, `item.CODE`,
`item.CODE.hint`, `item.CODE.unit`, `item.CODE.choice.CODE`, `scale.NAME.CODE` for the answers of a scale,
`word.CODE` and `role.CODE`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from aoj_survey.errors import ErratumError

from .instrument import Choice, Instrument, Item, Page, Text, Word
from .quotes import find_quotes

_Change: TypeAlias = Callable[[str, Text], Text]


@dataclass(frozen=True, slots=True)
class MissingText:
    """A text that is shown in another language, because it has none in these."""

    name: str
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Erratum:
    """A text mended after the start: its name, the language, what is shown from now on, and why."""

    name: str
    language: str
    text: str
    reason: str


def list_texts(instrument: Instrument) -> dict[str, Text]:
    """Return every text by its name, in the order in which they are shown."""
    found: dict[str, Text] = {}

    def note(name: str, text: Text) -> Text:
        found.setdefault(name, text)
        return text

    _change_texts(instrument, note)
    return found


def replace_texts(instrument: Instrument, texts: Mapping[str, Text]) -> Instrument:
    """Return the instrument with these texts in place of those of the same names; nothing else changes."""
    return _change_texts(instrument, texts.get)


def keep_languages(instrument: Instrument, languages: Sequence[str]) -> Instrument:
    """Return the instrument with its texts in these languages only."""
    kept = _change_texts(instrument, lambda _, text: {code: text[code] for code in languages if code in text})
    return replace(kept, languages=tuple(code for code in languages if code in instrument.languages))


def missing_texts(instrument: Instrument) -> tuple[MissingText, ...]:
    """Return the texts that lack a translation into a language of the instrument, in order."""
    languages = instrument.languages
    missing = (
        MissingText(name, tuple(language for language in languages if language not in text))
        for name, text in list_texts(instrument).items()
    )
    return tuple(found for found in missing if found.languages)


def apply_errata(instrument: Instrument, *errata: Erratum) -> Instrument:
    """Return the instrument as it is shown from now on; later errata go before earlier ones.

    For showing only: codes, order and conditions are the same, and what is stored, with its digest, stays
    as it was at the start. Errata are kept beside it.

    Raises ErratumError for a text that does not exist, a language it is not in, an empty text, no reason, or
    other references than the text had.
    """
    for erratum in errata:
        text = list_texts(instrument).get(erratum.name)
        if text is None:
            raise ErratumError(f"There is no text {erratum.name!r} in this questionnaire. Check the name.")
        if erratum.language not in text:
            raise ErratumError(
                f"The text {erratum.name!r} has no {erratum.language!r}; it has: {', '.join(text)}."
            )
        if not erratum.text.strip() or not erratum.reason.strip():
            raise ErratumError(f"The erratum of {erratum.name!r} needs a text and a reason.")
        if set(find_quotes({"": erratum.text})) != set(find_quotes({"": text[erratum.language]})):
            raise ErratumError(f"The erratum of {erratum.name!r} must quote the same answers and words.")
        instrument = replace_texts(
            instrument, {erratum.name: {**text, erratum.language: erratum.text.strip()}}
        )
    return instrument


def _change_texts(instrument: Instrument, change: _Change) -> Instrument:
    """Pass every text through `change`, in order of showing; what stays the same stays the same object."""
    return replace(
        instrument,
        title=change("title", instrument.title),
        purpose=change("purpose", instrument.purpose),
        themes=tuple(
            replace(
                theme,
                title=change(f"theme.{theme.code}", theme.title),
                pages=tuple(_change_page(page, change) for page in theme.pages),
            )
            for theme in instrument.themes
        ),
        words=_change_words("word", instrument.words, change),
        role_labels=_change_words("role", instrument.role_labels, change),
        mail=_change_text("mail", instrument.mail, change),
    )


def _change_page(page: Page, change: _Change) -> Page:
    text = _change_text(f"group.{page.code}", page.text, change)
    hint = _change_text(f"group.{page.code}.hint", page.hint, change)
    owners = {item.code: item for item in page.items}
    items = tuple(_change_item(item, owners, change) for item in page.items)
    return replace(page, text=text, hint=hint, items=items)


def _change_item(item: Item, owners: Mapping[str, Item], change: _Change) -> Item:
    if item.beside:
        # What is written beside a choice bears its text.
        owner, choice = item.beside
        return replace(item, text=change(_name_choice(owners[owner], choice), item.text))
    name = f"item.{item.code}"
    return replace(
        item,
        text=change(name, item.text),
        hint=_change_text(f"{name}.hint", item.hint, change),
        unit=_change_text(f"{name}.unit", item.unit, change),
        choices=tuple(_change_choice(item, choice, change) for choice in item.choices),
    )


def _change_choice(item: Item, choice: Choice, change: _Change) -> Choice:
    return replace(choice, text=change(_name_choice(item, choice.code), choice.text))


def _name_choice(item: Item, choice: str) -> str:
    return f"scale.{item.scale}.{choice}" if item.scale else f"item.{item.code}.choice.{choice}"


def _change_text(name: str, text: Text | None, change: _Change) -> Text | None:
    return change(name, text) if text is not None else None


def _change_words(name: str, words: tuple[Word, ...], change: _Change) -> tuple[Word, ...]:
    return tuple(replace(word, text=change(f"{name}.{word.code}", word.text)) for word in words)
