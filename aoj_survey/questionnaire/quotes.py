"""References in texts: `{cijfer}` quotes an earlier answer, `{word:verzuim}` is the region's word for a term.

`{cijfer|een cijfer}` says what stands there when there is no answer. A backslash before the brace makes it
a plain brace.
"""

import re
from collections.abc import Callable

from .instrument import Text
from .texts import say

WORD = "word:"
"""What a reference to a word starts with."""

NO_ANSWER = "\N{HORIZONTAL ELLIPSIS}"
"""Stands for an answer that was not given, where the text says nothing else."""

_QUOTE = re.compile(r"(?<!\\)\{(?P<name>(?:word:)?[a-z][a-z0-9_]*)(?:\|(?P<fallback>[^{}|]*))?\}")


def find_quotes(*texts: Text | None) -> tuple[str, ...]:
    """Return the references in texts, once each: codes of items, and `word:` with a code."""
    found = (
        match["name"] for text in texts if text for part in text.values() for match in _QUOTE.finditer(part)
    )
    return tuple(dict.fromkeys(found))


def find_bare_quotes(text: Text) -> tuple[str, ...]:
    """Return the items quoted without saying what stands there when there is no answer."""
    found = [match for part in text.values() for match in _QUOTE.finditer(part)]
    bare = (match["name"] for match in found if match["fallback"] is None)
    return tuple(dict.fromkeys(name for name in bare if not name.startswith(WORD)))


def fill_text(text: Text, find: Callable[[str], Text | None]) -> Text:
    """Return a text with its references replaced, in every language, by what `find` gives for them."""

    def fill(part: str, language: str) -> str:
        def replace(match: re.Match[str]) -> str:
            found = find(match["name"])
            if found is not None:
                return say(found, language)
            return NO_ANSWER if match["fallback"] is None else match["fallback"]

        return _QUOTE.sub(replace, part)

    return {language: fill(part, language) for language, part in text.items()}
