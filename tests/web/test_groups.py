"""Group links over HTTP: a start without name or mail, once per form; codes that lead back; floods; youth."""

import hashlib
import html
import logging
import re
import threading
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, update

from aoj_survey.db import db
from aoj_survey.invitations import (
    Consent,
    GroupFacts,
    GroupLink,
    Invitation,
    ResumeCode,
    StartSecrets,
    clean_code,
    derive_group_tokens,
    record_consent,
    stop_group,
)
from aoj_survey.invitations import codes as resume_codes
from aoj_survey.invitations import groups as invited_groups
from aoj_survey.keys import KeyDirectory
from aoj_survey.responses import Ballot
from aoj_survey.waves import ParticipationFacts, read_participation
from aoj_survey.web import codes as code_pages
from aoj_survey.web import groups as group_pages
from aoj_survey.web.budget import Budget
from tests.conftest import FixedClock
from tests.invitations.groups import CHEAP, SCHOOL, make_group
from tests.responses.boxes import close, count_rows
from tests.staging import start_wave
from tests.web.browsing import LOCATION, Browser, apart
from tests.web.places import START
from tests.web.test_language import FORMAL

CODE = re.compile(r'<p class="code" translate="no">([A-Z0-9-]+)</p>')
CONSENT = Consent("permission", 12, "Brief aan alle ouders.", "Verzonnen Een", date(2026, 5, 4))


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resume_codes, "COST", CHEAP)


@pytest.fixture
def group(facts: ParticipationFacts, keys: KeyDirectory) -> GroupFacts:
    return make_group(keys, facts, {"ib": 30})


@pytest.fixture
def token(group: GroupFacts, keys: KeyDirectory) -> str:
    return find_token(group, keys)


def find_token(group: GroupFacts, keys: KeyDirectory) -> str:
    return derive_group_tokens(keys.contact(group.participation.id), group.id).link


def read_start(browser: Browser, token: str) -> str:
    """Open a group link and return the id in its form."""
    found = START.search(browser.get(f"/g/{token}").text)
    assert found
    return found[1]


def start(browser: Browser, token: str, **data: str) -> str:
    """Press Start and return the code; the browser is then below its own link."""
    response = browser.post(f"/g/{token}/start", start=read_start(browser, token), **data)
    assert response.status_code == 303, response.text
    return look_at_code(browser, response.headers["Location"])


def look_at_code(browser: Browser, place: str) -> str:
    base = LOCATION.match(place)
    assert base
    browser.base = base[0]
    found = CODE.search(browser.get(place).text)
    assert found
    return found[1]


def count_started() -> int:
    with db.read() as connection:
        query = select(func.count()).select_from(Invitation).where(Invitation.group_id.is_not(None))
        return connection.execute(query).scalar_one()


def test_somebody_starts_answers_and_sends_without_name_or_mail(
    app: Flask, token: str, group: GroupFacts
) -> None:
    browser = Browser(app)
    welcome = browser.get(f"/g/{token}").text
    for words in ("ongeveer", "intern begeleider", "We vragen niet om uw naam", "vanaf 10 mensen"):
        assert words in welcome
    assert "mailadres wissen" not in welcome
    assert count_started() == 0
    code = start(browser, token)
    assert [len(part) for part in code.split("-")] == [4, 4, 4]
    assert browser.place(browser.post("start")) == "p/overleg"
    browser.answer_all()
    assert browser.place(browser.post("send")) == "thanks"
    thanks = browser.get("thanks").text
    assert "herinneringen" not in thanks
    assert "kenmerk van deze link" in thanks
    assert count_rows(Ballot) == 1
    with db.read() as connection:
        row = connection.execute(select(Invitation).where(Invitation.group_id == group.id)).one()
    assert (row.status, row.role, row.invitee_id) == ("done", "ib", None)


def test_a_code_leads_back_on_another_device_however_it_is_typed(app: Flask, token: str) -> None:
    first, second = Browser(app), Browser(app)
    code = start(first, token)
    first.post("start")
    first.answer("overleg", overleg="ja")
    second.get("/code")
    response = second.post("/code", code=f" {code.lower().replace('-', '  ')} ")
    assert response.status_code == 303
    second.base = response.headers["Location"]
    assert second.base == first.base
    assert "Ga verder met de vragenlijst" in second.get("").text
    assert second.place(second.post("start")).startswith("p/jaren")
    assert look_at_code(second, second.base + "code") == code


