"""A supplier's page: a part of the list, put in once, that tells nothing of who is on the list."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from aoj_survey.db import db
from aoj_survey.invitations import (
    FrameUpload,
    Invitation,
    Supplier,
    add_supplier,
    derive_token,
    hash_token,
    list_people,
    opt_out,
)
from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import Act, Participation, ParticipationFacts, list_acts
from aoj_survey.web import suppliers as pages
from tests.responses.boxes import count_rows, read_rows
from tests.staging import Person
from tests.web.browsing import Browser, log_in
from tests.web.conftest import PASSWORD
from tests.web.test_frame_import import HEADER, put_in

ADDRESS = re.compile(r"<code>http://127.0.0.1:8000(/u/[a-z2-7]{26})</code>")


@pytest.fixture
def desk(app: Flask, facts: ParticipationFacts) -> Browser:
    assert facts.status == "running"
    return log_in(app, PASSWORD)


@pytest.fixture
def page(facts: ParticipationFacts) -> str:
    """The address of a supplier's page."""
    with db.write() as connection:
        return "/u/" + add_supplier(connection, facts.id, "gemeente Rijnstad")


def supply(browser: Browser, page: str, content: str) -> str:
    """Put a list in and confirm its columns; return the address of the check."""
    place = put_in(browser, page, content).headers["Location"]
    chosen = dict(re.findall(r'name="(c\d+)".*?<option value="(\w+)" selected>', browser.get(place).text))
    check: str = browser.post(place, **chosen).headers["Location"]
    return check


def names(keys: KeyDirectory, facts: ParticipationFacts) -> list[str]:
    with db.read() as connection:
        return [person.organisation for person in list_people(connection, keys, facts.id)]


# For coordinators


def test_the_address_of_a_page_is_shown_once_and_stored_nowhere(
    desk: Browser, facts: ParticipationFacts
) -> None:
    place = f"/coordinator/{facts.wave}/{facts.region}/suppliers"
    desk.get(place)
    made = desk.post(place, name="gemeente Rijnstad").text
    [address] = ADDRESS.findall(made)
    [row] = read_rows(Supplier)
    assert row["token_hash"] == hash_token(address.removeprefix("/u/"))
    after = desk.get(place).text
    assert not ADDRESS.findall(after)
    assert "gemeente Rijnstad" in after
    with db.read() as connection:
        assert list_acts(connection, facts.id)[0].code == "supplier_added"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "Vul de naam in"),
        ("x" * 201, "Maak de naam korter"),
        ("a\x0bb", "onzichtbaar teken"),
        ("gemeente Rijnstad", "Er is al een pagina met deze naam"),
    ],
)
@pytest.mark.usefixtures("page")
def test_a_name_that_cannot_be_used_is_asked_again(
    desk: Browser, facts: ParticipationFacts, name: str, words: str
) -> None:
    place = f"/coordinator/{facts.wave}/{facts.region}/suppliers"
    desk.get(place)
    answer = desk.post(place, name=name)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert count_rows(Supplier) == 1


def test_a_page_that_was_removed_is_unknown_and_so_is_what_was_put_in(
    app: Flask, desk: Browser, facts: ParticipationFacts, page: str
) -> None:
    supply(Browser(app), page, f"{HEADER}\na@b.example;ib;De School\n")
    [row] = read_rows(Supplier)
    place = f"/coordinator/{facts.wave}/{facts.region}/suppliers"
    desk.get(place)
    for _ in range(2):
        assert desk.post(f"{place}/{row['id']}/remove").status_code == 303
    assert (count_rows(Supplier), count_rows(FrameUpload)) == (0, 0)
    assert Browser(app).get(page).status_code == 404


def test_after_the_close_no_page_can_be_made_or_used(
    app: Flask, desk: Browser, facts: ParticipationFacts, page: str
) -> None:
    with db.write() as connection:
        connection.execute(update(Participation).values(status="closed"))
    place = f"/coordinator/{facts.wave}/{facts.region}/suppliers"
    desk.get("/coordinator/login")
    assert desk.post(place, name="swv Rijnmeer").status_code == 422
    assert "gesloten" in Browser(app).get(page).text


# For suppliers


