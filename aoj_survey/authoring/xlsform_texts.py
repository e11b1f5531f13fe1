"""Texts and languages of an XLSForm: columns such as `label::Nederlands (nl)`, references such as `${naam}`."""

import re
from collections.abc import Mapping, Sequence

from aoj_survey.questionnaire import WORD, Instrument, Text, fill_text, find_quotes

_NAMES: Mapping[str, str] = {
    "nl": "Nederlands",
    "en": "English",
    "tr": "Türkçe",
    "pl": "Polski",
    "uk": "Українська",
    "ar": "العربية",
    "de": "Deutsch",
    "fr": "Français",
}
_KNOWN = {
    **{name.lower(): code for code, name in _NAMES.items()},
    "dutch": "nl",
    "engels": "en",
    "turkish": "tr",
    "turks": "tr",
    "polish": "pl",
    "pools": "pl",
    "ukrainian": "uk",
    "oekraiens": "uk",
    "arabic": "ar",
    "arabisch": "ar",
    "german": "de",
    "french": "fr",
}
_REFERENCE = re.compile(r"\$\{\s*([^{}\s]+)\s*\}")
_HTML = re.compile(r"<[A-Za-z/][^<>]*>")
_OURS = re.compile(r"\\(?P<plain>[{}])|\{(?P<name>[a-z][a-z0-9_]*)(?:\|[^{}|]*)?\}")


def find_language(written: str, default: str) -> str | None:
    """Return the code of a language as it stands in a header, None when it cannot be told.

    `Nederlands (nl)`, `nl`, `Nederlands` and `Dutch` are Dutch; without a language it is the default.
    """
    if not written.strip():
        return default
    if match := re.search(r"\(\s*([A-Za-z]{2,3})(?:[-_][A-Za-z]+)?\s*\)\s*$", written):
        return match[1].lower()
    name = written.strip().lower()
    return name if re.fullmatch("[a-z]{2}", name) else _KNOWN.get(name)


def find_languages(columns: Sequence[str], default: str) -> dict[str, str]:
    """Return the languages of texts by how headers write them, the default first; unknown ones are left out."""
    written = dict.fromkeys(
        column.partition("::")[2] for column in columns if column.partition("::")[0] in ("label", "hint")
    )
    found = {name: code for name in written if (code := find_language(name, default))}
    return dict(sorted(found.items(), key=lambda pair: pair[1] != default))


def name_column(column: str, language: str) -> str:
    """Return the header of a text in a language: `label::Nederlands (nl)`."""
    return f"{column}::{_NAMES.get(language, language.upper())} ({language})"


def read_text(text: str, codes: Mapping[str, str]) -> str:
    """Return a label as a text of ours: braces are plain, `${name}` quotes the answer to the question it names."""
    parts = _REFERENCE.split(text)
    for place, part in enumerate(parts):
        if place % 2:
            parts[place] = f"{{{codes[part]}}}" if part in codes else "\N{HORIZONTAL ELLIPSIS}"
        else:
            parts[place] = part.replace("{", r"\{").replace("}", r"\}")
    return "".join(parts)


def find_unknown(text: str, codes: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names a label quotes that no question before it has."""
    return tuple(name for name in _REFERENCE.findall(text) if name not in codes)


def has_html(text: str) -> bool:
    """Return whether a label holds HTML, which is shown as it was typed."""
    return bool(_HTML.search(text))


def write_texts(instrument: Instrument, text: Text, languages: Sequence[str]) -> dict[str, str]:
    """Return a text of ours in these languages as XLSForm has it: words written out, quotes as `${name}`."""
    words = {word.code: word.text for word in instrument.words}
    names = find_quotes(text)

    def find(name: str) -> Text | None:
        return words.get(name.removeprefix(WORD)) if name.startswith(WORD) else {"": f"{{{name}}}"}

    filled = fill_text(text, find) if names else text
    return {code: _OURS.sub(_write_part, filled[code]) for code in languages if code in filled}


def _write_part(match: re.Match[str]) -> str:
    return match["plain"] or f"${{{match['name']}}}"
