"""Posters, and what coordinators and key figures see of a group link: from ten up, never live, never who."""

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import segno
from flask import Flask
from sqlalchemy import select, update

from aoj_survey.db import db
from aoj_survey.invitations import GroupFacts, GroupLink, Invitation, derive_group_tokens, groups, hash_token
from aoj_survey.keys import KeyDirectory
from aoj_survey.tracking import count_day
from aoj_survey.waves import ParticipationFacts, read_instrument
from aoj_survey.web import posters
from aoj_survey.web.language import current_language
from tests.conftest import FixedClock
from tests.invitations.groups import SCHOOL, begin, let_answer, make_group
from tests.responses.boxes import close
from tests.staging import ANSWERS, Person, send
from tests.web.browsing import TOKEN, Browser, log_in
from tests.web.conftest import PASSWORD
from tests.web.places import crawl, find_values, list_places

DAY = date(2026, 5, 4)


@pytest.fixture
def group(facts: ParticipationFacts, keys: KeyDirectory) -> GroupFacts:
    return make_group(keys, facts, {"ib": 30})


@pytest.fixture
def page(group: GroupFacts, keys: KeyDirectory) -> str:
    return "/k/" + derive_group_tokens(keys.contact(group.participation.id), group.id).page


def count(facts: ParticipationFacts, day: date = DAY) -> None:
    with db.write() as connection:
        count_day(connection, facts.id, day)


def let_others_answer(people: list[Person], clock: FixedClock) -> None:
    """So many of those on the list answer that the link's number gives nobody else away."""
    for person in [person for person in people if person.role == "ib"][:10]:
        send(person, ANSWERS, clock())


def read_list(app: Flask, facts: ParticipationFacts) -> tuple[str, dict[str, str]]:
    """The coordinator's page, and the first row of its file."""
    browser = log_in(app, PASSWORD)
    place = f"/coordinator/{facts.wave}/{facts.region}/groups"
    rows = list(csv.DictReader(io.StringIO(browser.get(f"{place}.csv").text)))
    return TOKEN.sub("", browser.get(place).text), rows[0]


@pytest.mark.parametrize("number", [9, 10])
def test_a_count_is_shown_from_ten_up_in_page_file_and_to_the_key_figure_alike(
    app: Flask,
    facts: ParticipationFacts,
    group: GroupFacts,
    page: str,
    people: list[Person],
    clock: FixedClock,
    number: int,
) -> None:
    let_others_answer(people, clock)
    let_answer(group, number, clock())
    count(facts)
    listed, row = read_list(app, facts)
    own = Browser(app).get(page).text
    if number < 10:
        assert row["done_at_least"] == row["counted_on"] == ""
        for text in (listed, own):
            assert "nog minder dan 10" in text
            assert "minstens" not in text
    else:
        assert (row["done_at_least"], row["counted_on"]) == ("10", "2026-05-04")
        for text in (listed, own):
            assert "minstens 10 (telling van maandag 4 mei 2026)" in text
            assert "nog minder dan 10" not in text


def see_what_is_new(
    app: Flask, facts: ParticipationFacts, group: GroupFacts, page: str, clock: FixedClock
) -> None:
    """After the day's count some more people finish: nothing that is shown may move."""
    before = [read_list(app, facts), Browser(app).get(page).text]
    let_answer(group, 11, clock())
    assert [read_list(app, facts), Browser(app).get(page).text] == before, "the count is live"


def test_counts_are_as_old_as_the_daily_count(
    app: Flask,
    facts: ParticipationFacts,
    group: GroupFacts,
    page: str,
    people: list[Person],
    clock: FixedClock,
) -> None:
    let_others_answer(people, clock)
    count(facts)
    see_what_is_new(app, facts, group, page, clock)


