"""Every sentence about privacy is held by a test: a sentence without one may not be shown."""

import html
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from aoj_survey.config import ROOT
from aoj_survey.db import db
from aoj_survey.invitations import add_group, derive_group_tokens
from aoj_survey.waves import ParticipationFacts
from aoj_survey.web.language import full_day
from tests.conftest import FixedClock
from tests.staging import Person, list_people, start_wave
from tests.web.browsing import Browser

TESTS = ROOT / "tests"
HELD_BY: Mapping[str, tuple[str, ...]] = {
    "Taking part is your choice.": (
        "web/test_respondent.py::test_the_skip_button_goes_on_at_once",
        "web/test_optout.py::",
    ),
    "Your answers are kept locked,": (
        "anonymity/test_schema.py::test_the_live_tables_keep_no_time_sequence_or_way_back",
        "anonymity/test_schema.py::test_no_value_of_the_list_is_in_the_box",
    ),
    "All answers are opened together": (
        "anonymity/test_order.py::test_storage_and_reading_tell_nothing_of_the_order",
        "web/test_secrecy.py::test_no_page_of_any_account_holds_an_answer",
    ),
    "The answers are opened only when two people": (
        "fieldwork/test_openings.py::test_a_box_is_opened_when_it_is_asked_for_and_approved",
        "fieldwork/test_openings.py::test_it_waits_for_the_announced_delay",
        "invitations/test_mail.py::test_a_delayed_opening_is_announced_in_every_mail_and_only_then",
        "web/test_privacy.py::test_a_delayed_opening_is_announced_on_the_first_page_and_only_then",
    ),
    "In some surveys three custodians": (
        "responses/test_custodians.py::test_any_two_custodians_open_the_box",
        "responses/test_custodians.py::test_less_than_two_right_passphrases_open_nothing",
        "responses/test_custodians.py::test_neither_server_nor_custodians_read_a_ballot_alone",
    ),
    "Did fewer than ten people of a region": (
        "responses/test_joint.py::test_nothing_of_a_joint_answer_tells_its_region",
        "responses/test_joint.py::test_the_dataset_of_small_boxes_has_a_region_of_its_own",
        "fieldwork/test_small_boxes.py::test_a_small_box_is_destroyed_with_its_key_once",
    ),
    "We do know whether you took part;": (
        "web/test_secrecy.py::test_no_page_of_any_account_changes_when_two_of_a_role_change_places",
    ),
    "After sending we can no longer": ("web/test_respondent.py::test_sending_twice_gives_one_ballot",),
    "Answers you have not sent yet": (
        "anonymity/test_dump.py::test_the_draft_that_was_never_sent_is_never_readable",
        "fieldwork/test_closing.py::test_unsent_answers_go_at_the_close",
    ),
    "Your mail address and your organisation,": (
        "anonymity/test_dump.py::test_while_it_runs_no_link_address_or_typed_text_can_be_found",
        "web/test_logs.py::test_a_session_leaves_no_token_answer_or_address_in_any_log",
    ),
    "Some regions want to know": (
        "fieldwork/test_areas.py::test_areas_are_frozen_at_the_start_and_only_large_ones_stand_on_an_invitation",
        "fieldwork/test_areas.py::test_strata_and_dataset_tell_the_areas_and_add_up_to_the_list",
        "fieldwork/test_areas.py::test_without_the_choice_places_count_nowhere",
    ),
    "Did you start by a link": (
        "web/test_groups.py::",
        "fieldwork/test_purge.py::test_the_purge_takes_keys_and_rows_and_leaves_the_counts",
    ),
    "Did your region send you your link itself?": (
        "web/test_handout.py::test_whoever_has_the_link_can_see_what_the_page_says",
        "web/test_handout.py::test_the_first_page_says_what_the_region_may_know",
        "invitations/test_handout.py::test_each_link_is_its_own_and_of_nobody",
        "invitations/test_handout.py::test_the_purge_takes_them_and_their_key",
    ),
    "The date on which we delete": (
        "web/test_privacy.py::test_the_first_page_names_the_day_addresses_are_deleted",
        "fieldwork/test_purge.py::test_the_purge_takes_keys_and_rows_and_leaves_the_counts",
    ),
    "If the survey never starts,": (
        "fieldwork/test_purge.py::test_what_was_planned_and_never_started_is_destroyed_too",
        "invitations/test_messages.py::test_nobody_is_mailed_outside_a_running_window",
    ),
    "Your browser gets a cookie": (
        "web/test_links.py::test_the_cookie_is_for_its_own_pages_only",
        "web/test_privacy.py::test_a_visit_leaves_two_cookies_and_none_that_stays",
    ),
    "How many people of each role": (
        "web/test_coordinator.py::test_it_shows_this_mornings_counts_with_small_roles_joined",
        "web/test_coordinator.py::test_every_page_of_the_coordinator_needs_the_password",
    ),
    "No survey on the internet": (
        "web/test_privacy.py::test_what_cannot_be_excluded_is_what_the_design_says",
    ),
}
"""The beginnings of the paragraphs of the privacy statement, with the tests that hold each."""


