"""Who is asked an item, in words: for the codebook, and for people who read no conditions."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from .instrument import Expression, Instrument, Item, Text
from .markdown import show_plain
from .quotes import WORD, fill_text
from .roles import GROUPS, ROLES
from .texts import say

_WORDS: Mapping[str, Text] = {
    "everyone": {"nl": "iedereen", "en": "everyone"},
    "only": {"nl": "alleen als {}", "en": "only if {}"},
    "&&": {"nl": " en ", "en": " and "},
    "||": {"nl": " of ", "en": " or "},
    "!": {"nl": "niet ({})", "en": "not ({})"},
    "==": {"nl": "{} is {}", "en": "{} is {}"},
    "!=": {"nl": "{} is niet {}", "en": "{} is not {}"},
    "<": {"nl": "{} is minder dan {}", "en": "{} is less than {}"},
    "<=": {"nl": "{} is ten hoogste {}", "en": "{} is at most {}"},
    ">": {"nl": "{} is meer dan {}", "en": "{} is more than {}"},
    ">=": {"nl": "{} is ten minste {}", "en": "{} is at least {}"},
    "before": {"nl": "{} is vóór {}", "en": "{} is before {}"},
    "until": {"nl": "{} is niet na {}", "en": "{} is not after {}"},
    "after": {"nl": "{} is na {}", "en": "{} is after {}"},
    "from": {"nl": "{} is niet vóór {}", "en": "{} is not before {}"},
    "in": {"nl": "{} is een van: {}", "en": "{} is one of: {}"},
    "among": {"nl": "bij {} is gekozen: {}", "en": "chosen at {}: {}"},
    "has": {"nl": "{} is ingevuld", "en": "{} is answered"},
    "size": {"nl": "het aantal antwoorden bij {}", "en": "the number of answers to {}"},
    "true": {"nl": "waar", "en": "true"},
    "false": {"nl": "onwaar", "en": "false"},
    "role": {"nl": "functie", "en": "role"},
    "group": {"nl": "groep", "en": "group"},
    "sector": {"nl": "sector", "en": "sector"},
    "region": {"nl": "regio", "en": "region"},
}
_DATE_WORDS = {"<": "before", "<=": "until", ">": "after", ">=": "from"}


def universe(instrument: Instrument, item: Item, language: str) -> str:
    """Return who is asked an item, in Dutch or (any other language) English words.

    For example: alleen als “Kent u de doelstellingen?” is ja en functie is intern begeleider; iedereen where an item has
    no condition. Of a text beside a choice it is the condition of its item.
    """
    if item.beside:
        item = next(owner for owner in instrument.items() if owner.code == item.beside[0])
    if item.ask_if is None:
        return _word("everyone", language)
    return _word("only", language).format(_Writer(instrument, language).write(item.ask_if))


def label_text(instrument: Instrument, text: Text, language: str) -> str:
    """Return a text for a table or dataset: without Markdown, with the region's words, quotes as a blank."""
    words = {word.code: word.text for word in instrument.words}
    filled = fill_text(
        text, lambda name: words.get(name.removeprefix(WORD)) if name.startswith(WORD) else None
    )
    return show_plain(say(filled, language))


def role_label(instrument: Instrument, role: str) -> Text:
    """Return what a role is called in this region: its own label, else that of the monitor, else its code."""
    own = {label.code: label.text for label in instrument.role_labels}
    return own.get(role) or (ROLES[role].label if role in ROLES else {"nl": role})


_Part: TypeAlias = Expression | str | int | bool


def _word(name: str, language: str) -> str:
    return _WORDS[name].get(language) or _WORDS[name]["en"]


class _Writer:
    """Writes the parts of a condition, with the items they name at hand."""

    def __init__(self, instrument: Instrument, language: str) -> None:
        self.instrument = instrument
        self.language = language
        self.items = {item.code: item for item in instrument.items()}

    def word(self, name: str) -> str:
        return _word(name, self.language)

    def write(self, part: _Part) -> str:
        """A condition, a name or a value in words."""
        if not isinstance(part, tuple):
            return self.word(str(part).lower()) if isinstance(part, bool) else str(part)
        sign, *sides = part
        writers: dict[str, Callable[[str], str]] = {
            "item": self.write_item,
            "number": self.write_item,
            "context": self.word,
            "size": lambda code: self.word("size").format(self.write_item(code)),
            "has": lambda code: self.word("has").format(self.write_item(code)),
        }
        if writer := writers.get(str(sign)):
            return writer(str(sides[0]))
        if sign in ("&&", "||"):
            return self.word(sign).join(self.write_part(str(sign), side) for side in sides)
        if sign == "!":
            return self.word("!").format(self.write(sides[0]))
        return self.compare(str(sign), *sides)

    def write_part(self, sign: str, part: _Part) -> str:
        """Brackets where `or` stands in `and`, or the other way round."""
        mixed = isinstance(part, tuple) and part[0] in ("&&", "||") and part[0] != sign
        return f"({self.write(part)})" if mixed else self.write(part)

    def write_item(self, code: str) -> str:
        item = self.items.get(code)
        return f"“{label_text(self.instrument, item.text, self.language)}”" if item else code

    def compare(self, sign: str, left: _Part, right: _Part) -> str:
        if sign == "in" and isinstance(right, tuple) and right[0] != "list":
            return self.word("among").format(self.write(right), self.name(left, right))
        if sign in _DATE_WORDS and self.is_date(left, right):
            sign = _DATE_WORDS[sign]
        if isinstance(right, tuple) and right[0] == "list":
            values = ", ".join(self.name(value, left) for value in right[1:])
            return self.word("in").format(self.write(left), values)
        return self.word(sign).format(self.name(left, right), self.name(right, left))

    def is_date(self, *sides: _Part) -> bool:
        return any(isinstance(side, tuple) and side[0] == "item" for side in sides)

    def name(self, value: _Part, beside: _Part) -> str:
        """A code by its text, as known from what it is compared with."""
        if not isinstance(value, str) or not isinstance(beside, tuple):
            return f"({self.write(value)})" if self.is_condition(value) else self.write(value)
        about, name = str(beside[0]), str(beside[1])
        if about == "context":
            known: dict[str, Text] = {
                "role": role_label(self.instrument, value),
                "group": GROUPS[value].label if value in GROUPS else {},
            }
            return say(known.get(name) or {"": value}, self.language)
        choices = self.items[name].choices if name in self.items else ()
        texts = {choice.code: choice.text for choice in choices}
        return label_text(self.instrument, texts.get(value, {"": value}), self.language)

    def is_condition(self, value: _Part) -> bool:
        return isinstance(value, tuple) and value[0] not in ("item", "number", "context", "size", "list")
