"""Errors of the API as JSON (RFC 9457)."""

import json
from http import HTTPStatus

from flask import Response, request

PREFIX = "/api/"
DETAILS = {
    404: "There is nothing here that was released.",
    405: "This API only reads: use GET or HEAD.",
    410: "This release was withdrawn. The list of releases has the version in force, if there is one.",
    416: "The file has no such part.",
    429: "Too many requests. Try again in five minutes.",
    503: "It is busy here. Try again in a minute.",
    500: "This could not be handed out. The administrator finds the reason in the log.",
}


def is_for_programs() -> bool:
    """Whether the present request is one of the API, known or not."""
    return request.path.startswith(PREFIX)


def make_problem(status: int, detail: str = "") -> Response:
    """Return an error of the API: its status, what it means, and what to do."""
    document = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail or DETAILS.get(status, "This could not be done."),
    }
    return Response(
        json.dumps(document, ensure_ascii=False) + "\n", status, content_type="application/problem+json"
    )
