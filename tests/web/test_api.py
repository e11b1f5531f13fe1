"""The API: released files by token, in parts, under stable names; nothing else is reached by anybody."""

import csv
import json
import urllib.request
from collections.abc import Iterator
from hashlib import sha256
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.error import HTTPError

import pytest
from flask import Flask, request
from jsonschema import Draft202012Validator
from sqlalchemy import update
from werkzeug.test import TestResponse

from aoj_survey.accounts import RIGHTS, AccountFacts, add_account, find_account, remove_account
from aoj_survey.db import db
from aoj_survey.installation import Installation
from aoj_survey.releases import Release, ReleaseFacts, withdraw_release
from aoj_survey.web import api, files
from aoj_survey.web.api_description import describe_api
from aoj_survey.web.guesses import EACH
from tests.conftest import FixedClock
from tests.factories import MOMENT
from tests.releases.bundles import NAME, make_opened, release, write_bundle
from tests.serving import serve
from tests.web.browsing import apart

INDEX = "/api/v1/releases"
CSV = f"{INDEX}/{NAME}/files/data/responses.csv"


def add(*rights: str, name: str = "Verzonnen Analist") -> str:
    with db.write() as connection:
        return add_account(connection, name, rights)[1]


@pytest.fixture
def token(app: Flask) -> str:
    return add("download")


@pytest.fixture
def shelf_folder(installation: Installation) -> Path:
    return installation.settings.bundles


@pytest.fixture
def released(app: Flask, shelf_folder: Path) -> ReleaseFacts:
    return release(make_opened(), write_bundle(shelf_folder))


def ask(app: Flask, place: str, token: str = "", method: str = "GET", **headers: str) -> TestResponse:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if token:
        sent["Authorization"] = f"Bearer {token}"
    return apart(app.test_client().open, place, method=method, headers=sent, buffered=True)


# What is there


def test_the_index_names_every_file_with_what_one_needs_to_check_it(
    app: Flask, token: str, released: ReleaseFacts, shelf_folder: Path
) -> None:
    (found,) = ask(app, INDEX, token).get_json()["releases"]
    assert (found["name"], found["version"], found["rows"]) == (NAME, 1, 12)
    assert len(found["files"]) == len(released.files)
    for file in found["files"]:
        answer = ask(app, file["url"], token)
        assert answer.data == (shelf_folder / NAME / file["path"]).read_bytes()
        assert (len(answer.data), sha256(answer.data).hexdigest()) == (file["size"], file["sha256"])
        assert answer.content_type == file["media_type"]
    assert ask(app, f"{INDEX}/{NAME}", token).get_json() == found


def test_a_file_comes_whole_in_part_or_not_again(app: Flask, token: str, released: ReleaseFacts) -> None:
    whole = ask(app, CSV, token)
    assert whole.headers["Cache-Control"] == "private, no-cache"
    assert whole.headers["Accept-Ranges"] == "bytes"
    etag = whole.headers["ETag"]
    assert etag == f'"{sha256(whole.data).hexdigest()}"'
    size = len(whole.data)
    for asked, start, end in (
        ("0-9", 0, 10),
        ("10-", 10, size),
        ("-5", size - 5, size),
        ("0-999999", 0, size),
    ):
        part = ask(app, CSV, token, Range=f"bytes={asked}")
        assert (part.status_code, part.data) == (206, whole.data[start:end])
        assert part.headers["Content-Range"] == f"bytes {start}-{end - 1}/{size}"
        assert part.content_length == end - start
    beyond = ask(app, CSV, token, Range=f"bytes={size}-")
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{size}")
    assert beyond.content_type == "application/problem+json"
    for odd in ("bytes=0-1,4-5", "lines=1-2", "bytes=x"):
        assert ask(app, CSV, token, Range=odd).data == whole.data
    assert ask(app, CSV, token, If_None_Match=etag).status_code == 304
    assert ask(app, CSV, token, If_None_Match='"other"').status_code == 200
    assert ask(app, CSV, token, Range="bytes=0-3", If_Range=etag).status_code == 206
    assert ask(app, CSV, token, Range="bytes=0-3", If_Range='"former"').status_code == 200
    head = ask(app, CSV, token, method="HEAD")
    assert (head.status_code, head.data, head.content_length) == (200, b"", size)
    assert head.headers["ETag"] == etag


def get_whole_where_no_part_may_be(app: Flask, token: str) -> None:
    """A part is answered to GET alone, and only when the tag is surely that of the file (RFC 9110, 14.2 and 13.1.5)."""
    whole = ask(app, CSV, token)
    assert ask(app, CSV, token, method="HEAD", Range="bytes=0-3").status_code == 200
    weak = ask(app, CSV, token, Range="bytes=0-3", If_Range=f"W/{whole.headers['ETag']}")
    assert (weak.status_code, weak.data) == (200, whole.data)


