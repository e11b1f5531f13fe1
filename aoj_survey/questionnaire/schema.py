"""JSON Schema of a questionnaire file and of an overlay, for completion in editors.

It is made from the models and kinds the compiler uses itself, so it cannot say anything else. What needs a
look at two places at once (codes used twice, conditions) only the compiler knows.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from .kinds import KINDS, ItemKind
from .parts import (
    AdditionShape,
    GroupShape,
    HeadShape,
    ItemShape,
    LanguageShape,
    OverlayShape,
    ScaleShape,
    StatementShape,
    ThemeShape,
)

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PARTS: tuple[type[BaseModel], ...] = (
    AdditionShape, GroupShape, ItemShape, LanguageShape, ScaleShape, StatementShape, ThemeShape,
)  # fmt: skip
_ITEMS = {"anyOf": [{"$ref": "#/$defs/ItemShape"}, {"$ref": "#/$defs/GroupShape"}]}
_SETTING = {"type": ["string", "integer", "boolean"]}


def questionnaire_schema(kinds: Mapping[str, ItemKind] = KINDS) -> dict[str, Any]:
    """Return the schema of a questionnaire file with these kinds of items."""
    return _write_schema(HeadShape, "Questionnaire", kinds)


def overlay_schema(kinds: Mapping[str, ItemKind] = KINDS) -> dict[str, Any]:
    """Return the schema of an overlay with these kinds of items."""
    return _write_schema(OverlayShape, "Overlay", kinds)


def _write_schema(model: type[BaseModel], title: str, kinds: Mapping[str, ItemKind]) -> dict[str, Any]:
    schema = model.model_json_schema(ref_template="#/$defs/{model}")
    parts: dict[str, Any] = schema.pop("$defs", {})
    for part in _PARTS:
        written = part.model_json_schema(ref_template="#/$defs/{model}")
        parts |= written.pop("$defs", {})
        parts[part.__name__] = written
    _join_parts(schema, parts)
    _describe_kinds(parts["ItemShape"], kinds)
    return {"$schema": DIALECT, **schema, "title": title, "$defs": parts}


def _join_parts(schema: dict[str, Any], parts: dict[str, Any]) -> None:
    """Say what stands in the lists that the compiler reads one by one."""
    top = schema["properties"]
    top["languages"]["items"] = {"anyOf": [top["languages"]["items"], {"$ref": "#/$defs/LanguageShape"}]}
    top["scales"]["additionalProperties"] = {"$ref": "#/$defs/ScaleShape"}
    if "themes" in top:
        top["themes"]["items"] = {"$ref": "#/$defs/ThemeShape"}
    if "add" in top:
        top["add"]["items"] = {"$ref": "#/$defs/AdditionShape"}
        _find_list(parts["AdditionShape"], "themes")["items"] = {"$ref": "#/$defs/ThemeShape"}
        _find_list(parts["AdditionShape"], "items")["items"] = _ITEMS
    parts["ThemeShape"]["properties"]["items"]["items"] = _ITEMS
    parts["GroupShape"]["properties"]["items"]["items"] = {"$ref": "#/$defs/StatementShape"}


def _find_list(part: dict[str, Any], key: str) -> dict[str, Any]:
    """The list among what an optional key may be."""
    options: list[dict[str, Any]] = part["properties"][key]["anyOf"]
    return next(option for option in options if option.get("type") == "array")


def _describe_kinds(part: dict[str, Any], kinds: Mapping[str, ItemKind]) -> None:
    """Which keys belong to which kind, and the keys of kinds from modules."""
    common = StatementShape.model_fields.keys() | {"kind"}
    own = sorted(frozenset[str]().union(*(kind.keys for kind in kinds.values())))
    part["properties"]["kind"] = {"enum": list(kinds), "title": "Kind"}
    part["properties"] |= {key: dict(_SETTING) for key in own if key not in part["properties"]}
    part["allOf"] = [
        {
            "if": {"properties": {"kind": {"const": kind.name}}, "required": ["kind"]},
            "then": {
                "required": sorted(kind.needs),
                "properties": {key: False for key in own if key not in kind.keys | common},
            },
        }
        for kind in kinds.values()
    ]