def test_a_wrong_code_gets_a_friendly_page_and_no_hint(app: Flask, token: str) -> None:
    browser = Browser(app)
    start(browser, token)
    texts = set[str]()
    for typed in ("ACDE-FGHJ-KMNP", "nonsense", "", "\0", "9" * 5000):
        browser.get("/code")
        response = browser.post("/code", code=typed)
        assert response.status_code == 422
        assert "Deze code kennen we niet" in response.text
        assert "Fout:" in response.text
        texts.add(re.sub(r'name="csrf_token" value="[^"]+"', "", response.text))
    assert len(texts) == 1


@pytest.mark.parametrize("typed", ["ACDE-FGHJ-KMNP", "nonsense"])
def test_whatever_is_typed_is_stretched(
    app: Flask, token: str, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    """A page that answers at once would tell that something cannot be a code."""
    stretched: list[str] = []
    real = code_pages.stretch_code

    def listen(secret: bytes, code: str) -> Any:
        stretched.append(code)
        return real(secret, code)

    monkeypatch.setattr(code_pages, "stretch_code", listen)
    browser = Browser(app)
    browser.get("/code")
    browser.post("/code", code=typed)
    assert stretched == [clean_code(typed) or code_pages.NO_CODE]


def test_too_many_wrong_codes_make_everybody_wait_and_then_go_on(
    app: Flask, token: str, clock: FixedClock
) -> None:
    browser = Browser(app)
    code = start(browser, token)
    browser.get("/code")
    for _ in range(code_pages.WRONG_CODES):
        assert browser.post("/code", code="ACDE-FGHJ-KMNP").status_code == 422
    assert browser.post("/code", code=code).status_code == 429
    clock.pass_time(minutes=6)
    assert browser.post("/code", code=code).status_code == 303


# Once per form


def test_a_double_tap_starts_once(app: Flask, token: str) -> None:
    browser = Browser(app)
    form = read_start(browser, token)
    places = [browser.post(f"/g/{token}/start", start=form).headers["Location"] for _ in range(2)]
    assert places[0] == places[1]
    assert count_started() == 1
    assert count_rows(ResumeCode) == 1


def test_many_taps_at_once_start_once(app: Flask, token: str) -> None:
    browser = Browser(app)
    form = read_start(browser, token)
    found: list[int] = []

    def tap() -> None:
        with app.app_context():
            client, known = app.test_client(), browser.client._cookies
            assert known
            for cookie in known.values():
                client.set_cookie(cookie.key, cookie.value)
            data = {"csrf_token": browser.token, "start": form}
            found.append(apart(client.post, f"/g/{token}/start", data=data).status_code)

    threads = [threading.Thread(target=tap) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [303] * 6
    assert count_started() == 1


def test_twin_without_the_id_of_the_form_two_taps_start_twice(
    app: Flask, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = group_pages.derive_start
    monkeypatch.setattr(
        group_pages, "derive_start", lambda group, _form: real(group, group_pages.make_start_id())
    )
    with pytest.raises(AssertionError):
        test_a_double_tap_starts_once(app, token)


def share_a_computer(app: Flask, token: str) -> None:
    """The next person presses Start on the page that the one before left open: no answers may be there."""
    browser = Browser(app)
    form = read_start(browser, token)
    response = browser.post(f"/g/{token}/start", start=form)
    look_at_code(browser, response.headers["Location"])
    browser.post("start")
    browser.answer("overleg", overleg="ja")
    again = browser.post(f"/g/{token}/start", start=form)
    assert again.headers["Location"].startswith(f"/g/{token}"), "the next person is led to these answers"


def test_a_form_left_open_never_leads_to_answers_of_somebody_else(app: Flask, token: str) -> None:
    share_a_computer(app, token)


def test_twin_a_form_that_always_leads_back_is_noticed(
    app: Flask, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_pages, "read_draft", lambda *_anything: None)
    with pytest.raises(AssertionError, match="led to these answers"):
        share_a_computer(app, token)


def test_two_sends_at_once_make_one_ballot(app: Flask, token: str) -> None:
    browser, other = Browser(app), Browser(app)
    code = start(browser, token)
    browser.post("start")
    browser.answer_all()
    other.get("/code")
    other.base = other.post("/code", code=code).headers["Location"]
    other.get("check")
    found = {
        one.place(one.post("send")) if one is browser else one.post("send").status_code
        for one in (browser, other)
    }
    assert found == {"thanks", 200}
    assert count_rows(Ballot) == 1


# Secrets


def read_all_rows() -> str:
    """Every row of every table, as it would be written down."""
    with db.read() as connection:
        tables = db.metadata.sorted_tables
        return "\n".join(repr(tuple(row)) for table in tables for row in connection.execute(select(table)))


def leave_no_trace(app: Flask, token: str, page: str, caplog: pytest.LogCaptureFixture) -> None:
    """A start, a visit to the key figure's page, a code typed: no secret of these in a log or a table."""
    caplog.set_level(logging.INFO)
    browser = Browser(app)
    form = read_start(browser, token)
    response = browser.post(f"/g/{token}/start", start=form)
    code = look_at_code(browser, response.headers["Location"])
    browser.get(f"/k/{page}")
    browser.get("/code")
    browser.post("/code", code=code)
    found = browser.client.get_cookie("aoj", path=browser.base)
    assert found is not None
    own = found.value.partition(".")[0]
    held = read_all_rows() + caplog.text
    for secret in (token, page, own, form, code, code.replace("-", "")):
        assert secret not in held, "a secret is kept"


def test_no_token_or_code_is_in_a_log_or_the_database(
    app: Flask, group: GroupFacts, keys: KeyDirectory, caplog: pytest.LogCaptureFixture
) -> None:
    tokens = derive_group_tokens(keys.contact(group.participation.id), group.id)
    leave_no_trace(app, tokens.link, tokens.page, caplog)


def test_twin_a_stored_code_is_noticed(
    app: Flask,
    group: GroupFacts,
    keys: KeyDirectory,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tokens = derive_group_tokens(keys.contact(group.participation.id), group.id)
    real = group_pages.derive_start

    def keep(link: str, form: str) -> StartSecrets:
        with db.write() as connection:
            connection.execute(update(GroupLink).values(name=real(link, form).code))
        return real(link, form)

    monkeypatch.setattr(group_pages, "derive_start", keep)
    with pytest.raises(AssertionError, match="a secret is kept"):
        leave_no_trace(app, tokens.link, tokens.page, caplog)


# States


def test_scanners_start_nothing(app: Flask, token: str) -> None:
    browser = Browser(app)
    assert browser.head(f"/g/{token}").status_code == 200
    assert browser.get(f"/g/{token}/start").status_code == 405
    assert count_started() == 0


@pytest.mark.parametrize("typed", ["a" * 26, "kort", "%00", "é" * 26])
def test_an_unknown_link_says_so(app: Flask, facts: ParticipationFacts, typed: str) -> None:
    response = Browser(app).get(f"/g/{typed}")
    assert response.status_code == 404
    assert "kennen deze" in response.text


def test_a_group_link_typed_in_groups_of_four_works(app: Flask, token: str) -> None:
    typed = "-".join(token[place : place + 4] for place in range(0, 26, 4)).upper()
    assert Browser(app).get(f"/g/{typed}").status_code == 200


def test_a_stopped_link_lets_nobody_start_but_codes_go_on(
    app: Flask, facts: ParticipationFacts, token: str
) -> None:
    browser = Browser(app)
    code = start(browser, token)
    form = read_start(browser, token)
    with db.write() as connection:
        stop_group(connection, facts, SCHOOL)
    response = browser.post(f"/g/{token}/start", start=form)
    assert response.status_code == 410
    assert "Deze link is gestopt" in response.text
    browser.get("/code")
    assert browser.post("/code", code=code).status_code == 303


def test_the_close_ends_links_codes_and_begun_answers(
    app: Flask, facts: ParticipationFacts, token: str, clock: FixedClock
) -> None:
    browser = Browser(app)
    code = start(browser, token)
    form = read_start(browser, token)
    close(facts, clock())
    assert browser.post(f"/g/{token}/start", start=form).status_code == 410
    assert browser.get("").status_code == 410
    assert count_rows(ResumeCode) == 0
    browser.get("/code")
    assert browser.post("/code", code=code).status_code == 422


def test_before_the_first_day_the_page_says_when(app: Flask, token: str, clock: FixedClock) -> None:
    clock.pass_time(days=-2)
    response = Browser(app).get(f"/g/{token}")
    assert response.status_code == 200
    assert "U kunt meedoen vanaf maandag 4 mei 2026" in response.text
    assert "mail met uw link" not in response.text


def test_the_saved_page_shows_the_code_once_more_and_the_browser_forgets(app: Flask, token: str) -> None:
    browser = Browser(app)
    code = start(browser, token)
    saved = browser.get("saved").text
    assert code in saved
    assert "uit uw mail" not in saved
    lost = browser.get("code")
    assert lost.status_code == 403
    assert "/code" in lost.text


def test_a_personal_link_has_no_code(app: Flask, people: list[Any]) -> None:
    browser = Browser(app)
    browser.open(people[0])
    assert browser.place(browser.get("code")) == ""
    assert 'class="code"' not in browser.get("saved").text


# Roles and languages


def test_with_several_roles_each_person_chooses(
    app: Flask, facts: ParticipationFacts, keys: KeyDirectory
) -> None:
    token = find_token(make_group(keys, facts, {"ib": 20, "zoco": 10}), keys)
    browser = Browser(app)
    form = read_start(browser, token)
    for wrong in ({}, {"role": "swv"}, {"role": "\0"}):
        response = browser.post(f"/g/{token}/start", start=form, **wrong)
        assert response.status_code == 422
        assert "Kies uw functie" in response.text
        assert "Fout:" in response.text
    start(browser, token, role="zoco")
    with db.read() as connection:
        assert (
            connection.execute(select(Invitation.role).where(Invitation.group_id.is_not(None))).scalar_one()
            == "zoco"
        )


def test_a_fixed_role_cannot_be_changed_by_a_form(app: Flask, token: str) -> None:
    start(Browser(app), token, role="zoco")
    with db.read() as connection:
        assert (
            connection.execute(select(Invitation.role).where(Invitation.group_id.is_not(None))).scalar_one()
            == "ib"
        )


def test_a_poster_opens_in_its_language_and_the_language_stays(app: Flask, token: str) -> None:
    browser = Browser(app)
    assert "Start the questionnaire" in browser.get(f"/g/{token}?lang=en").text
    assert "Start de vragenlijst" in browser.get(f"/g/{token}?lang=xx").text
    browser.language = "nl"
    form = read_start(browser, token)
    response = browser.post(f"/g/{token}/start", start=form, lang="en")
    assert "Keep this code" in browser.get(response.headers["Location"]).text


# Floods


def fill(group: GroupFacts, number: int) -> None:
    """Rows of so many starts."""
    rows = [
        {
            "participation_id": group.participation.id,
            "group_id": group.id,
            "role": "ib",
            "token_hash": hashlib.sha256(bytes([n])).digest(),
        }
        for n in range(number)
    ]
    with db.write() as connection:
        connection.execute(insert(Invitation), rows)


def test_a_link_that_was_started_too_often_says_what_to_do(app: Flask, token: str, group: GroupFacts) -> None:
    fill(group, group.most_starts - 1)
    browser = Browser(app)
    start(browser, token)
    response = browser.post(f"/g/{token}/start", start=read_start(browser, token))
    assert response.status_code == 503
    assert "heel vaak gebruikt" in response.text
    assert "Mail of bel het projectteam" in response.text
    assert count_started() == group.most_starts


def test_starts_at_the_same_moment_do_not_pass_the_limit(app: Flask, token: str, group: GroupFacts) -> None:
    fill(group, group.most_starts - 2)
    browsers = [Browser(app) for _ in range(6)]
    forms = [read_start(browser, token) for browser in browsers]
    found: list[int] = []

    def press(browser: Browser, form: str) -> None:
        with app.app_context():
            found.append(browser.post(f"/g/{token}/start", start=form).status_code)

    threads = [threading.Thread(target=press, args=pair) for pair in zip(browsers, forms, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [303, 303, 503, 503, 503, 503]
    assert count_started() == group.most_starts


def test_very_many_starts_in_a_minute_wait_a_minute(
    app: Flask, token: str, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_pages, "STARTS_A_MINUTE", 2)
    monkeypatch.setattr(GroupFacts, "people", 1)
    browser = Browser(app)
    for _ in range(2):
        start(browser, token)
    response = browser.post(f"/g/{token}/start", start=read_start(browser, token))
    assert response.status_code == 429
    assert "Wacht een minuut" in response.text
    clock.pass_time(minutes=1)
    start(browser, token)


# Young people


@pytest.fixture
def youth_token(app: Flask, keys: KeyDirectory, clock: FixedClock) -> str:
    facts = start_wave(keys, clock(), {"jongere": 12}, region="zandzee", questionnaire=("youth", "1"))
    return find_token(make_group(keys, facts, {"jongere": 30}), keys)


def allow(consent: Consent = CONSENT) -> None:
    with db.write() as connection:
        found = connection.execute(select(GroupLink.participation_id)).scalar_one()
        record_consent(connection, read_participation(connection, found), consent)


def keep_young_people_out(app: Flask, token: str) -> None:
    browser = Browser(app)
    page = browser.get(f"/g/{token}")
    assert "Je kunt nog niet meedoen" in page.text, "a young person can start"
    assert "leg eerst vast" in page.text
    assert START.search(page.text) is None
    browser.get("/code")
    assert "Je kunt nog niet" in browser.post(f"/g/{token}/start", start="a" * 26).text
    assert count_started() == 0


def test_no_young_person_starts_before_parents_know(app: Flask, youth_token: str) -> None:
    keep_young_people_out(app, youth_token)


def test_twin_without_asking_for_consent_young_people_could_start(
    app: Flask, youth_token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_pages, "YOUTH_ROLES", frozenset[str]())
    with pytest.raises(AssertionError, match="can start"):
        keep_young_people_out(app, youth_token)


@pytest.mark.parametrize(
    ("how", "words"), [("permission", "toestemming hebben gegeven"), ("informed", "zijn ingelicht")]
)
def test_a_young_person_reads_the_age_limit_in_je_form(
    app: Flask, youth_token: str, how: Any, words: str
) -> None:
    allow(replace(CONSENT, how=how))
    page = Browser(app).get(f"/g/{youth_token}").text
    assert "Je kunt meedoen als je 12 jaar of ouder bent." in page
    assert words in page
    main = page.partition("<main")[2].partition("</main>")[0]
    assert not re.search(r"\b[Uu]w?\b", main)


def test_a_personal_link_of_a_young_person_waits_too(
    app: Flask, youth_token: str, keys: KeyDirectory
) -> None:
    browser = Browser(app)
    allow()
    start(browser, youth_token)
    assert browser.get("").status_code == 200
    with db.write() as connection:
        connection.execute(update(Invitation).values(started=True))
        connection.exec_driver_sql("DELETE FROM youth_consent")
    assert "Je kunt nog niet meedoen" in browser.get("").text
    assert browser.post("start").status_code == 200


def close_to_young_people(token: str, keys: KeyDirectory, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shut a link of young people for a reason."""
    allow()
    with db.read() as connection:
        group = connection.execute(select(GroupLink)).one()
        facts = read_participation(connection, group.participation_id)
    if why == "stopped":
        with db.write() as connection:
            stop_group(connection, facts, group.name)
    elif why == "full":
        monkeypatch.setattr(group_pages, "count_starts", lambda *_: 10_000)
    else:
        monkeypatch.setattr(group_pages.Budgets, "of", lambda *_: Budget(0, timedelta(minutes=1)))


@pytest.mark.parametrize(
    ("why", "words"),
    [("stopped", "Was je al begonnen?"), ("full", "Wil je meedoen?"), ("busy", "Was je al begonnen?")],
)
def test_a_link_that_is_shut_says_je_to_young_people(
    app: Flask,
    youth_token: str,
    keys: KeyDirectory,
    monkeypatch: pytest.MonkeyPatch,
    why: str,
    words: str,
) -> None:
    close_to_young_people(youth_token, keys, why, monkeypatch)
    browser = Browser(app)
    browser.get("/code")
    page = browser.post(f"/g/{youth_token}/start", start="a" * 26).text
    assert words in page
    assert not FORMAL.search(page)


def test_the_pages_of_a_code_say_je_to_young_people(app: Flask, youth_token: str) -> None:
    allow()
    browser = Browser(app)
    start(browser, youth_token)
    assert "Met deze code kun je later verdergaan" in browser.get("code").text


def test_a_link_for_young_people_and_others_says_u(
    app: Flask, facts: ParticipationFacts, keys: KeyDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = find_token(make_group(keys, facts, {"ib": 20, "zoco": 10}), keys)
    monkeypatch.setattr(invited_groups, "YOUTH_ROLES", frozenset({"zoco"}))
    assert "Zo gaan we met uw antwoorden om" in Browser(app).get(f"/g/{token}").text
    monkeypatch.setattr(invited_groups, "YOUTH_ROLES", frozenset({"zoco", "ib"}))
    assert "Zo gaan we met jouw antwoorden om" in Browser(app).get(f"/g/{token}").text


def test_the_page_to_type_a_code_keeps_the_language_of_the_link(app: Flask, token: str) -> None:
    browser = Browser(app)
    page = browser.get(f"/g/{token}?lang=en").text
    place = re.search(r'href="(/code[^"]*)"', page)
    assert place
    asked = browser.get(html.unescape(place[1])).text
    assert "Go on with your code" in asked
    form = re.search(r'action="(/code[^"]*)"', asked)
    assert form
    assert "Something went wrong" in browser.post(html.unescape(form[1]), code="x").text


def test_a_link_that_is_not_open_speaks_the_language_of_its_poster(
    app: Flask, token: str, clock: FixedClock
) -> None:
    clock.pass_time(days=-2)
    assert "You can take part from Monday 4 May 2026" in Browser(app).get(f"/g/{token}?lang=en").text