def test_a_list_is_supplied_once(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, page: str
) -> None:
    browser = Browser(app)
    assert "gemeente Rijnstad" in browser.get(page).text
    check = supply(browser, page, f"{HEADER}\na@b.example;IB-er;De School\nc@b.example;ib;De Haven\n")
    assert "Ga verder met die lijst" in browser.get(page).text
    assert "1 van de 2 rijen heeft een fout" in browser.get(check).text
    assert browser.get(f"{check.removesuffix('/check')}/faults.csv").mimetype == "text/csv"
    assert browser.post(check, **{"r2.role": "schipper"}).status_code == 422
    assert browser.post(check, **{"r2.role": "zoco"}).headers["Location"] == page
    assert "Uw lijst is aangekomen. Dank u wel." in browser.get(page).text
    assert {"De School", "De Haven"} <= set(names(keys, facts))
    for place in (page, f"{page}/columns", check):
        assert browser.post(place).headers["Location"] == page
    assert put_in(browser, "/coordinator/login", "").status_code != 500
    assert count_rows(FrameUpload) == 0
    with db.read() as connection:
        [act, *_] = list_acts(connection, facts.id)
    assert act == Act(act.at, "supplier", "list_put_in", {"rows": 2, "people": 2})


def test_a_second_file_comes_in_place_of_the_first(app: Flask, page: str) -> None:
    browser = Browser(app)
    for name in ("De School", "De Haven"):
        supply(browser, page, f"{HEADER}\na@b.example;ib;{name}\n")
    assert count_rows(FrameUpload) == 1
    browser.post(f"{page}/cancel")
    assert count_rows(FrameUpload) == 0


def look(app: Flask, page: str, content: str) -> list[str]:
    """All that a supplier sees when somebody puts this list in and sends it."""
    browser = Browser(app)
    check = supply(browser, page, content)
    seen = [browser.get(check).text, browser.get(f"{page}/faults.csv").text]
    done = browser.post(check)
    seen += [str(done.status_code), browser.get(page).text]
    with db.write() as connection:
        connection.execute(update(Supplier).values(used=False))
    token = re.compile(r'name="csrf_token" value="[^"]+"')
    return [token.sub("", text) for text in seen]


def ask_about(app: Flask, keys: KeyDirectory, facts: ParticipationFacts, page: str, person: Person) -> None:
    """A supplier puts in somebody who is on the list, who wants no mail, and a stranger: what is seen is alike."""
    with db.write() as connection:
        token = derive_token(keys.link(facts.id), "optout", person.invitation, 0)
        assert opt_out(connection, keys, token)
        mine = select(Invitation.invitee_id).where(Invitation.id == person.invitation)
        invitee = connection.execute(mine).scalar_one()
        people = list_people(connection, keys, facts.id)
    out = next(someone for someone in people if someone.id == invitee)
    on = next(someone for someone in people if someone.id != invitee)
    asked = [on.address, out.address, "x" * len(on.address.partition("@")[0]) + "@vreemd.example"]
    looks = [look(app, page, f"{HEADER}\n{address};ib;De School\n") for address in asked]
    assert looks[0] == looks[1] == looks[2], "a list can be asked about somebody"
    assert sum(name == "De School" for name in names(keys, facts)) == 1


def test_a_supplier_is_not_told_who_is_on_the_list_or_wants_no_mail(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, page: str, people: list[Person]
) -> None:
    ask_about(app, keys, facts, page, people[0])


def test_twin_a_check_as_for_coordinators_tells_a_supplier(
    app: Flask,
    keys: KeyDirectory,
    facts: ParticipationFacts,
    page: str,
    people: list[Person],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def find(token: str) -> tuple[Any, Any]:
        desk, upload = found(token)
        return desk, upload and pages.Upload(
            upload.name,
            upload.table,
            upload.places,
            upload.texts,
            upload.skipped,
            upload.confirmed,
            upload.id,
        )

    found = pages._find
    monkeypatch.setattr(pages, "_find", find)
    with pytest.raises(AssertionError):
        ask_about(app, keys, facts, page, people[0])


def test_unknown_pages_are_like_unknown_links(app: Flask) -> None:
    browser = Browser(app)
    for token in ("a" * 26, "x", "../coordinator"):
        assert browser.get(f"/u/{token}").status_code == 404
