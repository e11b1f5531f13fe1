"""A running wave and somebody's browser."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.security import generate_password_hash

from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import ParticipationFacts
from tests.conftest import FixedClock
from tests.staging import Person, list_people, start_wave
from tests.web.asking import start_kinds
from tests.web.browsing import Browser

PASSWORD = "een lange zin voor de proef"
# A cheap hash: these tests try passwords often, and its strength is werkzeug's.
PASSWORD_HASH = generate_password_hash(PASSWORD, "pbkdf2:sha256:1")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What pages ask of the database is tested on both where it is asked.

    So `make test` takes PostgreSQL only for what is marked `both_databases`, as a look at every page is, and `make
    test-long` for all.
    """
    if "app" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("both_databases")
        marks = () if both else (pytest.mark.long,)
        metafunc.parametrize("app", ["sqlite", pytest.param("postgresql", marks=marks)], indirect=True)


@pytest.fixture
def app(request: pytest.FixtureRequest) -> Flask:
    made: Flask = request.getfixturevalue(f"{request.param}_app")
    return made


@pytest.fixture
def settings_values() -> dict[str, Any]:
    return {"coordinator_password_hash": PASSWORD_HASH}


@pytest.fixture
def facts(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    return start_wave(keys, clock(), {"ib": 12, "zoco": 12, "jeugdhulp": 4})


@pytest.fixture
def people(keys: KeyDirectory, facts: ParticipationFacts) -> list[Person]:
    return list_people(keys, facts)


@pytest.fixture
def browser(app: Flask, facts: ParticipationFacts) -> Browser:
    return Browser(app)


@pytest.fixture
def facts_of_kinds(
    app: Flask, keys: KeyDirectory, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> ParticipationFacts:
    """A wave with every kind of question; its start need not know yet what datasets make of them."""
    monkeypatch.setattr(
        "aoj_survey.fieldwork.start.refuse_out_of_reach", lambda _instrument: None, raising=False
    )
    return start_kinds(keys, clock)
