"""Codes made from words, for people who write none themselves."""

import re
import unicodedata
from collections.abc import Collection

from aoj_survey.questionnaire import RESERVED

LONGEST = 32
"""The most characters a code, and a column in the dataset, may have."""

# Words that say nothing of what a question is about.
_SMALL = """
    a an and are at by can did do does for from had has have how if in is it its of on or our own so that the
    their them they this to was we were what when where which who will with would you your
    aan al als bij dan dat de deze die dit doet door een en er gaat heb hebben hebt heeft het hoe hun ik in is je
    jouw kan kunt maar men met moet naar nog nu of om ons onze ook op over te tot u uit uw van veel voor waar was
    wat we wel welk welke wie wij word wordt zal ze zij zijn zo zou
"""
_SMALL_WORDS = frozenset(_SMALL.split())


def make_code(
    words: str,
    taken: Collection[str],
    *,
    longest: int = LONGEST,
    prefix: str = "",
    without: str = "vraag",
    reserved: bool = True,
) -> str:
    """Return a code from words that is not `taken`: small letters, figures and `_`, at most `longest` long.

    It begins with `prefix`; `without` is its name where the words hold no letters we can write. `reserved` keeps
    off words that no question can be called; answers can.
    """
    stem = spell(prefix + (spell(words) or without)) or without
    if not stem[0].isalpha():
        stem = f"v_{stem}"
    code = stem[:longest].rstrip("_")
    if reserved and code in RESERVED:
        code = f"{code}_{without}"[:longest]
    number = 1
    while code in taken:
        number += 1
        ending = f"_{number}"
        code = stem[: longest - len(ending)].rstrip("_") + ending
    return code


def shorten_words(text: str, words: int = 4) -> str:
    """Return the first words of a text that say what it is about, or of all its words when none do."""
    found = [word for word in spell(text).split("_") if word]
    telling = [word for word in found if word not in _SMALL_WORDS] or found
    return " ".join(telling[:words])


def spell(words: str) -> str:
    """Return words in the letters of a code: without accents, other signs as `_`."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
