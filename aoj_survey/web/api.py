"""The API for analysts: read-only, by bearer token; it knows released files and tables and nothing else."""

import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import timedelta
from functools import wraps
from hashlib import sha256
from io import StringIO
from typing import Any, ParamSpec, TypeVar

from flask import Blueprint, Response, current_app, g, request, url_for
from flask.sansio.blueprints import BlueprintSetupState

from aoj_survey.accounts import AccountFacts, find_account, may, may_read
from aoj_survey.db import db
from aoj_survey.releases import (
    ReleaseFacts,
    Shelf,
    TableRow,
    join_figure_files,
    join_figures,
    join_response_tables,
    list_releases,
)

from .api_description import describe_api
from .budget import Budgets
from .files import find_file, find_released, send_released, shelf
from .guesses import is_guessing
from .problems import make_problem
from .visits import installation

P = ParamSpec("P")
R = TypeVar("R")

api = Blueprint("api", __name__, url_prefix="/api/v1")

SPAN, REQUESTS = timedelta(minutes=5), 3000
"""So many requests may come with one token in a while; programs that read parts of files ask often."""


@api.record_once
def _prepare(state: BlueprintSetupState) -> None:
    state.app.extensions["aoj_shelf"] = Shelf(state.app.extensions["aoj"].settings.bundles)
    state.app.extensions["aoj_api_budgets"] = Budgets(SPAN)


def needs_token(view: Callable[P, R]) -> Callable[P, R | Response]:
    """Let a view answer only who has the right to download, by the token in the header."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
        found = _find_caller()
        if found is None:
            return _refuse_token()
        if not may(found, "download"):
            return make_problem(403, "The account of this token may not download.")
        budgets: Budgets = current_app.extensions["aoj_api_budgets"]
        budget, now = budgets.of(found.name, REQUESTS), installation().now()
        if budget.is_spent(now):
            return _wait("Too many requests came with this token. Try again in five minutes.")
        budget.spend(now)
        g.caller = found
        return view(*args, **kwargs)

    return guarded


def _find_caller() -> AccountFacts | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return None
    with db.read() as connection:
        return find_account(connection, token)


def _refuse_token() -> Response:
    given = bool(request.headers.get("Authorization"))
    if given and is_guessing():
        return _wait("Too many unknown tokens came from here. Try again in five minutes.")
    words = (
        "This token is not known, or not any more." if given else "Send a token: Authorization: Bearer aoj_…"
    )
    response = make_problem(401, words)
    response.headers["WWW-Authenticate"] = 'Bearer realm="aoj"' + (', error="invalid_token"' if given else "")
    return response


def _wait(words: str) -> Response:
    response = make_problem(429, words)
    response.headers["Retry-After"] = str(int(SPAN.total_seconds()))
    return response


@api.get("/releases")
@needs_token
def list_released() -> Response:
    """All that is released, newest wave first."""
    found = _list_readable()
    return _send(_as_json({"releases": [_describe(release) for release in found]}))


@api.get("/releases/<name>")
@needs_token
def show_release(name: str) -> Response:
    """One release with its files."""
    return _send(_as_json(_describe(find_released(name, g.caller))))


@api.get("/releases/<name>/files/<path:path>")
@needs_token
def send_file(name: str, path: str) -> Response:
    """A file of a release, by its path in the bundle."""
    release = find_released(name, g.caller)
    return send_released(release, find_file(release, path))


@api.get("/tables/response.json")
@needs_token
def show_response_table() -> Response:
    """The response tables of all regions and waves, as one table."""
    return _send(_as_json({"rows": [asdict(row) for row in _read_tables()]}))


@api.get("/tables/response.csv")
@needs_token
def send_response_table() -> Response:
    """The same as CSV."""
    rows = [asdict(row) | {"estimated": int(row.estimated)} for row in _read_tables()]
    return _send_csv([[field.name for field in fields(TableRow)], *(list(row.values()) for row in rows)])


@api.get("/tables/figures.json")
@needs_token
def show_figures() -> Response:
    """The figures of all released tables, as one table."""
    return _send(_as_json({"rows": [asdict(row) for row in join_figures(shelf(), _list_readable())]}))


@api.get("/tables/figures.csv")
@needs_token
def send_figures() -> Response:
    """The same as CSV, in which no text is a formula for a spreadsheet."""
    return _send_csv(join_figure_files(shelf(), _list_readable()))


@api.get("/openapi.json")
def show_description() -> Response:
    """The description of this API (OpenAPI 3.1), for everybody: it names nothing that was released."""
    return _send(_as_json(describe_api()))


def _read_tables() -> tuple[TableRow, ...]:
    return join_response_tables(shelf(), _list_readable())


def _list_readable() -> list[ReleaseFacts]:
    """What is released, as far as who asks may have it."""
    with db.read() as connection:
        found = list_releases(connection)
    return [release for release in found if may_read(g.caller, release.region, release.profile)]


def _describe(release: ReleaseFacts) -> Mapping[str, Any]:
    return {
        "name": release.name,
        "wave": release.wave,
        "region": release.region,
        "origin": release.origin,
        "kind": release.kind,
        "version": release.version,
        "profile": release.profile,
        "rows": release.rows,
        "digest": release.digest,
        "released_on": release.released_at.date().isoformat(),
        "url": url_for("api.show_release", name=release.name),
        "files": [
            asdict(file) | {"url": url_for("api.send_file", name=release.name, path=file.path)}
            for file in release.files
        ],
    }


def _send_csv(rows: Iterable[Sequence[object]]) -> Response:
    text = StringIO(newline="")
    csv.writer(text).writerows(rows)
    return _send(text.getvalue().encode(), "text/csv; charset=utf-8")


def _as_json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _send(content: bytes, media_type: str = "application/json") -> Response:
    response = Response(content, content_type=media_type)
    response.set_etag(sha256(content).hexdigest())
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response
