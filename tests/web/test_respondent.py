"""Whole journeys of respondents, on both databases."""

from collections.abc import Sequence

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from aoj_survey.db import db
from aoj_survey.fieldwork import close_participation
from aoj_survey.invitations import Invitation, find_invitation
from aoj_survey.keys import KeyDirectory
from aoj_survey.responses import Ballot, Draft, DraftContent, open_ballot, read_draft
from aoj_survey.waves import Participation, ParticipationFacts
from tests.conftest import FixedClock
from tests.staging import Person
from tests.web.browsing import SEND_ALL, Browser

pytestmark = pytest.mark.both_databases


def read_status(person: Person) -> tuple[str, bool]:
    with db.read() as connection:
        found = find_invitation(connection, person.token)
    assert found is not None
    return found.status, found.started


def read_kept(person: Person, facts: ParticipationFacts) -> DraftContent | None:
    with db.read() as connection:
        return read_draft(connection, person.token, facts.id)


def count(table: type[Ballot] | type[Draft]) -> int:
    with db.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


# From link to thanks


def test_a_whole_journey_ends_with_one_sealed_ballot_that_holds_the_answers(
    browser: Browser, people: Sequence[Person], facts: ParticipationFacts, keys: KeyDirectory
) -> None:
    welcome = browser.open(people[0])
    assert welcome.status_code == 200
    assert "Alle soorten vragen" in welcome.text
    assert "intern begeleider" in welcome.text
    assert "vrijdag 5 juni" in welcome.text
    assert read_status(people[0]) == ("open", False)
    assert browser.place(browser.post("start")) == "p/overleg"
    assert read_status(people[0]) == ("open", True)
    browser.answer_all()
    check = browser.get("check")
    for shown in ("10 jaar", "visie, inkoop", "samen om tafel", "meer tijd", "Verstuur mijn antwoorden"):
        assert shown in check.text
    assert browser.place(browser.post("send")) == "thanks"
    assert "Bedankt! Uw antwoorden zijn verstuurd" in browser.get("thanks").text
    assert read_status(people[0]) == ("done", True)
    assert count(Draft) == 0
    with db.read() as connection:
        ballot = connection.execute(select(Ballot.ciphertext)).scalar_one()
    payload = open_ballot(keys.box(facts.id), facts.id, ballot)
    assert payload.answers == {
        "overleg": "ja",
        "jaren": 10,
        "taken": "ja",
        "afspraken": "nee",
        "sturing": ("visie", "inkoop"),
        "visie_hoe": "samen om tafel",
        "cijfer": 5,
        "beter": "meer tijd",
    }


def test_each_page_leads_to_the_next_on_the_path(browser: Browser, people: Sequence[Person]) -> None:
    browser.begin(people[0])
    places = [browser.place(browser.answer(page, **data)) for page, data in SEND_ALL]
    assert places == ["p/jaren", "p/kennen", "p/sturing", "p/visie_hoe", "p/cijfer", "p/beter", "check"]


def test_an_answer_that_closes_questions_skips_their_pages(
    browser: Browser, people: Sequence[Person]
) -> None:
    browser.begin(people[0])
    browser.answer("overleg", overleg="nee")
    browser.answer("jaren", jaren="1")
    assert browser.place(browser.answer("kennen", taken="ja")) == "p/cijfer"
    assert browser.place(browser.get("p/sturing")) == "p/cijfer"
    assert browser.place(browser.answer("sturing", sturing="visie")) == "p/cijfer"


def test_the_way_back_shows_what_was_answered(browser: Browser, people: Sequence[Person]) -> None:
    browser.begin(people[0])
    browser.answer("overleg", overleg="ja")
    following = browser.get("p/jaren")
    assert f'href="{browser.base}p/overleg"' in following.text
    assert 'value="ja" checked' in browser.get("p/overleg").text
    assert f'href="{browser.base}"' in browser.get("p/overleg").text


# Soft prompt and errors


def test_the_first_time_nothing_is_chosen_gives_a_prompt_and_the_second_time_skips(
    browser: Browser, people: Sequence[Person]
) -> None:
    browser.begin(people[0])
    browser.answer("overleg", overleg="ja")
    prompt = browser.answer("jaren")
    assert prompt.status_code == 200
    assert "U heeft nog niets ingevuld" in prompt.text
    assert 'value="skip"' in prompt.text
    assert browser.place(browser.answer("jaren")) == "p/kennen"


