"""Texts as literals of R, SPSS and Stata: whatever stands in them, they stay text."""

import re

SPSS_PIECE = 60
"""Characters of a literal on one line: SPSS reads at most 256 bytes a line."""

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]+")
# What Stata's macro language would act on, and what it cannot quote.
_STATA_SIGNS = str.maketrans({"`": "'", "$": "\N{FULLWIDTH DOLLAR SIGN}", "\\": "/", '"': "'"})

# A do-file may take these for comments within a string too.
_STATA_SLASHES = re.compile(r"(?<!\S)//+")
_STATA_COMMENT = re.compile(r"/(?=\*)|\*(?=/)")


def quote_r(text: str) -> str:
    r"""Return the text as a string of R, in ASCII: all else by its number, as `\u00eb`."""
    return '"' + "".join(_spell_in_r(character) for character in _CONTROLS.sub(" ", text)) + '"'


def quote_spss(text: str) -> str:
    """Return the text as a string of SPSS, on several lines when it is long."""
    flat = _CONTROLS.sub(" ", text)
    pieces = [flat[start : start + SPSS_PIECE] for start in range(0, len(flat), SPSS_PIECE)] or [""]
    return " +\n  ".join("'" + piece.replace("'", "''") + "'" for piece in pieces)


def quote_stata(text: str) -> str:
    """Return the text as a string of Stata.

    Signs of its macro language are replaced by others that look alike; those that begin or end a comment stand apart.
    """
    flat = _CONTROLS.sub(" ", text).translate(_STATA_SIGNS)
    spaced = _STATA_SLASHES.sub(lambda found: " ".join(found[0]), flat)
    apart = _STATA_COMMENT.sub(r"\g<0> ", spaced)
    return f'`"{apart}"\''


def _spell_in_r(character: str) -> str:
    if character in {'"', "\\"}:
        return f"\\{character}"
    number = ord(character)
    if 0x20 <= number < 0x7F:  # noqa: PLR2004 — the printable characters of ASCII
        return character
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"  # noqa: PLR2004 — R's two lengths
