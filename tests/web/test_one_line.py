"""Every act on a list leaves one line in the log, however often its button is pressed, and names no person."""

from dataclasses import dataclass
from functools import partial

import pytest
from flask import Flask

from aoj_survey.db import db
from aoj_survey.invitations import Supplier
from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import AuditLine, ParticipationFacts, list_acts
from aoj_survey.web import person as person_pages
from tests.conftest import FixedClock
from tests.responses.boxes import read_rows
from tests.staging import start_wave
from tests.web.browsing import Browser, log_in
from tests.web.conftest import PASSWORD
from tests.web.test_frame_import import HEADER, begin
from tests.web.test_respondents import NEW, PEOPLE, find_all, mark_mail
from tests.web.test_suppliers import ADDRESS, supply

SUPPLIERS = "/coordinator/2026/rijnmeer/suppliers"
LIST = f"{HEADER}\na@verzonnen.example;ib;De Vuurtoren\nb@verzonnen.example;zoco;De Haven\n"
SUPPLIED = f"{HEADER}\nc@verzonnen.example;ib;De Zeester\n"


@dataclass
class Walk:
    """A coordinator, and a supplier beside; each button is pressed twice."""

    app: Flask
    keys: KeyDirectory
    facts: ParticipationFacts
    clock: FixedClock

    def __post_init__(self) -> None:
        self.desk = log_in(self.app, PASSWORD)
        people = find_all(self.keys, self.facts)[:3]
        for person in people:
            mark_mail(person.id, "sent")
        self.mine, self.off, self.gone = (f"{PEOPLE}/{person.id}" for person in people)

    def press(self, place: str, **values: str) -> None:
        """Press a button of a page twice."""
        self.desk.get(PEOPLE)
        for _ in range(2):
            self.desk.post(place, **values)

    def put_list_in(self) -> None:
        check = begin(self.desk, self.facts, LIST)
        self.press(check)

    def add_supplier(self) -> None:
        self.desk.get(SUPPLIERS)
        made = self.desk.post(SUPPLIERS, name="gemeente Rijnstad").text
        self.desk.post(SUPPLIERS, name="gemeente Rijnstad")
        [self.page] = ADDRESS.findall(made)

    def supply_part(self) -> None:
        supplier = Browser(self.app)
        check = supply(supplier, self.page, SUPPLIED)
        for _ in range(2):
            supplier.post(check)

    def remove_supplier(self) -> None:
        [row] = read_rows(Supplier)
        self.press(f"{SUPPLIERS}/{row['id']}/remove")

    def read_lines(self) -> list[tuple[str, str]]:
        """What was kept of what was done at this moment: the code, and who did it."""
        with db.read() as connection:
            acts = list_acts(connection, self.facts.id)
        return [(act.code, act.made_by) for act in acts if act.at == self.clock()]

    def go(self) -> list[list[tuple[str, str]]]:
        """Do on the pages whatever can be done to a list; return the lines of each act."""
        acts = (
            partial(self.press, f"{PEOPLE}/new", **NEW),
            partial(self.desk.post, f"{self.mine}/correction", organisation="De Verzonnen Zeester"),
            partial(self.press, f"{self.mine}/link"),
            partial(self.press, f"{self.mine}/address", address="anders@verzonnen.example"),
            partial(self.press, f"{self.off}/withdrawal", reason="ineligible"),
            partial(self.press, f"{self.gone}/withdrawal", reason="removed"),
            self.put_list_in,
            self.add_supplier,
            self.supply_part,
            self.remove_supplier,
        )
        lines: list[list[tuple[str, str]]] = []
        for act in acts:
            self.clock.pass_time(seconds=1)
            act()
            lines.append(self.read_lines())
        return lines


EXPECTED = [
    [("person_added", "coordinator")],
    [("person_corrected", "coordinator")],
    [("link_sent_again", "coordinator")],
    [("address_changed", "coordinator")],
    [("person_ineligible", "coordinator")],
    [("person_removed", "coordinator")],
    [("list_put_in", "coordinator")],
    [("supplier_added", "coordinator")],
    [("list_put_in", "supplier")],
    [("supplier_removed", "coordinator")],
]


@pytest.fixture
def walk(sqlite_app: Flask, clock: FixedClock) -> Walk:
    keys = sqlite_app.extensions["aoj"].keys
    return Walk(sqlite_app, keys, start_wave(keys, clock(), {"ib": 12, "zoco": 3}), clock)


def test_every_act_on_a_list_leaves_one_line_that_names_nobody(walk: Walk) -> None:
    assert walk.go() == EXPECTED
    kept = " ".join(row["document"] for row in read_rows(AuditLine))
    assert "@" not in kept
    assert "De " not in kept


def test_twin_an_act_that_leaves_no_line_is_missed(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(person_pages, "record_act", lambda *_anything: None)
    assert walk.go() == [[]] * 6 + EXPECTED[6:]
