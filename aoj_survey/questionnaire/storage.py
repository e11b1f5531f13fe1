"""The stored form of an instrument: canonical JSON with a format version, and its digest.

Fields that hold their default are left out, so a later engine that knows more fields writes the same
text. The defaults of `instrument.py` are therefore part of the format.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import MISSING, fields
from typing import Any

from aoj_survey.errors import InstrumentError

from .instrument import FORMAT, Choice, Instrument, Item, Page, Text, Theme, Word

_TEXTS = frozenset({"text", "hint", "unit", "title", "purpose", "mail"})
_PARTS: dict[str, type[Theme | Page | Item | Choice | Word]] = {
    "themes": Theme,
    "pages": Page,
    "items": Item,
    "choices": Choice,
    "words": Word,
    "role_labels": Word,
}
_TUPLES = frozenset({"languages", "roles", "modules", "ask_if", "beside", "quotes", "settings"})


def dump_instrument(instrument: Instrument) -> str:
    """Return the instrument as canonical JSON: sorted keys, no spaces, `"format": 1`."""
    return json.dumps(
        {"format": FORMAT} | _write(instrument), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )


def digest_instrument(text: str) -> str:
    """Return the SHA-256 of a stored instrument's text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def load_instrument(text: str) -> Instrument:
    """Return the instrument of a stored text; the inverse of `dump_instrument`.

    Raises InstrumentError when the text is no instrument or of a format this engine does not know.
    """
    try:
        stored = json.loads(text)
    except ValueError as error:
        raise InstrumentError(
            f"The stored questionnaire is not JSON: {error}. Restore it from a backup."
        ) from error
    if not isinstance(stored, dict) or stored.get("format") != FORMAT:
        found = stored.get("format") if isinstance(stored, dict) else None
        raise InstrumentError(
            f"The stored questionnaire has format {found!r}; this engine reads format {FORMAT}. "
            "Use the version of the engine that stored it, or a later one."
        )
    del stored["format"]
    try:
        return Instrument(**_read_fields(stored, stored["languages"]))
    except (AttributeError, KeyError, TypeError) as error:
        raise InstrumentError(
            f"The stored questionnaire is damaged: {error}. Restore it from a backup."
        ) from error


def _write(value: Any) -> Any:
    if isinstance(value, (Instrument, Theme, Page, Item, Choice, Word)):
        pairs = ((part, getattr(value, part.name)) for part in fields(value))
        return {
            part.name: _write(held) for part, held in pairs if part.default is MISSING or held != part.default
        }
    if isinstance(value, tuple):
        return [_write(part) for part in value]
    return dict(value) if isinstance(value, dict) else value


def _read_fields(stored: dict[str, Any], languages: Sequence[str]) -> dict[str, Any]:
    return {name: _read(name, value, languages) for name, value in stored.items()}


def _read(name: str, value: Any, languages: Sequence[str]) -> Any:
    if name in _TEXTS:
        return _order_text(value, languages)
    if name in _PARTS:
        return tuple(_PARTS[name](**_read_fields(part, languages)) for part in value)
    return _freeze(value) if name in _TUPLES else value


def _order_text(text: dict[str, str], languages: Sequence[str]) -> Text:
    """Canonical JSON sorts languages by name; the first of the file must come first again."""
    return {language: text[language] for language in languages if language in text}


def _freeze(value: Any) -> Any:
    return tuple(_freeze(part) for part in value) if isinstance(value, list) else value