def test_a_part_is_not_answered_to_head_nor_by_a_weak_tag(
    app: Flask, token: str, released: ReleaseFacts
) -> None:
    get_whole_where_no_part_may_be(app, token)


def test_twin_parts_by_their_form_alone_are_answered_to_head(
    app: Flask, token: str, released: ReleaseFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "asks_for_part", lambda: True)
    with pytest.raises(AssertionError):
        get_whole_where_no_part_may_be(app, token)


def test_the_response_tables_of_all_regions_come_as_one(
    app: Flask, token: str, released: ReleaseFacts, shelf_folder: Path
) -> None:
    release(make_opened("heuvelland"), write_bundle(shelf_folder, "aoj_heuvelland_2026_v1"))
    table = ask(app, "/api/v1/tables/response.json", token)
    assert table.headers["Cache-Control"] == "private, no-cache"
    rows = table.get_json()["rows"]
    assert [(row["region"], row["code"], row["rate"]) for row in rows] == [
        *(("heuvelland", code, 60) for code in ("ib", "total")),
        *(("rijnmeer", code, 60) for code in ("ib", "total")),
    ]
    answer = ask(app, "/api/v1/tables/response.csv", token)
    assert answer.content_type == "text/csv; charset=utf-8"
    assert [row["label_nl"] for row in csv.DictReader(StringIO(answer.text))] == [
        "intern begeleider",
        "totaal",
    ] * 2
    again = ask(app, "/api/v1/tables/response.csv", token, If_None_Match=answer.headers["ETag"])
    assert again.status_code == 304


# Who may


def check_problem(answer: TestResponse, status: int) -> dict[str, Any]:
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    problem = answer.get_json()
    Draft202012Validator(describe_api()["components"]["schemas"]["Problem"]).validate(problem)
    assert problem["status"] == status
    return problem


def list_api(app: Flask) -> list[str]:
    """Every address of the API, of what was released."""
    values = {"name": NAME, "path": "data/responses.csv"}
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api.")]
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        return [
            adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})
            for rule in rules
            if rule.endpoint != "api.show_description"
        ]


def refuse_everywhere(app: Flask, status: int, token: str = "", **headers: str) -> None:
    """Expect the same refusal at every address, without a word of what is there."""
    for place in list_api(app):
        problem = check_problem(ask(app, place, token, **headers), status)
        assert NAME not in json.dumps(problem)


def test_who_has_no_token_is_told_how_to_send_one(app: Flask, released: ReleaseFacts) -> None:
    refuse_everywhere(app, 401)
    assert ask(app, INDEX).headers["WWW-Authenticate"] == 'Bearer realm="aoj"'


def test_a_wrong_removed_or_other_token_opens_nothing(app: Flask, token: str, released: ReleaseFacts) -> None:
    refuse_everywhere(app, 401, token[:-1])
    refuse_everywhere(app, 401, Authorization=f"Basic {token}")
    for right in set(RIGHTS) - {"download"}:
        refuse_everywhere(app, 403, add(right, name=f"Verzonnen {right}"))
    with db.write() as connection:
        remove_account(connection, "Verzonnen Analist")
    refused = ask(app, CSV, token)
    check_problem(refused, 401)
    assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]