def test_the_skip_button_goes_on_at_once(browser: Browser, people: Sequence[Person]) -> None:
    browser.begin(people[0])
    browser.answer("overleg", overleg="ja")
    assert browser.place(browser.answer("jaren", step_="skip")) == "p/kennen"


def test_a_prompt_names_the_statements_left_open_and_keeps_the_others(
    browser: Browser, people: Sequence[Person], facts: ParticipationFacts
) -> None:
    browser.begin(people[0])
    browser.answer("overleg", overleg="ja")
    prompt = browser.answer("kennen", taken="nee")
    assert "U heeft 1 zin nog niet beantwoord" in prompt.text
    assert 'href="#afspraken-0"' in prompt.text
    assert 'id="taken-1" name="taken" value="nee" checked' in prompt.text
    assert read_kept(people[0], facts) == DraftContent({"overleg": "ja", "taken": "nee"}, ("kennen",))


def test_an_open_question_may_stay_open_without_a_prompt(browser: Browser, people: Sequence[Person]) -> None:
    browser.begin(people[0])
    for page, data in SEND_ALL[:4]:
        browser.answer(page, **data)
    assert browser.place(browser.answer("visie_hoe")) == "p/cijfer"


def test_a_required_question_cannot_be_left_open_or_skipped(
    browser: Browser, people: Sequence[Person]
) -> None:
    browser.begin(people[0])
    for step in ("next", "skip"):
        refused = browser.answer("overleg", step_=step)
        assert refused.status_code == 422
        assert "<title>Fout: " in refused.text
        assert 'href="#overleg-0"' in refused.text
        assert refused.text.count("Kies een antwoord bij") == 2


def test_a_wrong_number_is_refused_in_words_and_stays_as_typed(
    browser: Browser, people: Sequence[Person], facts: ParticipationFacts
) -> None:
    browser.begin(people[0])
    browser.answer("overleg", overleg="ja")
    refused = browser.answer("jaren", jaren="tien")
    assert refused.status_code == 422
    assert refused.text.count("werk?\u2019 een heel getal in van 0 tot en met 50") == 2
    assert 'value="tien"' in refused.text
    assert 'aria-describedby="jaren-fault jaren-hint jaren-unit" aria-invalid="true"' in refused.text
    assert read_kept(people[0], facts) == DraftContent({"overleg": "ja"})


def test_a_text_that_is_too_long_is_refused_and_kept_whole(
    browser: Browser, people: Sequence[Person]
) -> None:
    browser.begin(people[0])
    for page, data in SEND_ALL[:6]:
        browser.answer(page, **data)
    refused = browser.answer("beter", beter="x" * 52)
    assert refused.status_code == 422
    assert "Maak uw antwoord 12 tekens korter" in refused.text
    assert "U heeft 12 tekens te veel." in refused.text
    assert "x" * 52 in refused.text


def test_an_answer_that_was_never_offered_is_refused(browser: Browser, people: Sequence[Person]) -> None:
    browser.begin(people[0])
    assert browser.answer("overleg", overleg="misschien").status_code == 422


def test_typed_text_is_shown_escaped(browser: Browser, people: Sequence[Person]) -> None:
    browser.begin(people[0])
    for page, data in SEND_ALL[:4]:
        browser.answer(page, **data)
    browser.answer("visie_hoe", visie_hoe="</textarea><script>alert(1)</script>")
    browser.answer("cijfer", cijfer="7")
    for page in ("p/visie_hoe", "check"):
        shown = browser.get(page).text
        assert "<script>alert" not in shown
        assert "&lt;script&gt;alert(1)" in shown


# Check and send


def test_change_from_the_check_returns_there(browser: Browser, people: Sequence[Person]) -> None:
    browser.begin(people[0])
    browser.answer_all()
    assert f'href="{browser.base}p/jaren?to=check"' in browser.get("check").text
    page = browser.get("p/jaren?to=check")
    assert f'action="{browser.base}p/jaren?to=check"' in page.text
    assert browser.place(browser.post("p/jaren?to=check", jaren="11")) == "check"
    assert "11 jaar" in browser.get("check").text


