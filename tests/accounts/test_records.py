"""Accounts: made with a code that is shown once, found by it, renewed and removed at once."""

from collections.abc import Sequence

import pytest
from flask import Flask
from sqlalchemy import select

from aoj_survey.accounts import (
    COORDINATOR,
    RIGHTS,
    Account,
    AccountFacts,
    add_account,
    find_account,
    find_session,
    has_accounts,
    list_accounts,
    may,
    may_read,
    records,
    remove_account,
    renew_token,
)
from aoj_survey.db import db
from aoj_survey.errors import AccountError


def add(name: str = "Verzonnen Een", rights: Sequence[str] = ("download",)) -> str:
    with db.write() as connection:
        return add_account(connection, name, rights)[1]


def find(token: str) -> AccountFacts | None:
    with db.read() as connection:
        return find_account(connection, token)


def test_an_account_is_found_by_its_code_and_by_no_other(app: Flask) -> None:
    with db.read() as connection:
        assert not has_accounts(connection)
    token, other = add(), add("Verzonnen Twee", ("review", "download"))
    found = find(f" {token}\n")
    assert found
    assert (found.name, found.rights) == ("Verzonnen Een", {"download"})
    assert find(other) != found
    for guess in ("", "aoj_", token[:-1], token.upper(), "\ud800", "x" * 10_000):
        assert find(guess) is None
    with db.read() as connection:
        assert [one.name for one in list_accounts(connection)] == ["Verzonnen Een", "Verzonnen Twee"]
        assert has_accounts(connection)


def test_a_code_holds_160_bits_and_is_stored_nowhere(sqlite_app: Flask) -> None:
    tokens = {add(f"Verzonnen {number}") for number in range(20)}
    assert len(tokens) == 20
    assert {len(token.removeprefix("aoj_")) * 5 for token in tokens} == {160}
    with db.read() as connection:
        rows = repr(connection.execute(select(Account.name, Account.rights, Account.token_hash)).all())
    assert not [token for token in tokens if token.removeprefix("aoj_") in rows]


def test_the_mark_of_a_session_is_not_what_is_stored(sqlite_app: Flask) -> None:
    """A session lies readable in a cookie, and by the stored hash an account is looked up."""
    add("Verzonnen Een")
    with db.read() as connection:
        (stored,) = connection.execute(select(Account.token_hash)).scalars()
        (found,) = list_accounts(connection)
    assert stored.hex() not in found.session


def test_rights_hold_where_they_were_given_and_stay_so_with_a_new_code(app: Flask) -> None:
    with db.write() as connection:
        facts, token = add_account(connection, "Verzonnen Een", ["download"], ["rijnmeer"], ["openbaar"])
        renewed, other = renew_token(connection, "Verzonnen Een")
    assert find(token) is None
    assert find(other) == renewed
    assert renewed.session != facts.session
    assert may(renewed, "download", "rijnmeer")
    assert not may(renewed, "download", "heuvelland")
    assert not may(renewed, "approve", "rijnmeer")
    assert may_read(renewed, "rijnmeer", "openbaar")
    assert not may_read(renewed, "rijnmeer", "onderzoek")
    assert not may_read(renewed, "heuvelland", "openbaar")
    assert not may_read(None, "rijnmeer", "openbaar")
    assert may_read(COORDINATOR, "rijnmeer", "onderzoek")


def test_limits_that_mean_nothing_are_refused(sqlite_app: Flask) -> None:
    with db.write() as connection:
        with pytest.raises(AccountError, match="downloads nothing"):
            add_account(connection, "Verzonnen Een", ["review"], [], ["openbaar"])
        with pytest.raises(AccountError, match="Name none for all"):
            add_account(
                connection, "Verzonnen Een", ["review"], [f"region_{number}" for number in range(300)]
            )
        assert list_accounts(connection) == ()


def use_after(change: str) -> tuple[AccountFacts | None, AccountFacts | None]:
    """Log in, change the account, and return what the former code and the former session still open."""
    token = add()
    facts = find(token)
    assert facts
    with db.write() as connection:
        {"renew": renew_token, "remove": remove_account}[change](connection, "verzonnen een")
    with db.read() as connection:
        return find_account(connection, token), find_session(connection, facts.name, facts.session)


@pytest.mark.parametrize("change", ["renew", "remove"])
def test_a_renewed_or_removed_code_is_dead_at_once_with_its_sessions(app: Flask, change: str) -> None:
    assert use_after(change) == (None, None)


def test_twin_a_session_that_does_not_hang_on_the_code_lives_on(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "_make_session", lambda _token_hash: "always the same")
    assert use_after("renew")[1] is not None


def test_a_new_code_opens_what_the_former_did(app: Flask) -> None:
    add()
    with db.write() as connection:
        _, token = renew_token(connection, "Verzonnen Een")
    found = find(token)
    assert found
    assert (found.name, found.rights) == ("Verzonnen Een", {"download"})


@pytest.mark.parametrize(
    ("name", "rights", "why"),
    [
        (" \n", ["download"], "needs the name"),
        ("Een\x00", ["download"], "invisible"),
        ("x" * 201, ["download"], "longer"),
        ("Coordinator", ["approve"], "no name of a person"),
        ("verzonnen  EEN", ["download"], "already"),
        ("Verzonnen Twee", [], "needs a right"),
        ("Verzonnen Twee", ["coordinate"], "no right coordinate"),
        ("Verzonnen Twee", ["approve", "review"], "may do nothing else"),
    ],
)
def test_an_account_that_cannot_be_is_refused_in_words(
    sqlite_app: Flask, name: str, rights: list[str], why: str
) -> None:
    add()
    with pytest.raises(AccountError, match=why):
        add(name, rights)
    with db.read() as connection:
        assert len(list_accounts(connection)) == 1


def test_names_that_look_the_same_are_the_same(sqlite_app: Flask) -> None:
    add("Ren\u00e9 Verzonnen")
    with pytest.raises(AccountError, match="already"):
        add("Rene\u0301 Verzonnen")


@pytest.mark.parametrize("change", [renew_token, remove_account])
def test_who_has_no_account_can_not_be_changed(sqlite_app: Flask, change: object) -> None:
    assert callable(change)
    with pytest.raises(AccountError, match="no account of Niemand"), db.write() as connection:
        change(connection, "Niemand")


def test_rights_are_asked_of_one_function() -> None:
    analyst = AccountFacts("Verzonnen Een", frozenset({"download"}))
    assert [right for right in (*RIGHTS, "coordinate") if may(analyst, right)] == ["download"]
    assert not [right for right in (*RIGHTS, "coordinate", "") if may(None, right)]
    assert may(COORDINATOR, "coordinate")
    assert not may(COORDINATOR, "review")
