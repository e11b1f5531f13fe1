"""The compiled questionnaire: frozen values that everything after the compiler works with.

An `Instrument` is a questionnaire edition compiled for one region. It is stored at the start of a
participation as canonical JSON with its digest, and from then on always loaded from there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from aoj_survey.errors import NotFoundError

FORMAT = 1
"""Version of the stored form of an instrument; `tests/samples/` keeps one of each for ever."""

Text: TypeAlias = Mapping[str, str]
"""A text the respondent sees, by language code (`nl`, `en`); the first language is the fallback."""

Value: TypeAlias = str | int | tuple[str, ...]
"""One answer: a choice code, a whole number, an open text, or choice codes (more answers possible)."""

Answers: TypeAlias = Mapping[str, Value]
"""Answers by item code; an item without an answer is absent."""

Expression: TypeAlias = tuple["Expression | str | int | bool", ...]
"""A parsed condition: operator first, then its operands, e.g. `("==", ("item", "doelen"), "ja")`."""

Setting: TypeAlias = str | int | bool
"""What a kind of a module may keep of an item under a key of its own."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer one can choose: stable code, integer for the dataset, text.

    `exclusive` is for "none of these" where more answers are possible. `other` is the length of the text one
    may write beside it ("anders, namelijk"), 0 for none.
    """

    code: str
    value: int
    text: Text
    dont_know: bool = False
    exclusive: bool = False
    other: int = 0

    @property
    def alone(self) -> bool:
        """Whether no other answer goes with this one."""
        return self.exclusive or self.dont_know


@dataclass(frozen=True, slots=True)
class Item:
    """A question with a stable code. Which fields are filled depends on its kind.

    `first` is how many choices are ranked; `earliest` and `latest` are days (`2026-05-31`) or months
    (`2026-05`). `beside` names the item and the choice this open text belongs to ("anders, namelijk").
    `quotes` are the references in its texts: codes of items, and `word:` with the code of a word.
    `settings` are the keys of a kind that came from a module.
    """

    code: str
    kind: str
    text: Text
    hint: Text | None = None
    scale: str | None = None
    choices: tuple[Choice, ...] = ()
    required: bool = False
    ask_if: Expression | None = None
    minimum: int | None = None
    maximum: int | None = None
    unit: Text | None = None
    max_length: int | None = None
    concept: str | None = None
    fact: bool = False
    sensitive: bool = False
    seconds: int = 20
    quasi_identifier: bool = False
    source: str | None = None
    first: int | None = None
    earliest: str | None = None
    latest: str | None = None
    beside: tuple[str, str] | None = None
    quotes: tuple[str, ...] = ()
    settings: tuple[tuple[str, Setting], ...] = ()

    @property
    def is_text(self) -> bool:
        """Whether it is answered in own words: only such an item has a longest text, and each has."""
        return self.max_length is not None

    def choice(self, code: str) -> Choice:
        """Return the choice with this code; raises KeyError when the item has none."""
        for choice in self.choices:
            if choice.code == code:
                return choice
        raise KeyError(code)


@dataclass(frozen=True, slots=True)
class Page:
    """What is shown at once: one item, or a group of statements under a heading of their own.

    A page with one item takes that item's code; `text` is None then and the item's text is the heading.
    Texts beside choices of that item stand on its page too. `quotes` are those of the page's own texts.
    """

    code: str
    items: tuple[Item, ...]
    text: Text | None = None
    hint: Text | None = None
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Theme:
    """A section of the questionnaire."""

    code: str
    title: Text
    pages: tuple[Page, ...]
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """What a region calls something, or somebody: a term by its code, or a role by its own."""

    code: str
    text: Text


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire edition compiled for one region (see `compile_questionnaire`).

    `languages` are those it may be shown in. `words` are quoted in texts; `role_labels` replace the labels
    of roles; `mail` is the region's own sentence in invitations.
    """

    questionnaire: str
    edition: str
    region: str
    languages: tuple[str, ...]
    title: Text
    purpose: Text
    roles: tuple[str, ...]
    themes: tuple[Theme, ...]
    modules: tuple[str, ...] = ()
    words: tuple[Word, ...] = ()
    role_labels: tuple[Word, ...] = ()
    mail: Text | None = None

    @property
    def pages(self) -> tuple[Page, ...]:
        """All pages in order, whether or not they are on anybody's path."""
        return tuple(page for theme in self.themes for page in theme.pages)

    def items(self) -> Iterator[Item]:
        """All items in order."""
        for page in self.pages:
            yield from page.items


def find_item(instrument: Instrument, code: str) -> Item:
    """Return the item with this code; raises NotFoundError when the instrument has none."""
    for item in instrument.items():
        if item.code == code:
            return item
    raise NotFoundError(
        f"{instrument.questionnaire} {instrument.edition} has no question {code!r}. Check the code."
    )