def test_a_change_that_opens_questions_asks_them_first(browser: Browser, people: Sequence[Person]) -> None:
    browser.begin(people[0])
    browser.answer("overleg", overleg="nee")
    browser.answer("jaren", jaren="1")
    browser.answer("kennen", taken="ja")
    assert browser.place(browser.answer("cijfer", cijfer="7")) == "check"
    steps = [
        browser.post("p/overleg?to=check", overleg="ja"),
        browser.post("p/kennen?to=check", taken="ja", afspraken="ja"),
        browser.post("p/sturing?to=check", sturing="visie"),
        browser.post("p/visie_hoe?to=check"),
    ]
    assert [browser.place(step) for step in steps] == [
        "p/kennen?to=check",
        "p/sturing?to=check",
        "p/visie_hoe?to=check",
        "check",
    ]


def test_the_check_names_what_is_open_and_links_to_the_first(
    browser: Browser, people: Sequence[Person]
) -> None:
    browser.begin(people[0])
    browser.answer("overleg", overleg="nee")
    browser.answer("jaren", step_="skip")
    browser.answer("kennen", step_="skip")
    browser.answer("cijfer", cijfer="7")
    check = browser.get("check")
    assert "2 vragen zijn nog niet ingevuld" in check.text
    assert f'<a href="{browser.base}p/jaren?to=check">Ga naar de eerste lege vraag</a>' in check.text
    assert check.text.count("niet ingevuld</dd>") == 2


def test_check_and_send_wait_until_every_page_was_seen(browser: Browser, people: Sequence[Person]) -> None:
    browser.begin(people[0])
    browser.answer("overleg", overleg="ja")
    assert browser.place(browser.get("check")) == "p/jaren"
    assert browser.place(browser.post("send")) == "p/jaren"
    assert count(Ballot) == 0


def test_sending_twice_gives_one_ballot_and_a_friendly_page(
    browser: Browser, people: Sequence[Person]
) -> None:
    browser.begin(people[0])
    browser.answer_all()
    browser.get("check")
    browser.post("send")
    again = browser.post("send")
    assert again.status_code == 200
    assert "U heeft deze vragenlijst al ingevuld" in again.text
    assert count(Ballot) == 1


def test_two_people_on_one_link_make_one_ballot(
    app: Flask, browser: Browser, people: Sequence[Person], facts: ParticipationFacts
) -> None:
    other = Browser(app)
    for one in (browser, other):
        one.begin(people[0])
    browser.answer_all()
    other.get("check")
    browser.post("send")
    assert other.post("send").status_code == 200
    late = other.answer("jaren", jaren="3")
    assert "al ingevuld" in late.text
    assert (count(Ballot), count(Draft)) == (1, 0)


def test_thanks_are_only_for_who_has_sent(browser: Browser, people: Sequence[Person]) -> None:
    browser.begin(people[0])
    assert browser.place(browser.get("thanks")) == ""


# Later, on another device


def test_later_keeps_answers_forgets_the_link_and_another_device_goes_on(
    app: Flask, browser: Browser, people: Sequence[Person]
) -> None:
    browser.begin(people[0])
    browser.answer("overleg", overleg="ja")
    assert browser.place(browser.answer("jaren", jaren="12", step_="later")) == "saved"
    saved = browser.get("saved")
    assert "nog wel verbonden met uw link" in saved.text
    assert "0 van 3 thema" in saved.text
    assert browser.get("p/jaren").status_code == 403
    phone = Browser(app)
    assert "Ga verder met de vragenlijst" in phone.open(people[0]).text
    start = phone.post("start")
    assert phone.place(start) == "p/kennen?resumed=1"
    assert "Welkom terug" in phone.get("p/kennen?resumed=1").text
    assert 'value="12"' in phone.get("p/jaren").text


def test_later_keeps_what_is_right_beside_what_is_wrong(
    browser: Browser, people: Sequence[Person], facts: ParticipationFacts
) -> None:
    browser.begin(people[0])
    browser.answer("overleg", overleg="ja")
    assert browser.place(browser.answer("jaren", jaren="tien", step_="later")) == "saved"
    assert read_kept(people[0], facts) == DraftContent({"overleg": "ja"})