def test_twin_without_asking_for_the_right_any_account_pulls_files(
    app: Flask, released: ReleaseFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = add("review")
    monkeypatch.setattr(api, "may", lambda *_anything: True)
    with pytest.raises(AssertionError):
        refuse_everywhere(app, 403, token)


def see_only_own(app: Flask, folder: Path) -> None:
    """Look with accounts that are limited to a region or to readers at what is of two regions."""
    release(make_opened("heuvelland"), write_bundle(folder, "aoj_heuvelland_2026_v1"))
    cases: list[tuple[list[str], list[str], list[str]]] = [
        (["heuvelland"], [], ["heuvelland"]),
        (["rijnmeer", "heuvelland"], ["onderzoek"], ["heuvelland", "rijnmeer"]),
        ([], ["openbaar", "besloten"], []),
    ]
    for number, (regions, profiles, seen) in enumerate(cases):
        with db.write() as connection:
            token = add_account(connection, f"Verzonnen {number}", ["download"], regions, profiles)[1]
        listed = ask(app, INDEX, token).get_json()["releases"]
        assert sorted(item["region"] for item in listed) == seen, "another region is listed"
        rows = ask(app, "/api/v1/tables/response.json", token).get_json()["rows"]
        assert sorted({row["region"] for row in rows}) == seen, "another region is counted"
        status = 200 if "rijnmeer" in seen else 404
        assert ask(app, CSV, token).status_code == status, "another region is handed out"
        assert ask(app, f"{INDEX}/{NAME}", token).status_code == status, "another region is described"


def test_an_account_may_be_limited_to_regions_and_to_readers(
    app: Flask, released: ReleaseFacts, shelf_folder: Path
) -> None:
    see_only_own(app, shelf_folder)


@pytest.mark.parametrize(("door", "told"), [(api, "is listed"), (files, "is handed out")])
def test_twin_a_door_that_asks_for_the_right_only_shows_other_regions(
    app: Flask,
    released: ReleaseFacts,
    shelf_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    door: ModuleType,
    told: str,
) -> None:
    monkeypatch.setattr(door, "may_read", lambda *_anything: True)
    with pytest.raises(AssertionError, match=told):
        see_only_own(app, shelf_folder)


def open_nothing_by_the_address(app: Flask, token: str) -> None:
    """Addresses end up in logs and histories, so a token there is none."""
    for name in ("token", "access_token", "api_key", "Authorization"):
        assert ask(app, f"{INDEX}?{name}={token}").status_code == 401
        assert ask(app, INDEX, Cookie=f"{name}={token}").status_code == 401


def test_a_token_in_the_address_or_a_cookie_opens_nothing(
    app: Flask, token: str, released: ReleaseFacts
) -> None:
    open_nothing_by_the_address(app, token)


def test_twin_a_door_that_looks_at_the_address_is_noticed(
    app: Flask, token: str, released: ReleaseFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find_by_address() -> AccountFacts | None:
        with db.read() as connection:
            return find_account(connection, request.args.get("access_token", ""))

    monkeypatch.setattr(api, "_find_caller", find_by_address)
    with pytest.raises(AssertionError):
        open_nothing_by_the_address(app, token)


def test_guesses_have_to_wait_and_a_right_token_never_does(
    app: Flask, token: str, released: ReleaseFacts
) -> None:
    answers = [ask(app, INDEX, "aoj_guess").status_code for _ in range(EACH + 1)]
    assert answers == [401] * EACH + [429]
    assert ask(app, INDEX, token).status_code == 200


def test_one_token_asks_so_often_and_then_waits(
    app: Flask, token: str, released: ReleaseFacts, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "REQUESTS", 3)
    assert [ask(app, INDEX, token).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert ask(app, INDEX, token).headers["Retry-After"] == "300"
    assert ask(app, INDEX, add("download", name="Verzonnen Ander")).status_code == 200
    clock.pass_time(minutes=5)
    assert ask(app, INDEX, token).status_code == 200


def test_it_only_reads(app: Flask, token: str, released: ReleaseFacts) -> None:
    for place in list_api(app):
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            refused = ask(app, place, token, method=method)
            check_problem(refused, 405)
            assert "GET" in refused.headers["Allow"]


# Nothing else is reached


def reach_nothing_else(app: Flask, token: str, shelf_folder: Path) -> None:
    """Ask for everything that lies beside what was released."""
    (shelf_folder / NAME / "data" / "unnamed.csv").write_text("nobody released this")
    (shelf_folder / NAME / "data" / "link.csv").symlink_to(shelf_folder.parent / "settings.toml")
    write_bundle(shelf_folder, "aoj_rijnmeer_2026_v2")
    beside = (
        *("data/unnamed.csv", "data/link.csv", "data", "../settings.toml", "../../keys/secret.key"),
        *("..%2f..%2fkeys/secret.key", "%2e%2e/settings.toml", "data/../README.md", "/etc/passwd"),
        *("//etc/passwd", "data//responses.csv", "data\\responses.csv", "README.md%00", ""),
    )
    places = [f"{INDEX}/{NAME}/files/{path}" for path in beside]
    others = ("aoj_rijnmeer_2026_v2", "aoj_rijnmeer_2025_v1", "..", ".", "%2e%2e", NAME.upper())
    places += [place for name in others for place in (f"{INDEX}/{name}", f"{INDEX}/{name}/files/README.md")]
    for place in places:
        answer = ask(app, place, token)
        assert answer.status_code in {404, 308}, f"{place} was answered"
        if answer.status_code == 404:
            check_problem(answer, 404)


def test_nothing_beside_a_release_is_reached(
    app: Flask, token: str, released: ReleaseFacts, shelf_folder: Path
) -> None:
    reach_nothing_else(app, token, shelf_folder)


def test_twin_paths_taken_from_the_address_reach_what_was_not_released(
    sqlite_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, folder = add("download"), tmp_path / "bundles"
    release(make_opened(), write_bundle(folder))

    def take_any(*_anything: object) -> ReleaseFacts:
        with db.read() as connection:
            found = files.find_release(connection, NAME)
        assert found
        return found

    monkeypatch.setattr(api, "find_released", take_any)
    with pytest.raises(AssertionError, match="was answered"):
        reach_nothing_else(sqlite_app, token, folder)


def see_no_withdrawn(app: Flask, token: str) -> None:
    with db.write() as connection:
        withdraw_release(connection, NAME, MOMENT)
    assert ask(app, INDEX, token).get_json() == {"releases": []}
    assert ask(app, "/api/v1/tables/response.json", token).get_json() == {"rows": []}
    for place in (f"{INDEX}/{NAME}", CSV):
        check_problem(ask(app, place, token), 410)


def test_a_withdrawn_release_is_gone(app: Flask, token: str, released: ReleaseFacts) -> None:
    see_no_withdrawn(app, token)


def test_twin_a_withdrawal_that_is_not_looked_at_is_noticed(
    app: Flask, token: str, released: ReleaseFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{__name__}.withdraw_release", lambda *_anything: None)
    with pytest.raises(AssertionError):
        see_no_withdrawn(app, token)


def test_a_changed_file_is_refused_and_the_log_says_what_to_do(
    app: Flask, token: str, released: ReleaseFacts, shelf_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert ask(app, CSV, token).status_code == 200
    place = shelf_folder / NAME / "data/responses.csv"
    place.write_bytes(place.read_bytes().replace(b"1", b"2"))
    check_problem(ask(app, CSV, token), 500)
    assert "data/responses.csv" in caplog.text
    assert "aoj exports withdraw" in caplog.text


# The description


def describe_routes(app: Flask) -> Iterator[tuple[str, set[str]]]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("api."):
            yield rule.rule.replace("<path:", "<").replace("<", "{").replace(">", "}"), set(rule.arguments)


def test_the_description_names_every_route_and_parameter(app: Flask) -> None:
    described = ask(app, "/api/v1/openapi.json").get_json()
    assert described == describe_api()
    found = {
        path: {one["name"] for one in item["get"]["parameters"] if one["in"] == "path"}
        for path, item in described["paths"].items()
    }
    assert found == dict(describe_routes(app))
    assert all(set(item) == {"get"} for item in described["paths"].values())


def test_only_the_description_is_for_everybody_and_says_so(app: Flask) -> None:
    described = describe_api()
    assert described["security"] == [{"token": []}]
    for path, item in described["paths"].items():
        is_open = path == "/api/v1/openapi.json"
        assert (item["get"].get("security") == []) is is_open
        assert ("401" in item["get"]["responses"]) is not is_open


def test_answers_are_as_described(app: Flask, token: str, released: ReleaseFacts) -> None:
    described = describe_api()
    for path in ("/api/v1/releases", "/api/v1/releases/{name}", "/api/v1/tables/response.json"):
        schema = described["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        validator = Draft202012Validator(schema | {"components": described["components"]})
        validator.validate(ask(app, path.replace("{name}", NAME), token).get_json())


# As programs use it


def test_the_python_of_the_documentation_pulls_a_file(
    sqlite_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, folder = add("download"), tmp_path / "bundles"
    place = write_bundle(folder)
    release(make_opened(), place)
    tables = release(make_opened(wave="2027"), write_bundle(folder, "aoj_rijnmeer_2027_v1"))
    with db.write() as connection:
        # Tables of figures are released too, and hold no responses.
        document = json.dumps({"kind": "tables", "rows": 3, "files": []})
        connection.execute(update(Release).where(Release.name == tables.name).values(document=document))
    text = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    program = text.partition("```python\n")[2].partition("```")[0]
    with serve(sqlite_app) as port:
        monkeypatch.setenv("AOJ_TOKEN", token)
        monkeypatch.chdir(tmp_path)
        names: dict[str, Any] = {}
        exec(program.replace("https://monitor.example", f"http://127.0.0.1:{port}"), names)
        assert (tmp_path / "responses.csv").read_bytes() == (place / "data/responses.csv").read_bytes()
        request = urllib.request.Request(f"http://127.0.0.1:{port}{INDEX}")
        with pytest.raises(HTTPError, match="401"):
            urllib.request.urlopen(request)


def test_a_row_of_the_register_is_all_that_opens_a_file(sqlite_app: Flask, tmp_path: Path) -> None:
    token, folder = add("download"), tmp_path / "bundles"
    release(make_opened(), write_bundle(folder))
    with db.write() as connection:
        connection.execute(update(Release).values(name="aoj_rijnmeer_2026_v3"))
    assert ask(sqlite_app, CSV, token).status_code == 404
