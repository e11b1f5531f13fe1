"""The printed questionnaire: all that is asked is in it, nothing runs, and it reads as a document."""

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from aoj_survey.authoring import print_questionnaire
from aoj_survey.authoring.labels import KIND_NAMES, LABELS
from aoj_survey.config import ROOT
from aoj_survey.errors import NotFoundError
from aoj_survey.questionnaire import (
    KINDS,
    Instrument,
    OverlayText,
    compile_questionnaire,
    load_questionnaire,
)

STANDARD = sorted((ROOT / "questionnaires").glob("*/*.yaml"))
VOID = {"meta", "br", "link", "img", "input", "hr"}

TEXT = """\
format: 1
questionnaire: proef
edition: "1"
languages: [nl, ar, {code: tr, unchecked: true}]
title: {nl: Samen <b>werken</b>, ar: كيف تتعاون؟, tr: Nasil}
purpose: {nl: "Om **beter** te worden.", ar: من أجل, tr: Icin}
roles: [ib, beleid_gem]
words:
  verzuim: {nl: verzuim, ar: غياب}
themes:
  - code: begin
    title: {nl: Begin, ar: بداية}
    locked: true
    items:
      - {code: uitleg, kind: explanation, text: {nl: Uitleg}, hint: {nl: "Lees *dit* eerst."}}
      - code: overleg
        kind: choice
        required: true
        source: D15
        concept: meet
        text: {nl: "Heeft u <script>alert(1)</script> overleg over {word:verzuim}?", ar: هل؟}
        choices:
          - {code: ja, value: 1, text: {nl: ja, ar: نعم}}
          - {code: anders, value: 2, text: {nl: "anders, namelijk"}, other: true, max_length: 70}
          - {code: weet_niet, value: 99, text: {nl: weet ik niet}, dont_know: true}
      - code: jaren
        kind: number
        min: 0
        max: 50
        unit: {nl: jaar}
        ask_if: overleg == "ja" && role == "ib"
        quasi_identifier: true
        text: {nl: Hoeveel jaar al?}
  - code: einde
    title: {nl: Einde}
    items:
      - {code: cijfer, kind: mark, text: {nl: Welk cijfer?}, dont_know: {nl: geen}}
      - {code: tip, kind: open, max_length: 200, text: {nl: "U gaf {cijfer|geen cijfer}. Wat moet beter?"}}
      - group: kennen
        text: {nl: Kent u elkaar?}
        items:
          - {code: taken, text: {nl: Ik ken hun taken.}}
          - {code: afspraken, text: {nl: Wij maken afspraken.}, ask_if: role == "beleid_gem"}
        scale: jn
scales:
  jn:
    - {code: ja, value: 1, text: {nl: eens}}
    - {code: nee, value: 2, text: {nl: oneens}}
"""
OVERLAY = """\
format: 1
overlay: proef
edition: "1"
region: zuid-west
words:
  verzuim: {nl: Stappenplan verzuim}
roles:
  ib: {nl: kwaliteitscoördinator}
mail: {nl: De gemeenten vragen u mee te doen.}
add:
  - after_item: cijfer
    items: [{code: zuid_west_tafel, kind: open, text: {nl: Welke leertafel?}}]
"""


@pytest.fixture
def instrument() -> Instrument:
    overlay = OverlayText(OVERLAY, "zuid.yaml")
    return compile_questionnaire(TEXT, "proef.yaml", "zuid-west", [overlay], unchecked=True)


def section_of(document: str, code: str) -> str:
    """The part of the document about one question."""
    sections = [part.partition("</section>")[0] for part in document.split('<section class="question')[1:]]
    (found,) = [section for section in sections if f"<code>{code}</code></h" in section]
    return found