def list_unheld(page: str, held: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The paragraphs of the statement that no test holds."""
    main = page.partition("<main")[2].partition("</main>")[0]
    found = re.findall(r"<(?:p|li)[^>]*>(?:<svg.*?</svg>)?(.*?)</(?:p|li)>", main, re.DOTALL)
    texts = [html.unescape(re.sub(r"<[^>]+>", "", text)).strip() for text in found]
    assert len(texts) >= len(HELD_BY)
    return [text for text in texts if not any(text.startswith(start) for start in held)]


def list_absent(held: Mapping[str, tuple[str, ...]], folder: Path = TESTS) -> list[str]:
    """The tests that are named and are not there."""
    named = [name.split("::") for names in held.values() for name in names]
    return [
        f"{file}::{test}"
        for file, test in named
        if f"\ndef {test or 'test_'}" not in (folder / file).read_text(encoding="utf-8")
    ]


def test_every_sentence_of_the_privacy_statement_is_held_by_a_test(sqlite_app: Flask) -> None:
    page = Browser(sqlite_app, "en").get("/privacy").text
    assert list_unheld(page, HELD_BY) == []
    assert list_absent(HELD_BY) == []


def test_twin_a_sentence_without_a_test_is_found(sqlite_app: Flask) -> None:
    page = Browser(sqlite_app, "en").get("/privacy").text
    less = {start: names for start, names in HELD_BY.items() if not start.startswith("Your browser")}
    assert [text[:26] for text in list_unheld(page, less)] == ["Your browser gets a cookie"]
    assert list_absent({"x": ("web/test_links.py::test_nobody_wrote",)}) == [
        "web/test_links.py::test_nobody_wrote"
    ]


def test_the_first_page_names_the_day_addresses_are_deleted(
    app: Flask, browser: Browser, people: Sequence[Person], facts: ParticipationFacts
) -> None:
    assert facts.purge_on is not None
    with app.test_request_context(), force_locale("nl"):
        day = full_day(facts.purge_on)
    assert f"Op {day} wissen we uw mailadres." in browser.open(people[0]).text


@pytest.mark.parametrize("approval", ["two_people", "delay"])
def test_a_delayed_opening_is_announced_on_the_first_page_and_only_then(
    sqlite_app: Flask, clock: FixedClock, approval: str
) -> None:
    keys = sqlite_app.extensions["aoj"].keys
    facts = start_wave(keys, clock(), {"ib": 12}, approval=approval)
    with db.write() as connection:
        group = add_group(connection, keys, facts, "De Verzonnen Vuurtoren", {"ib": 12})
    pages = [
        Browser(sqlite_app).open(list_people(keys, facts)[0]).text,
        Browser(sqlite_app).get(f"/g/{derive_group_tokens(keys.contact(facts.id), group).link}").text,
    ]
    said = ["Alle antwoorden gaan 72 uur na de sluiting samen open." in page for page in pages]
    assert said == [approval == "delay"] * 2


def test_a_visit_leaves_two_cookies_and_none_that_stays(browser: Browser, people: Sequence[Person]) -> None:
    opened = browser.get(f"/l/{people[0].token}")
    welcome = browser.open(people[0])
    cookies = [*opened.headers.getlist("Set-Cookie"), *welcome.headers.getlist("Set-Cookie")]
    assert sorted({cookie.partition("=")[0] for cookie in cookies}) == ["aoj", "session"]
    assert not [cookie for cookie in cookies if re.search(r"expires|max-age", cookie, re.IGNORECASE)]


def test_what_cannot_be_excluded_is_what_the_design_says(sqlite_app: Flask) -> None:
    page = Browser(sqlite_app, "en").get("/privacy").text
    design = " ".join((ROOT / "docs" / "anonymity.md").read_text(encoding="utf-8").split())
    for said, meant in (
        ("change the program", "a live operator with changed code"),
        ("both the database and the keys", "holds database *and* keys"),
        (
            "a copy of the machine that holds the keys",
            "a snapshot of the machine that holds the key directory",
        ),
        ("what you write in an open answer", "the style and content of open text"),
    ):
        assert said in page
        assert meant in design
