"""Reading parts of a file as pydantic models: codes, names, texts, and errors as problems.

Pydantic's errors become problems of the catalogue, with the place of the key or value they are about.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated, Any, LiteralString, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, PlainValidator, ValidationError, WithJsonSchema
from pydantic import ValidationInfo as Info
from pydantic_core import ErrorDetails, PydanticCustomError

from .document import Document, Place
from .instrument import Text
from .problems import CATALOGUE, Report
from .reserved import RESERVED, RESERVED_PREFIX

_CODE = re.compile(r"[a-z]([a-z0-9_]{0,30}[a-z0-9])?")
MAX_CODE = 32
MAX_REGION = 20
"""The most characters of a region's code: codes of its own questions begin with it, and need room behind it."""
LANGUAGE = "[a-z]{2,3}"


@dataclass(slots=True)
class Source:
    """A file that is being read: its document and its problems.

    `languages` are those its texts may be in (none when they cannot be told), the first of which each text
    must have; `shown` are those of them that are kept.
    """

    document: Document
    report: Report
    languages: tuple[str, ...]
    shown: tuple[str, ...]

    def add(self, code: str, place: Place, **values: str | int) -> None:
        """Add a problem at the value at a place."""
        self.report.add(code, self.document.find_mark(place), **values)


def _refuse(code: LiteralString, **values: str) -> PydanticCustomError:
    return PydanticCustomError(code, "see the catalogue", values)


def _check_code(value: str) -> str:
    if not _CODE.fullmatch(value):
        raise _refuse("bad-code", value=value)
    return value


def _check_item_code(value: str) -> str:
    if _check_code(value) in RESERVED or value.startswith(RESERVED_PREFIX):
        raise _refuse("reserved-code", value=value)
    return value


def _name_check(pattern: str, rule: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise _refuse("bad-name", value=value, rule=rule)
        return value

    return check


def _read_text(value: object, info: Info) -> Text:
    """A text by language, in the file's order of languages; a plain text is the first language's."""
    source: Source | None = info.context
    languages = source.languages if source else ()
    if isinstance(value, str):
        value = {languages[0] if languages else "nl": value}
    if not isinstance(value, dict) or not all(
        isinstance(part, str) for pair in value.items() for part in pair
    ):
        raise PydanticCustomError("text_type", "a text is needed")
    texts: dict[str, str] = {
        language: unicodedata.normalize("NFC", text).strip() for language, text in value.items()
    }
    if not texts or not all(texts.values()):
        raise _refuse("text-empty")
    if languages and (extra := [language for language in texts if language not in languages]):
        raise _refuse("unknown-language", languages=", ".join(extra))
    if languages and languages[0] not in texts:
        raise _refuse("missing-translation", languages=languages[0])
    kept = source.shown if source else ()
    return {language: texts[language] for language in kept or texts if language in texts}


TEXT_SCHEMA: dict[str, Any] = {
    "anyOf": [
        {"type": "string", "minLength": 1},
        {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": f"^{LANGUAGE}$"},
            "additionalProperties": {"type": "string", "minLength": 1},
        },
    ]
}
_CODE_SCHEMA = WithJsonSchema({"type": "string", "pattern": f"^{_CODE.pattern}$"})

Code = Annotated[str, AfterValidator(_check_code), _CODE_SCHEMA]
ItemCode = Annotated[str, AfterValidator(_check_item_code), _CODE_SCHEMA]
ShownText = Annotated[Text, PlainValidator(_read_text), WithJsonSchema(TEXT_SCHEMA)]
OptionalText = Annotated[Text | None, PlainValidator(_read_text), WithJsonSchema(TEXT_SCHEMA)]
_NAME_RULE = "small letters, figures and `-`, starting with a letter, at most 64"
_EDITION_RULE = "letters, figures, `.`, `_` and `-`, at most 32"
Name = Annotated[str, AfterValidator(_name_check(r"[a-z][a-z0-9-]{0,63}", _NAME_RULE))]
Edition = Annotated[str, AfterValidator(_name_check(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}", _EDITION_RULE))]
Language = Annotated[str, AfterValidator(_name_check(LANGUAGE, "a language code such as `nl` or `en`"))]


class Shape(BaseModel):
    """A mapping of the file; other keys than these are problems."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


_Model = TypeVar("_Model", bound=BaseModel)

_EXPECTED = {
    "string_type": "a text",
    "int_type": "a whole number",
    "bool_type": "`true` or `false`",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "text_type": "a text, or a text by language",
}
_SUGGESTIONS = {
    "string_type": 'Put it between quotes: `"…"`.',
    "text_type": 'Put it between quotes, or write `{nl: "…", en: "…"}`.',
}

_REASONS = {
    "too_short": "at least {min_length} are needed, and there are {actual_length}",
    "too_long": "at most {max_length} are possible, and there are {actual_length}",
    "less_than_equal": "it is at most {le}",
    "greater_than_equal": "it is at least {ge}",
}


def read_shape(
    model: type[_Model], source: Source, value: object, place: Place, inner: type[BaseModel] | None = None
) -> _Model | None:
    """Return the part of the file at a place as its shape, or None; faults go to the report.

    `inner` is the model of mappings inside it, to tell which keys are known there.
    """
    try:
        return model.model_validate(value, context=source)
    except ValidationError as error:
        for details in error.errors(include_url=False):
            known = inner if inner and len(details["loc"]) > 1 else model
            _add_problem(known, source, place, details)
        return None


def _add_problem(model: type[BaseModel], source: Source, place: Place, details: ErrorDetails) -> None:
    found: Place = (*place, *details["loc"])
    kind, key = details["type"], str(found[-1]) if found else "file"
    values: dict[str, Any] = details.get("ctx", {})
    if kind == "missing":
        source.add("missing-key", found, key=key)
    elif kind == "extra_forbidden":
        mark = source.document.find_key_mark(found)
        source.report.add("unknown-key", mark, key=key, suggestion=_suggest(model, key))
    elif kind in _EXPECTED:
        suggestion = _SUGGESTIONS.get(kind, "Look at questionnaires/README.md for an example.")
        source.add("wrong-type", found, key=key, expected=_EXPECTED[kind], suggestion=suggestion)
    elif kind == "literal_error":
        source.add("unknown-format", found)
    elif kind in CATALOGUE:
        source.add(kind, found, key=key, **values)
    else:
        reason = _REASONS[kind].format(**values) if kind in _REASONS else details["msg"]
        source.add("out-of-range", found, key=key, reason=reason)


def _suggest(model: type[BaseModel], key: str) -> str:
    known = list(model.model_fields)
    close = get_close_matches(key, known, 1)
    return f"Did you mean `{close[0]}`?" if close else f"Known here: {', '.join(known)}."
