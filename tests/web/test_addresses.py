"""Addresses nobody would type: each is answered, none breaks."""

import re

import pytest
from flask import Flask

from aoj_survey.waves import ParticipationFacts
from aoj_survey.web import coordinator
from tests.staging import Person
from tests.web.browsing import log_in
from tests.web.conftest import PASSWORD


@pytest.mark.parametrize("odd", ["%00", "%FF", "%ED%A0%80", "x" * 5000, "%F0%9F%92%A5", "..%2F..", "%27--"])
def test_no_odd_part_of_an_address_breaks_a_page(
    app: Flask, facts: ParticipationFacts, people: list[Person], odd: str
) -> None:
    browser = log_in(app, PASSWORD)
    browser.begin(people[0])
    usual = {"wave": "2026", "region": "rijnmeer", "handle": browser.base.split("/")[2]}
    for rule in app.url_map.iter_rules():
        if rule.arguments and "GET" in (rule.methods or ()):
            for name in rule.arguments:
                parts = dict.fromkeys(rule.arguments, "2026") | usual | {name: odd}
                address = "".join(
                    parts[text] if dynamic else text for dynamic, text in rule._trace if text != "|"
                )
                assert browser.client.get(address).status_code < 500, address


@pytest.mark.parametrize(
    "address", ["/coordinator/%00/x", "/coordinator/2026/%00", "/coordinator/2026/Rijnmeer"]
)
def test_a_code_that_cannot_be_is_not_found(app: Flask, facts: ParticipationFacts, address: str) -> None:
    assert log_in(app, PASSWORD).get(address).status_code == 404


def test_without_that_check_postgresql_would_break_on_it(
    postgresql_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coordinator, "CODE", re.compile(".*", re.DOTALL))
    assert log_in(postgresql_app, PASSWORD).get("/coordinator/%00/x").status_code == 500
