"""The pages of a bundle: whole by themselves, without script, and nothing from a label ever becomes markup."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from aoj_survey.exports.pages import write_codebook_page, write_privacy_page, write_response_page
from aoj_survey.exports.reports import report_privacy, report_response
from aoj_survey.exports.variables import Code, Sheet
from aoj_survey.statistics import ResponseRow, ResponseTable, RoleCount, response_table
from tests.datasets.builders import ROW, make_small
from tests.exports.sheets import SHEET, VARIABLES

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'>{{ 7*7 }}"
VOID = {"meta", "br", "img", "link", "input"}


class Outline(HTMLParser):
    """Collects tags with their attributes, and notes tags that are not closed in their order."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.faults: list[str] = []
        self.feed(page.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)

    def named(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


def response_report() -> Mapping[str, Any]:
    return report_response(response_table([RoleCount("ib", 20, 19, 8, 6), RoleCount("swv", 9, 9, 9, 9)]))


def codebook_page(sheet: Sheet = SHEET) -> bytes:
    return write_codebook_page(sheet, {"errata": []})


def privacy_page(sheet: Sheet = SHEET) -> bytes:
    return write_privacy_page(sheet, report_privacy(make_small([ROW] * 6)))


def response_page(sheet: Sheet = SHEET) -> bytes:
    return write_response_page(sheet, response_report())


each_page = pytest.mark.parametrize("write", [codebook_page, privacy_page, response_page])
Write = Callable[[Sheet], bytes]


@each_page
def test_page_is_whole_by_itself_and_has_no_script(write: Write) -> None:
    outline = Outline(write(SHEET))
    names = {tag for tag, _ in outline.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "form"}
    assert not [
        key for _, attributes in outline.tags for key in attributes if key.startswith("on") or key == "src"
    ]
    assert all(str(link["href"]).startswith("#") for link in outline.named("a"))
    assert (outline.faults, outline.open) == ([], [])


@each_page
def test_page_says_its_language_and_has_one_heading_and_one_main(write: Write) -> None:
    page = write(SHEET)
    outline = Outline(page)
    assert page.startswith(b"<!doctype html>")
    assert outline.named("html") == [{"lang": "nl"}]
    assert (len(outline.named("h1")), len(outline.named("main")), len(outline.named("title"))) == (1, 1, 1)
    assert {"lang": "en", "class": "en"} in outline.named("span")


@each_page
def test_tables_have_a_caption_and_headers_with_a_scope(write: Write) -> None:
    outline = Outline(write(SHEET))
    assert len(outline.named("caption")) == len(outline.named("table")) > 0
    assert all(header.get("scope") in {"row", "col"} for header in outline.named("th"))


@each_page
def test_same_input_gives_the_same_page(write: Write) -> None:
    assert write(SHEET) == write(SHEET)


def test_codebook_shows_each_column_with_labels_and_codes_in_both_languages() -> None:
    text = codebook_page().decode()
    assert all(f'<h2 id="{item.name}">' in text and f'href="#{item.name}"' in text for item in VARIABLES)
    assert '<span lang="nl">weet ik niet</span><br><span lang="en" class="en">I don&#39;t know</span>' in text
    assert '<th scope="row" class="number">-8</th>' in text
    assert "Gevraagd aan:" in text
    assert "0 tot en met" in text


def test_codebook_shows_what_respondents_saw_above_and_beside_a_question() -> None:
    shown = replace(
        VARIABLES[0],
        above={"nl": "Kent u elkaar?", "en": "Do you know each other?"},
        hint={"nl": "Denk aan nu.", "en": "Think of now."},
    )
    text = codebook_page(replace(SHEET, variables=(shown,))).decode()
    assert all(
        words in text
        for words in ("Kent u elkaar?", "Do you know each other?", "Denk aan nu.", "Think of now.")
    )
    assert "Boven deze vraag" not in codebook_page().decode()


def test_codebook_tells_of_errata_only_when_there_are_any() -> None:
    assert b"errata" not in codebook_page()
    assert b"errata" in write_codebook_page(SHEET, {"errata": [{"name": "snel"}]})


def test_nothing_in_a_label_becomes_markup() -> None:
    hostile = tuple(
        replace(
            item,
            label={"nl": HOSTILE, "en": HOSTILE},
            missing=(Code(-8, {"nl": HOSTILE}),),
            universe={"nl": HOSTILE},
            above={"nl": HOSTILE},
            hint={"nl": HOSTILE},
        )
        for item in VARIABLES
    )
    page = codebook_page(replace(SHEET, variables=hostile))
    outline = Outline(page)
    assert not outline.named("script")
    assert not outline.named("img")
    assert b"{{ 7*7 }}" in page
    assert outline.faults == []


def test_twin_without_escaping_the_label_would_be_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aoj_survey.exports.pages._PAGES.autoescape", False)
    monkeypatch.setattr("aoj_survey.exports.pages._PAGES.cache", None)
    hostile = (replace(VARIABLES[0], label={"nl": HOSTILE}),)
    assert Outline(codebook_page(replace(SHEET, variables=hostile))).named("script")


def test_privacy_page_says_what_the_report_says() -> None:
    report = report_privacy(make_small([ROW] * 6))
    report |= {
        "protected": {"richting": 6},
        "homogeneous": [("cijfer", "ib")],
        "largest_risk": 0.166667,
    }
    text = write_privacy_page(SHEET, report).decode()
    assert '<tr><th scope="row"><code>richting</code></th><td class="number">6</td></tr>' in text
    assert "<li><code>cijfer</code>, stratum <code>ib</code></li>" in text
    assert "0.166667" in text
    assert "Wie iemands antwoorden al kent" in text
    assert "Who knows somebody&#39;s answers already" in text
    assert "De bus ging open" not in text


def test_privacy_page_says_what_allowed_the_opening() -> None:
    report = report_privacy(make_small([ROW] * 6))
    text = write_privacy_page(SHEET, report | {"consent": ["delay", "two_people"]}).decode()
    assert "72 uur na de sluiting, zoals tevoren aangekondigd" in text
    assert "once two people had approved" in text


def test_response_page_shows_rows_total_and_rate() -> None:
    text = response_page().decode()
    assert "intern begeleiders" in text
    assert '<td class="number">29</td>' in text
    assert "30%" in text
    assert "Geschat" not in text


def test_response_page_marks_what_was_estimated() -> None:
    table = ResponseTable((ResponseRow(("ib",), 42, 12, 20, 18, estimated=True),))
    text = write_response_page(SHEET, report_response(table)).decode()
    assert "42 *" in text
    assert "Geschat" in text


def test_response_of_nobody_has_no_rate() -> None:
    assert "\N{EN DASH}" in write_response_page(SHEET, report_response(response_table([]))).decode()
