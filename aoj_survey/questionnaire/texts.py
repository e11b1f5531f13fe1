"""Texts: what is shown in a language, and what a respondent typed, cleaned."""

import re
import unicodedata

from .instrument import Text

# Control characters but the line end, and halves of surrogate pairs: nothing one can type or show.
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


def find_direction(language: str) -> str:
    """Return `rtl` for a language that is written from right to left, else `ltr`: the values of HTML's `dir`."""
    return "rtl" if language in _RIGHT_TO_LEFT else "ltr"


def say(text: Text, language: str) -> str:
    """Return the text in a language, or in its first language when it has no such translation."""
    return text[language] if language in text else next(iter(text.values()))


def clean_text(typed: str) -> str:
    r"""Return what was typed in Unicode's NFC, with `\n` line ends, no control characters and bare ends.

    Cleaning a clean text changes nothing.
    """
    lines = typed.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return unicodedata.normalize("NFC", _CONTROLS.sub("", lines)).strip()
