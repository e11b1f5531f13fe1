"""`aoj groups`: made, listed without what may not be told, printed again, stopped; consent recorded."""

import json
import re
from pathlib import Path

import pytest
from sqlalchemy import update

from aoj_survey.cli.door import opened
from aoj_survey.db import db
from aoj_survey.invitations import GroupLink

from .conftest import Aoj

PLACE = ("2026", "rijnmeer")
NAME = ("--name", "school De Verzonnen Vuurtoren")


def test_a_link_is_made_and_its_addresses_are_shown_again(planned: Aoj) -> None:
    made = planned("groups", "add", *PLACE, *NAME, "--people", "ib=30")
    assert made.exit_code == 0, made.output
    assert re.search(r"link: +https?://\S+/g/[a-z2-7]{26}\n", made.output)
    assert re.search(r"page: +https?://\S+/k/[a-z2-7]{26}\n", made.output)
    assert planned("groups", "poster", *PLACE, *NAME).output in made.output


@pytest.mark.parametrize("people", ["ib", "ib=", "ib=x", "ib=-3", "ib=²"])
def test_people_that_are_no_number_are_refused(planned: Aoj, people: str) -> None:
    result = planned("groups", "add", *PLACE, *NAME, "--people", people)
    assert result.exit_code == 2
    assert "such as ib=20" in result.output


def test_a_role_without_questionnaire_is_refused_in_words(planned: Aoj) -> None:
    result = planned("groups", "add", *PLACE, *NAME, "--people", "swv=3")
    assert result.exit_code == 1
    assert "no questionnaire is planned for swv" in result.output


@pytest.mark.parametrize(("told", "shown"), [(0, None), (10, 10)])
def test_the_list_tells_from_ten_up_in_words_and_json_alike(
    planned: Aoj, instance: Path, told: int, shown: int | None
) -> None:
    planned("groups", "add", *PLACE, *NAME, "--people", "ib=30")
    with opened(instance), db.write() as connection:
        connection.execute(update(GroupLink).values(told=told))
    (line,) = json.loads(planned("groups", "list", *PLACE, "--json").output)
    assert line["done_at_least"] == shown
    assert line["people"] == {"ib": 30}
    words = planned("groups", "list", *PLACE).output
    assert ("at least 10 done" in words) == bool(told)
    assert ("fewer than 10" in words) == (not told)


def test_a_link_stopped_while_it_runs_says_so(planned: Aoj) -> None:
    planned("groups", "add", *PLACE, *NAME, "--people", "ib=30")
    planned("waves", "start", *PLACE)
    assert planned("groups", "stop", *PLACE, *NAME).exit_code == 0
    assert ", stopped:" in planned("groups", "list", *PLACE).output
    assert "no group link 'elders'" in planned("groups", "stop", *PLACE, "--name", "elders").output


def test_a_wave_with_group_links_only_can_start(aoj: Aoj) -> None:
    aoj("regions", "add", "rijnmeer", "Rijnmeer")
    plan = (
        *("waves", "plan", *PLACE, "--name", "voorjaar 2026", "--first-day", "2026-05-04"),
        *("--last-day", "2026-06-05", "--questionnaire", "widths@1=ib", "--invite", "2026-05-04 09:00"),
        *("--remind", "2026-05-12 09:00", "--remind", "2026-05-26 09:00"),
        *("--contact-mail", "monitor@rijnmeer.example", "--contact-phone", "085 000 00 00"),
    )
    assert aoj(*plan).exit_code == 0
    assert "nobody" in aoj("waves", "start", *PLACE).output
    aoj("groups", "add", *PLACE, *NAME, "--people", "ib=30")
    assert aoj("waves", "start", *PLACE).exit_code == 0


def test_consent_for_young_people_is_recorded_with_a_name(planned: Aoj) -> None:
    words = ("--how", "informed", "--text", "Brief aan ouders.", "--as", "Verzonnen Een")
    assert "informed, from 12 years" in planned("groups", "youth", *PLACE, *words, "--age-from", "12").output
    both = ("--age-from", "12", "--age-to", "18")
    assert "informed, from 12 to 18 years" in planned("groups", "youth", *PLACE, *words, *both).output
    assert "age limit" in planned("groups", "youth", *PLACE, *words, "--age-from", "3").output