def test_later_from_the_check_leads_to_the_saved_page(browser: Browser, people: Sequence[Person]) -> None:
    browser.begin(people[0])
    browser.answer_all()
    assert browser.place(browser.post("check")) == "saved"
    assert "3 van 3 thema" in browser.get("saved").text


def test_an_emptied_box_takes_the_answer_away(
    browser: Browser, people: Sequence[Person], facts: ParticipationFacts
) -> None:
    browser.begin(people[0])
    browser.answer("overleg", overleg="ja")
    browser.answer("sturing", sturing=["visie"])
    browser.answer("sturing")
    assert read_kept(people[0], facts) == DraftContent({"overleg": "ja"}, ("sturing",))


# Turned away


def test_an_unknown_link_says_so(browser: Browser) -> None:
    for token in ("a" * 26, "x", "%00"):
        refused = browser.get(f"/l/{token}")
        assert refused.status_code == 404
        assert "We kennen deze link niet" in refused.text


def test_a_withdrawn_link_is_unknown(browser: Browser, people: Sequence[Person]) -> None:
    browser.open(people[0])
    with db.write() as connection:
        query = update(Invitation).where(Invitation.id == people[0].invitation).values(status="withdrawn")
        connection.execute(query)
    assert browser.get("").status_code == 404
    assert browser.get(f"/l/{people[0].token}").status_code == 404


def test_who_is_done_reads_so_without_a_date_or_an_answer(
    app: Flask, browser: Browser, people: Sequence[Person]
) -> None:
    browser.begin(people[0])
    browser.answer_all()
    browser.get("check")
    browser.post("send")
    later = Browser(app).open(people[0])
    assert later.status_code == 200
    assert "U heeft deze vragenlijst al ingevuld" in later.text
    assert "2026<" not in later.text.replace("voorjaar 2026", "")
    assert "meer tijd" not in later.text


def test_before_the_window_the_page_says_when_it_opens(
    browser: Browser, people: Sequence[Person], clock: FixedClock
) -> None:
    clock.pass_time(days=-3)
    early = browser.open(people[0])
    assert early.status_code == 200
    assert "U kunt meedoen vanaf maandag 4 mei 2026" in early.text
    browser.get("/coordinator/login")  # any page with a form token
    assert "De vragenlijst is nog niet open" in browser.post("start").text


def test_after_the_window_no_page_answers_and_nothing_is_kept(
    browser: Browser, people: Sequence[Person], facts: ParticipationFacts, clock: FixedClock
) -> None:
    browser.begin(people[0])
    browser.answer("overleg", overleg="ja")
    clock.pass_time(days=33)
    for refused in (
        browser.get(""),
        browser.get("check"),
        browser.answer("jaren", jaren="9"),
        browser.post("send"),
        browser.post("start"),
    ):
        assert refused.status_code == 410
        assert "De vragenlijst is gesloten" in refused.text
    assert read_kept(people[0], facts) == DraftContent({"overleg": "ja"})


def test_after_an_early_close_the_page_names_its_day(
    browser: Browser, facts: ParticipationFacts, people: Sequence[Person], clock: FixedClock
) -> None:
    clock.pass_time(days=2)
    with db.write() as connection:
        close_participation(connection, facts, clock())
    assert "Meedoen kon tot en met woensdag 6 mei 2026." in browser.open(people[0]).text


@pytest.mark.parametrize("status", ["closed", "opened"])
def test_an_early_close_counts_as_closed(
    browser: Browser, people: Sequence[Person], facts: ParticipationFacts, status: str
) -> None:
    with db.write() as connection:
        query = update(Participation).where(Participation.id == facts.id).values(status=status)
        connection.execute(query)
    assert browser.open(people[0]).status_code == 410


def test_without_its_cookie_a_page_asks_to_open_the_link_again(browser: Browser) -> None:
    for place in ("", "p/overleg", "check", "thanks", "saved", "language/en"):
        refused = browser.get(f"/v/aaaaaaaaaaaaaaaa/{place}")
        assert refused.status_code == 403
        assert "Open de link opnieuw" in refused.text
