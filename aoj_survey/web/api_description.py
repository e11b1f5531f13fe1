"""The OpenAPI description of the API; a test holds it to the routes and to what they answer."""

from collections.abc import Mapping
from typing import Any

TEXT: Mapping[str, Any] = {"type": "string"}
NUMBER: Mapping[str, Any] = {"type": "integer"}

FILE = {
    "path": TEXT,
    "size": NUMBER,
    "sha256": TEXT,
    "media_type": TEXT,
    "url": TEXT,
}
RELEASE = {
    "name": TEXT,
    "wave": TEXT,
    "region": TEXT,
    "origin": {"type": "string", "enum": ["box", "joint", "imported"]},
    "kind": {"type": "string", "enum": ["bundle", "tables"]},
    "version": NUMBER,
    "profile": TEXT,
    "rows": NUMBER,
    "digest": TEXT,
    "released_on": {"type": "string", "format": "date"},
    "url": TEXT,
    "files": {"type": "array", "items": {"$ref": "#/components/schemas/File"}},
}
ROW = {
    "wave": TEXT,
    "region": TEXT,
    "release": TEXT,
    "code": TEXT,
    "label_nl": TEXT,
    "label_en": TEXT,
    "invited": NUMBER,
    "delivered": NUMBER,
    "done": NUMBER,
    "rate": {"type": ["integer", "null"]},
    "estimated": {"type": "boolean"},
}
FIGURE = {
    **dict.fromkeys(("wave", "region", "release", "profile", "table", "question_nl", "question_en"), TEXT),
    **dict.fromkeys(("group", "group_nl", "group_en", "answers", "answers_nl", "answers_en"), TEXT),
    "shown": {"type": "string", "enum": ["percent", "at_most", "at_least", "mean", "band", "too_few"]},
    "value": {"type": ["number", "null"]},
    "n": {"type": ["integer", "null"]},
    "low": {"type": ["integer", "null"]},
    "high": {"type": ["integer", "null"]},
    "text_nl": TEXT,
    "text_en": TEXT,
    **{name: {"type": ["string", "null"]} for name in ("others_shown", "others_text_nl", "others_text_en")},
    "others_value": {"type": ["number", "null"]},
    "others_n": {"type": ["integer", "null"]},
    "others_regions": {"type": ["integer", "null"]},
}
PROBLEM = {"type": TEXT, "title": TEXT, "status": NUMBER, "detail": TEXT}

NAME = {"name": "name", "in": "path", "required": True, "schema": TEXT}
PATH = {
    "name": "path",
    "in": "path",
    "required": True,
    "schema": TEXT,
    "description": "Path in the bundle, with its slashes: data/responses.csv",
}
RANGE = {"name": "Range", "in": "header", "required": False, "schema": TEXT, "example": "bytes=0-1023"}
MATCH = {"name": "If-None-Match", "in": "header", "required": False, "schema": TEXT}

REFUSALS = {
    "401": "No token, or one that is not known (any more)",
    "403": "The account may not download",
    "429": "Too many requests with one token, or too many unknown tokens",
}


def describe_api() -> dict[str, Any]:
    """Return the description, as OpenAPI 3.1."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Monitor Education and Youth Care: released data",
            "version": "1",
            "description": "Released bundles and tables, read-only. Nothing else can be reached.",
        },
        "security": [{"token": []}],
        "paths": {
            "/api/v1/releases": _get("All that is released", _object("releases", "Release")),
            "/api/v1/releases/{name}": _get(
                "One release with its files", _of("Release"), [NAME], ["404", "410"]
            ),
            "/api/v1/releases/{name}/files/{path}": _get(
                "A file of a release", {}, [NAME, PATH, RANGE], ["206", "404", "410", "416"], "*/*"
            ),
            "/api/v1/tables/response.json": _get(
                "The response tables of all that is released", _object("rows", "ResponseRow")
            ),
            "/api/v1/tables/response.csv": _get("The same as CSV", TEXT, media_type="text/csv"),
            "/api/v1/tables/figures.json": _get(
                "The figures of all released tables", _object("rows", "FigureRow")
            ),
            "/api/v1/tables/figures.csv": _get("The same as CSV", TEXT, media_type="text/csv"),
            "/api/v1/openapi.json": _get("This description", {"type": "object"}, is_open=True),
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {
                "File": _schema(FILE),
                "Release": _schema(RELEASE),
                "ResponseRow": _schema(ROW),
                "FigureRow": _schema(FIGURE),
                "Problem": _schema(PROBLEM),
            },
        },
    }


def _schema(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _of(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(field: str, name: str) -> dict[str, Any]:
    return _schema({field: {"type": "array", "items": _of(name)}})


def _get(
    summary: str,
    schema: Mapping[str, Any],
    parameters: list[Any] | None = None,
    more: list[str] | None = None,
    media_type: str = "application/json",
    *,
    is_open: bool = False,
) -> dict[str, Any]:
    """The description of a path that is read, answered by a schema or by one of the problems.

    Where it is open, nobody is asked for a token.
    """
    said = {
        **REFUSALS,
        "404": "Nothing of this name was released",
        "410": "The release was withdrawn",
        "416": "The file has no such part",
    }
    problem = {"application/problem+json": {"schema": _of("Problem")}}
    content = {"content": {media_type: {"schema": dict(schema)}}}
    answers: dict[str, Any] = {
        "200": {"description": summary} | content,
        "304": {"description": "Not changed"},
    }
    for code in (*(() if is_open else REFUSALS), *(more or [])):
        answers[code] = (
            {"description": "A part of it"} | content
            if code == "206"
            else {"description": said[code], "content": problem}
        )
    operation = {"summary": summary, "parameters": [*(parameters or []), MATCH], "responses": answers}
    return {"get": operation | ({"security": []} if is_open else {})}
