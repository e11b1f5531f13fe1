"""The accessibility statement says no more than our own tests did."""

import re
from datetime import date
from pathlib import Path

from flask import Flask

from aoj_survey.config import ROOT
from aoj_survey.web.accessibility import AXE, TESTED_ON, Claim, list_deviations, list_tested
from tests.browser import axe, fitting, states
from tests.web.browsing import Browser

TESTS = ROOT / "tests" / "browser"


def find_missing(claims: tuple[Claim, ...], folder: Path = TESTS) -> list[str]:
    """The sentences without a test, or with one that is not there."""
    return [
        claim.text
        for claim in claims
        if not claim.tests or not all(is_test(folder, *name.split("::")) for name in claim.tests)
    ]


def is_test(folder: Path, file: str, function: str) -> bool:
    path = folder / file
    return path.is_file() and f"\ndef {function}(" in path.read_text(encoding="utf-8")


def test_every_sentence_on_what_was_tested_names_tests_that_are_there(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context():
        claims = list_tested()
    assert len(claims) == 6
    assert find_missing(claims) == []


def test_twin_a_sentence_without_a_test_is_found() -> None:
    known = "test_states.py::test_no_route_is_forgotten"
    claims = (
        Claim("known", (known,)),
        Claim("none", ()),
        Claim("half", (known, "test_states.py::test_an_expert_came")),
        Claim("elsewhere", ("test_expert.py::test_no_route_is_forgotten",)),
    )
    assert find_missing(claims) == ["none", "half", "elsewhere"]


def test_what_is_said_of_axe_and_widths_is_what_the_tests_use() -> None:
    assert f"axe-core {AXE}" in (ROOT / "tests/vendor/axe-core/README.md").read_text(encoding="utf-8")
    assert {"wcag2aa", "wcag21aa", "wcag22aa"} < set(axe.TAGS)
    assert (fitting.NARROWEST, fitting.ZOOMED) == (320, 640)


def list_excused(folder: Path = TESTS) -> list[str]:
    """The files whose tests may fail, or are passed over, without anybody hearing of it."""
    return [
        path.name
        for path in sorted(folder.glob("*.py"))
        if re.search(r"\bxfail\b|mark\.skip", path.read_text(encoding="utf-8"))
    ]


def test_no_fault_is_known_and_left_out(tmp_path: Path) -> None:
    assert list_excused() == []
    (tmp_path / "test_x.py").write_text("@pytest.mark.xfail\n")
    assert list_excused(tmp_path) == ["test_x.py"]


def test_no_page_is_left_out_of_the_tests() -> None:
    assert not getattr(states, "NOT_YET", None), "the statement says: all pages"


def test_the_statement_has_every_part_of_the_model(sqlite_app: Flask) -> None:
    page = Browser(sqlite_app).get("/accessibility").text
    parts = re.findall(r"<h[12][^>]*>([^<]+)</h[12]>", page)
    assert parts == [
        "Toegankelijkheidsverklaring",
        "Status",
        "Wat is getest",
        "Wat is niet getest",
        "Bekende afwijkingen",
        "Werkt er iets niet?",
    ]
    assert "Status C: eerste maatregelen genomen." in page
    assert "Geen onafhankelijke deskundige heeft deze website onderzocht." in page
    assert "Niemand met een schermlezer" in page
    assert f"{TESTED_ON.day} november {TESTED_ON.year}" in page


def test_nothing_is_called_complete(sqlite_app: Flask) -> None:
    page = Browser(sqlite_app, "en").get("/accessibility").text
    assert not re.search(
        r"fully (compliant|accessible)|meets all|status [AB]\b", page.replace("Whether it meets all", "")
    )
    with sqlite_app.test_request_context():
        assert len(list_deviations()) == 2
    assert date(2026, 11, 1) < TESTED_ON