def test_twin_a_live_count_is_noticed(
    app: Flask,
    facts: ParticipationFacts,
    group: GroupFacts,
    page: str,
    people: list[Person],
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def tell_now(found: GroupFacts) -> str:
        with db.read() as connection:
            query = select(Invitation.id).where(Invitation.group_id == found.id)
            return str(len(connection.execute(query).all()))

    monkeypatch.setattr(posters, "describe_told", tell_now)
    let_others_answer(people, clock)
    count(facts)
    with pytest.raises(AssertionError, match="the count is live"):
        see_what_is_new(app, facts, group, page, clock)


def set_status(token: str, status: str) -> None:
    with db.write() as connection:
        connection.execute(
            update(Invitation).where(Invitation.token_hash == hash_token(token)).values(status=status)
        )


def test_no_page_of_any_account_changes_when_two_of_a_link_change_places(
    app: Flask,
    facts: ParticipationFacts,
    group: GroupFacts,
    keys: KeyDirectory,
    people: list[Person],
    clock: FixedClock,
) -> None:
    """Who is done by a link, and who only began, shows nowhere: the swap test over all routes."""
    let_others_answer(people, clock)
    done = let_answer(group, 12, clock())[0]
    begun = begin(group)
    places = list_places(app, find_values(keys, facts, people[0]))
    assert any(place.startswith("/g/") for place in places)
    looks: list[list[dict[str, str]]] = []
    for first, second in ((done, begun), (begun, done)):
        set_status(first, "done")
        set_status(second, "open")
        with db.write() as connection:
            connection.exec_driver_sql("DELETE FROM daily_count")
            connection.execute(update(GroupLink).values(told=0, told_on=None))
        count(facts)
        looks.append([crawl(Browser(app), places), crawl(log_in(app, PASSWORD), places)])
    assert looks[0] == looks[1]
    assert any("minstens 12" in text for text in looks[0][1].values())


# Who may look


def test_lists_and_posters_of_coordinators_are_behind_the_password(
    app: Flask, facts: ParticipationFacts, group: GroupFacts
) -> None:
    for place in ("groups", "groups.csv", f"groups/{group.id}/poster"):
        response = Browser(app).get(f"/coordinator/{facts.wave}/{facts.region}/{place}")
        assert response.headers["Location"] == "/coordinator/login"


def test_a_key_figure_sees_the_own_link_and_no_other(
    app: Flask, facts: ParticipationFacts, keys: KeyDirectory, page: str
) -> None:
    make_group(keys, facts, {"zoco": 20}, "school De Andere Kant")
    text = Browser(app).get(page).text
    assert SCHOOL in text
    assert "De Andere Kant" not in text
    assert Browser(app).post(page).status_code == 405


@pytest.mark.parametrize("place", ["", "/poster"])
def test_the_token_of_a_poster_does_not_open_the_page_of_its_key_figure(
    app: Flask, group: GroupFacts, keys: KeyDirectory, place: str
) -> None:
    token = derive_group_tokens(keys.contact(group.participation.id), group.id).link
    assert Browser(app).get(f"/k/{token}{place}").status_code == 404


@pytest.mark.parametrize("place", ["rijnmeer/groups", "rijnmeer/groups.csv", "elders/groups", "R!/groups"])
def test_places_that_are_not_there_say_so(app: Flask, facts: ParticipationFacts, place: str) -> None:
    status = 200 if place.startswith("rijnmeer") else 404
    assert log_in(app, PASSWORD).get(f"/coordinator/{facts.wave}/{place}").status_code == status


def test_a_name_that_looks_like_a_formula_is_text_in_the_file(
    app: Flask, facts: ParticipationFacts, keys: KeyDirectory
) -> None:
    make_group(keys, facts, {"ib": 20}, "=1+1")
    assert read_list(app, facts)[1]["name"] == "'=1+1"


def test_rates_with_a_group_link_are_called_estimated(
    app: Flask, facts: ParticipationFacts, group: GroupFacts
) -> None:
    browser, place = log_in(app, PASSWORD), f"/coordinator/{facts.wave}/{facts.region}"
    count(facts)
    text = browser.get(place).text
    assert text.count("geschat") == 3  # the row, the total and its figure; not the row of zorgcoördinatoren
    assert "bij groepslinks is opgegeven" in text


# The poster


def test_a_poster_has_a_line_and_a_code_for_each_language(
    app: Flask, group: GroupFacts, keys: KeyDirectory, page: str
) -> None:
    text = Browser(app).get(f"{page}/poster").text
    token = derive_group_tokens(keys.contact(group.participation.id), group.id).link
    root = app.extensions["aoj"].settings.public_url.rstrip("/")
    for language, words in (("nl", "Scan de code met uw telefoon"), ("en", "Scan the code with your phone")):
        part = text.partition(f'<section lang="{language}" dir="ltr">')[2].partition("</section>")[0]
        assert words in part
        made = segno.make(f"{root}/g/{token}?lang={language}", error="q", micro=False)
        assert str(made.svg_inline(border=4, omitsize=True, svgclass="qr", lineclass=None)) in part
        typed = f"/g/{'-'.join(token[place : place + 4] for place in range(0, 26, 4))}"
        assert typed in part
        assert Browser(app).get(typed).status_code == 200
    for words in (
        SCHOOL,
        "vrijdag 5 juni 2026",
        "monitor@rijnmeer.example",
        "085 000 00 00",
        "Regio Rijnmeer",
    ):
        assert words in text


def test_a_code_can_be_damaged_and_has_white_around_it() -> None:
    address = "https://monitor.rijnmeer.example/g/" + "a" * 26
    made = segno.make(address, error="q", micro=False)
    assert made.error in {"Q", "H"}
    drawn = str(posters.draw_code(address))
    side = made.symbol_size(border=4)[0]
    assert f'viewBox="0 0 {side} {side}"' in drawn
    assert "style=" not in drawn


def test_a_poster_is_one_page_without_frame_and_asks_no_other_host(app: Flask, page: str) -> None:
    text = Browser(app).get(f"{page}/poster").text
    assert "style=" not in text
    assert "<script" not in text
    assert "csrf" not in text
    sheet = Path(posters.__file__).parent / "static" / "poster.css"
    assert "@page { size: A4 portrait;" in sheet.read_text()
    assert len(sheet.read_bytes()) < 4000
    assert len(text) < 60_000


@pytest.mark.parametrize(
    ("languages_checked", "words", "ours"),
    [("", "Scan de code met uw telefoon", ' lang="nl" dir="ltr"'), ("ar", "امسح الرمز", "")],
    ids=["unchecked", "checked"],
)
def test_a_language_from_right_to_left_says_what_to_do_in_it_once_checked_and_else_in_dutch(
    app: Flask, group: GroupFacts, languages_checked: str, words: str, ours: str
) -> None:
    app.extensions["aoj_languages"] = ("nl", "en", *languages_checked.split())
    digest = group.roles[0].instrument_digest
    assert digest
    with db.read() as connection:
        instrument = read_instrument(connection, digest)
    arabic = replace(instrument, languages=("nl", "ar"), title={**instrument.title, "ar": "كيف تتعاونون؟"})
    with app.test_request_context():
        dutch, other = posters.make_lines(arabic, group, "a" * 26)
        assert current_language() == "nl"
    assert (dutch.direction, other.direction) == ("ltr", "rtl")
    assert other.title == "كيف تتعاونون؟"
    assert other.words.startswith(words)
    assert other.ours == ours
    assert dutch.ours == ""


def test_after_the_close_there_is_no_poster_any_more(
    app: Flask, facts: ParticipationFacts, group: GroupFacts, page: str, keys: KeyDirectory, clock: FixedClock
) -> None:
    close(facts, clock())
    keys.destroy(facts.id, "contact", "link")
    text = Browser(app).get(page)
    assert text.status_code == 200
    assert "Print de poster" not in text.text
    assert Browser(app).get(f"{page}/poster").status_code == 410


def test_coordinators_print_the_same_poster(
    app: Flask, facts: ParticipationFacts, group: GroupFacts, page: str
) -> None:
    place = f"/coordinator/{facts.wave}/{facts.region}/groups/{group.id}/poster"
    assert log_in(app, PASSWORD).get(place).text == Browser(app).get(f"{page}/poster").text
    elsewhere = place.replace(str(group.id), str(facts.id))
    assert log_in(app, PASSWORD).get(elsewhere).status_code == 404


def test_the_day_after_shows_the_next_number_only_when_ten_more_are_done(
    app: Flask, facts: ParticipationFacts, group: GroupFacts, people: list[Person], clock: FixedClock
) -> None:
    let_others_answer(people, clock)
    seen: list[str] = []
    for number, day in ((12, 0), (9, 1), (1, 2)):
        let_answer(group, number, clock())
        count(facts, DAY + timedelta(days=day))
        seen.append(read_list(app, facts)[1]["done_at_least"])
    assert seen == ["12", "12", "22"]


@pytest.mark.parametrize(("young", "words"), [(set[str](), "met uw telefoon"), ({"ib"}, "met je telefoon")])
def test_a_poster_says_je_to_young_people(
    app: Flask, page: str, monkeypatch: pytest.MonkeyPatch, young: set[str], words: str
) -> None:
    monkeypatch.setattr(groups, "YOUTH_ROLES", young)
    text = Browser(app).get(f"{page}/poster").text
    assert f"Scan de code {words}" in text
    assert "Scan the code with your phone" in text
