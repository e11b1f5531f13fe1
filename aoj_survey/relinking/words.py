"""What the report says is in Dutch and English: of each attempt its question, and what came of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in both languages of the report."""

    nl: str
    en: str


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of an attempt; those of its outcome are filled in from its measure."""

    question: Text
    unlinked: Text
    linked: Text
    by_key_holder: bool = False
