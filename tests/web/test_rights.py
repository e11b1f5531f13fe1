"""Accounts on pages: logged in by a code, for their rights only, and out at once when the code is renewed or gone."""

from collections.abc import Callable

import pytest
from flask import Flask

from aoj_survey.accounts import RIGHTS, add_account, remove_account, renew_token
from aoj_survey.db import db
from aoj_survey.web import rights
from tests.web.browsing import Browser, log_in
from tests.web.conftest import PASSWORD

LIST = "/coordinator/"
FIRST = "/coordinator/2026/rijnmeer/downloads"


def add(name: str, *given: str) -> str:
    with db.write() as connection:
        return add_account(connection, name, given)[1]


@pytest.fixture
def analyst(app: Flask, facts: object) -> Browser:
    return log_in(app, add("Verzonnen Een", "download"))


def test_a_code_opens_the_list_of_regions_and_names_who_looks(analyst: Browser) -> None:
    page = analyst.get(LIST)
    assert page.headers["Location"] == FIRST, "where there is one region, it opens at once"
    assert "Verzonnen Een" in analyst.get(FIRST).text


def refuse_what_is_not_theirs(app: Flask) -> None:
    """Expect that an account with each right is refused on pages of the coordinator."""
    for right in RIGHTS:
        browser = log_in(app, add(f"Verzonnen {right}", right))
        refused = browser.get("/coordinator/2026/rijnmeer")
        assert refused.status_code == 403, "somebody without the right saw a page"
        assert "Deze pagina hoort niet bij dit account" in refused.text


def test_an_account_sees_no_page_of_the_coordinator(app: Flask, facts: object) -> None:
    refuse_what_is_not_theirs(app)


def test_twin_without_asking_the_right_a_page_opens(
    app: Flask, facts: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rights, "may", lambda *_anything: True)
    with pytest.raises(AssertionError, match="without the right"):
        refuse_what_is_not_theirs(app)


@pytest.mark.parametrize("change", [remove_account, renew_token])
def test_a_session_ends_when_its_code_does(analyst: Browser, change: Callable[..., object]) -> None:
    with db.write() as connection:
        change(connection, "Verzonnen Een")
    ended = analyst.get(LIST)
    assert (ended.status_code, ended.headers["Location"]) == (303, "/coordinator/login")


def test_logging_out_ends_the_session(analyst: Browser) -> None:
    analyst.get(FIRST)
    analyst.post("/coordinator/logout")
    assert analyst.get(LIST).headers["Location"] == "/coordinator/login"


def test_one_browser_is_one_person(app: Flask, analyst: Browser) -> None:
    analyst.get("/coordinator/login")
    assert analyst.post("/coordinator/login", password=PASSWORD).status_code == 303
    with analyst.client.session_transaction() as session:
        assert set(session) >= {"coordinator"}
        assert "account" not in session


def test_wrong_codes_spend_the_budget_of_passwords(app: Flask, facts: object) -> None:
    token = add("Verzonnen Een", "download")
    browser = Browser(app)
    browser.get("/coordinator/login")
    for _ in range(10):
        assert browser.post("/coordinator/login", password=token[:-1] + "!").status_code == 422
    assert browser.post("/coordinator/login", password=token).status_code == 429


def test_a_session_needs_the_form_token_and_cannot_be_made_up(app: Flask, facts: object) -> None:
    token = add("Verzonnen Een", "download")
    browser = Browser(app)
    assert browser.client.post("/coordinator/login", data={"password": token}).status_code == 400
    with browser.client.session_transaction() as session:
        session["account"] = ["Verzonnen Een", "0" * 64]
    assert browser.get(LIST).headers["Location"] == "/coordinator/login"


class TestWithoutPassword:
    """An installation with accounts, whose coordinator has no password."""

    @pytest.fixture
    def settings_values(self) -> dict[str, str]:
        return {}

    def test_the_pages_open_to_a_code_only(self, app: Flask) -> None:
        token = add("Verzonnen Een", "download")
        browser = Browser(app)
        assert "Wachtwoord of persoonlijke code" in browser.get("/coordinator/login").text
        assert browser.post("/coordinator/login", password="").status_code == 422
        assert browser.post("/coordinator/login", password=token).status_code == 303