class Outline(HTMLParser):
    """Reads a document and keeps what a browser would stumble over."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.levels: list[int] = []
        self.ids: list[str] = []
        self.fetched: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag in {"script", "iframe", "object", "img"} or "src" in values or tag == "link":
            self.fetched.append(tag)
        if values.get("id"):
            self.ids.append(values["id"] or "")
        if any(name.startswith("on") or name == "style" for name in values):
            self.faults.append(f"{tag} has {values}")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes what is not open")


def read_outline(document: str) -> Outline:
    outline = Outline()
    outline.feed(document)
    outline.close()
    return outline


def find_faults(document: str) -> list[str]:
    outline = read_outline(document)
    levels = outline.levels
    jumps = [f"h{b} after h{a}" for a, b in pairwise(levels) if b > a + 1]
    twice = [name for name in set(outline.ids) if outline.ids.count(name) > 1]
    first = [] if levels[:1] == [1] and levels.count(1) == 1 else ["not one h1, in front"]
    return [*outline.faults, *outline.fetched, *outline.open, *jumps, *twice, *first]


@pytest.mark.parametrize("path", STANDARD, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_standard_questionnaire_prints_whole_in_every_language(path: Path) -> None:
    instrument = load_questionnaire(path, "", unchecked=True)
    asked = [item for item in instrument.items() if KINDS[item.kind].type != "none" and not item.beside]
    for language in instrument.languages:
        document = print_questionnaire(instrument, language)
        assert find_faults(document) == []
        assert document.count('<span class="number">') == len(asked)
        assert f'<span class="number">{len(asked)}.</span>' in document
        for item in asked:
            section_of(document, item.code)


@pytest.mark.parametrize(
    "harm",
    [
        ("</main>", '<script src="x.js"></script></main>'),
        ("<h2", "<h5"),
        ("<h1", "<p><h1"),
        ("<main>", '<main onclick="x()">'),
        ("</main>", "<h1>again</h1></main>"),
        ('id="theme-einde"', 'id="theme-begin"'),
    ],
    ids=["fetches", "jumps", "unclosed", "runs", "two-heads", "same-id"],
)
def test_twin_a_document_that_is_not_right_is_found(harm: tuple[str, str], instrument: Instrument) -> None:
    document = print_questionnaire(instrument, "nl")
    assert find_faults(document) == []
    assert find_faults(document.replace(*harm, 1)) != []


def test_html_in_a_definition_is_text(instrument: Instrument) -> None:
    document = print_questionnaire(instrument, "nl")
    assert "<script" not in document
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in document
    assert "Samen &lt;b&gt;werken&lt;/b&gt;" in document
    assert "default-src 'none'" in document


def test_markdown_words_and_quotes_are_shown_as_they_are_meant(instrument: Instrument) -> None:
    document = print_questionnaire(instrument, "nl")
    assert "Om <strong>beter</strong> te worden." in document
    assert "Lees <em>dit</em> eerst." in document
    assert "overleg over Stappenplan verzuim?" in section_of(document, "overleg")
    assert "U gaf [antwoord op cijfer]. Wat moet beter?" in document
    assert "{" not in re.sub(r"(?s)<style>.*</style>", "", document)


def test_a_question_has_its_answers_values_and_what_a_reviewer_wants_to_know(instrument: Instrument) -> None:
    document = print_questionnaire(instrument, "nl")
    choice, number = section_of(document, "overleg"), section_of(document, "jaren")
    assert "<td>1</td><td>ja</td><td><code>ja</code></td>" in choice
    assert "met een tekst van hoogstens 70 tekens" in choice
    assert "<td>99</td><td>weet ik niet</td>" in choice
    assert "kan niet worden overgeslagen" in choice
    assert "<dt>Bron</dt><dd>D15</dd>" in choice
    assert "<dt>Begrip</dt><dd>meet</dd>" in choice
    assert "getal van 0 tot en met 50 jaar" in number
    assert "en functie is kwaliteitsco" in number
    assert "kan samen met functie en regio naar een persoon wijzen" in number
    assert "open antwoord van hoogstens 200 tekens" in section_of(document, "tip")
    assert '<span class="number">' not in section_of(document, "uitleg")


def test_the_answers_statements_share_are_printed_once(instrument: Instrument) -> None:
    document = print_questionnaire(instrument, "nl")
    assert document.count("<td>oneens</td>") == 1
    assert document.index("Kent u elkaar?") < document.index("<td>oneens</td>") < document.index("Ik ken hun")


def test_what_the_region_adds_is_marked_and_nothing_else(instrument: Instrument) -> None:
    document = print_questionnaire(instrument, "nl")
    own = section_of(document, "zuid_west_tafel")
    assert "van de regio" in own
    assert document.count("van de regio</span>") == 1
    assert "De gemeenten vragen u mee te doen." in document
    plain = compile_questionnaire(TEXT, "proef.yaml", "")
    assert "van de regio" not in print_questionnaire(plain, "nl")


def test_minutes_and_questions_are_those_of_each_role(instrument: Instrument) -> None:
    document = print_questionnaire(instrument, "nl")
    rows = dict(re.findall(r"<tr><td>[^<]+</td><td><code>(\w+)</code></td><td>(\d+)</td>", document))
    assert rows == {"ib": "6", "beleid_gem": "6"}
    assert "<td>kwaliteitscoördinator</td>" in document


def test_for_a_role_only_what_it_may_be_asked_is_printed(instrument: Instrument) -> None:
    document = print_questionnaire(instrument, "nl", "beleid_gem")
    assert "<code>jaren</code></h" not in document
    section_of(document, "afspraken")
    assert "alleen wat deze functie gevraagd kan worden: <strong>beleidsmedewerker gemeente" in document
    other = print_questionnaire(instrument, "nl", "ib")
    section_of(other, "jaren")
    assert "<code>afspraken</code></h" not in other


def test_texts_say_their_language_and_direction(instrument: Instrument) -> None:
    document = print_questionnaire(instrument, "ar")
    assert '<html lang="en" dir="ltr">' in document
    assert '<span lang="ar" dir="rtl">هل؟</span>' in document
    # What is not translated is shown in the first language, and says so.
    assert '<span lang="nl" dir="ltr">Einde</span>' in document
    assert 'lang="nl"' not in print_questionnaire(instrument, "nl").replace('<html lang="nl"', "", 1)


def test_a_translation_nobody_checked_says_so(instrument: Instrument) -> None:
    warning = "has not been checked by a speaker"
    assert warning in print_questionnaire(instrument, "tr", unchecked=("tr",))
    assert warning not in print_questionnaire(instrument, "ar", unchecked=("tr",))


def test_it_has_rules_for_paper_that_keep_a_question_whole(instrument: Instrument) -> None:
    document = print_questionnaire(instrument, "nl")
    paper = document.partition("@media print {")[2]
    assert re.search(r"\.question, [^{]*\{ break-inside: avoid; \}", paper)


@pytest.mark.parametrize(
    ("language", "role", "told"), [("xx", None, "nl, ar, tr"), ("nl", "kok", "ib, beleid_gem")]
)
def test_an_unknown_language_or_role_is_answered_with_the_known_ones(
    language: str, role: str | None, told: str, instrument: Instrument
) -> None:
    with pytest.raises(NotFoundError, match=told):
        print_questionnaire(instrument, language, role)


def test_our_own_words_are_there_in_both_languages() -> None:
    assert LABELS["nl"].keys() == LABELS["en"].keys()
    assert KIND_NAMES.keys() == KINDS.keys()
    assert all(set(name) == {"nl", "en"} for name in KIND_NAMES.values())
