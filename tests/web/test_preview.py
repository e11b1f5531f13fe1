"""The live preview, over HTTP as an author's browser meets it: saving, faults, routes, and what stays outside."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path

import pytest

from aoj_survey.authoring import Inspection, inspect_file
from aoj_survey.config import ROOT
from aoj_survey.demo import Browser, PageSeen
from aoj_survey.errors import PluginError, Problem
from aoj_survey.hooks import RegionHooks, load_hooks
from aoj_survey.questionnaire import load_questionnaire
from aoj_survey.web import make_preview
from aoj_survey.web.preview import write_code
from aoj_survey.web.watching import Watch
from tests.hooks.modules import write_module
from tests.serving import serve
from tests.staging import QUESTIONNAIRES, Person
from tests.web.browsing import SEND_ALL
from tests.web.browsing import Browser as Visitor

STOP = re.compile(r'<p class="small stop">.*?</p>')
CORRECT = re.compile(r'<dd><a href="[^"]*/role[^"]*".*?</a></dd>')

MOMENT = datetime(2026, 5, 4, 7, 30, tzinfo=UTC)
TEXT = """\
format: 1
questionnaire: proef
edition: "1"
languages: [nl, en, {code: ar, unchecked: true}]
title: {nl: Hoe <b>werken</b> we samen?, en: How do we work together?, ar: كيف؟}
purpose: {nl: Met uw antwoorden maken we afspraken., en: Your answers help us., ar: من أجل}
roles: [ib, zoco]
themes:
  - code: begin
    title: {nl: Begin, en: Beginning, ar: بداية}
    items:
      - code: overleg
        kind: choice
        text: {nl: Heeft u overleg?, en: Do you meet?, ar: هل؟}
        choices:
          - {code: ja, value: 1, text: {nl: ja, en: "yes", ar: نعم}}
          - {code: nee, value: 2, text: {nl: nee, en: "no", ar: لا}}
          - {code: weet_niet, value: 99, text: {nl: weet ik niet, en: no idea, ar: لا أعرف}, dont_know: true}
      - code: hoe_vaak
        kind: number
        min: 1
        max: 20
        ask_if: overleg == "ja"
        text: {nl: Hoe vaak per maand?, en: How often a month?, ar: كم مرة؟}
      - code: alleen_zoco
        kind: number
        min: 1
        max: 9
        ask_if: role == "zoco"
        text: {nl: Hoeveel klassen?, en: How many classes?, ar: كم؟}
      - {code: cijfer, kind: mark, text: {nl: Welk cijfer?, en: Which mark?, ar: كم؟},
         dont_know: {nl: geen, en: none, ar: لا}}
"""
CORE = load_hooks().of_region("", ())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "proef" / "1.yaml"
    path.parent.mkdir()
    path.write_text(TEXT, "utf-8")
    return path


def start(path: Path, hooks: RegionHooks = CORE) -> Iterator[Browser]:
    def look(language: str) -> Inspection:
        return inspect_file(path, hooks, path.parent.parent, language)

    with serve(make_preview(path, look, hooks, MOMENT)) as port:
        browser = Browser(f"http://127.0.0.1:{port}")
        yield browser
        browser.close()


@pytest.fixture
def author(file: Path) -> Iterator[Browser]:
    yield from start(file)


def line_of(part: str) -> int:
    return TEXT.partition(part)[0].count("\n") + 1


def send(browser: Browser, page: PageSeen, **values: str) -> PageSeen:
    """Press the first button of the page, with these answers."""
    return browser.send(page, page.forms[0], list(values.items()))


def list_stops(page: PageSeen) -> list[str]:
    """The pages that can be jumped to."""
    return re.findall(r'href="/v/[^/]+/p/(\w+)" target="respondent"', page.html)


def frame_of(page: PageSeen) -> str:
    found = re.search(r'<iframe class="phone" name="respondent"[^>]* src="([^"]+)"', page.html)
    assert found is not None
    return found[1]


# Saving


def test_a_save_is_noticed_and_the_new_text_is_served(author: Browser, file: Path) -> None:
    page, version = author.get("/"), author.get("/version").html
    assert f'data-version="{version}"' in page.html
    assert author.get("/version").html == version
    file.write_text(TEXT.replace("Heeft u overleg?", "Spreekt u elkaar?"), "utf-8")
    assert author.get("/version").html != version
    assert "Spreekt u elkaar?" in author.get("/").html
    shown = author.get("/v/ib-nl/p/overleg").html
    assert ("Spreekt u elkaar?" in shown, "Heeft u overleg?" in shown) == (True, False)


def test_a_broken_file_shows_its_faults_and_the_last_good_version(author: Browser, file: Path) -> None:
    assert "Heeft u overleg?" in author.get("/v/ib-nl/p/overleg").html
    file.write_text(TEXT.replace("kind: choice", "kind: keuze").replace("Welk cijfer", "Welke"), "utf-8")
    page = author.get("/")
    assert "1 fout" in page.html
    line = line_of("kind: choice")
    assert f'<a href="#line-{line}">regel {line}</a>' in page.html
    assert f'id="line-{line}" class="line error"' in page.html
    assert '<span lang="en">' in page.html
    assert "Dit is de laatste versie zonder fouten." in page.html
    assert "Welk cijfer?" in author.get("/v/ib-nl/p/cijfer").html
    file.write_text(TEXT.replace("Welk cijfer", "Welke"), "utf-8")
    assert "laatste versie zonder fouten" not in author.get("/").html
    assert "Welke?" in author.get("/v/ib-nl/p/cijfer").html


@pytest.mark.parametrize("broken", [b"{oops", b"\xff\xfe", b"", b"format: 1\nroles: &a [*a]\n"])
def test_a_file_that_never_compiled_says_so_until_it_does(broken: bytes, file: Path) -> None:
    file.write_bytes(broken)
    for author in start(file):
        page = author.get("/")
        assert (page.status, "staan hier de vragen" in page.html) == (200, True)
        assert "<iframe" not in page.html
        assert author.get("/v/ib-nl/").status == 404
        file.write_text(TEXT, "utf-8")
        assert "<iframe" in author.get("/").html


def test_a_file_that_is_away_for_a_moment_is_no_trouble(author: Browser, file: Path) -> None:
    author.get("/")
    file.unlink()
    page = author.get("/")
    assert (page.status, "cannot be read" in page.html) == (200, True)
    assert author.get("/v/ib-nl/p/overleg").status == 200
    file.write_text(TEXT, "utf-8")
    assert "cannot be read" not in author.get("/").html


def test_another_file_that_belongs_to_it_is_watched_too(file: Path, tmp_path: Path) -> None:
    overlay = tmp_path / "overlays" / "zuid.yaml"
    overlay.parent.mkdir()
    added = "{code: zuid_tafel, kind: open, text: {nl: Welke leertafel?}}"
    overlay.write_text(
        'format: 1\noverlay: proef\nedition: "1"\nregion: zuid\nadd:\n'
        f"  - after_item: cijfer\n    items: [{added}]\n"
    )
    for author in start(overlay, load_hooks().of_region("zuid", ())):
        before = author.get("/").html
        assert "Welke leertafel?" in author.get("/v/ib-nl/p/zuid_tafel").html
        version = author.get("/version").html
        file.write_text(TEXT.replace("Heeft u overleg?", "Spreekt u elkaar?"), "utf-8")
        assert author.get("/version").html != version
        assert "Spreekt u elkaar?" in author.get("/").html
        assert "zuid_tafel" in before


def test_the_file_is_compiled_again_only_when_it_changed(file: Path) -> None:
    looks: list[str] = []

    def look(language: str) -> Inspection:
        looks.append(language)
        return inspect_file(file, CORE, file.parent.parent, language)

    watch = Watch(file, look)
    for _ in range(3):
        watch.see("nl")
    assert looks == ["nl"]
    watch.see("en")
    file.write_text(TEXT + "\n", "utf-8")
    watch.see("nl")
    assert looks == ["nl", "en", "nl"]


def test_what_cannot_be_used_at_all_is_told_as_a_problem(file: Path) -> None:
    def look(_language: str) -> Inspection:
        raise PluginError("own", "failed in aoj_overlays: ZeroDivisionError.")

    sight = Watch(file, look).see("nl")
    assert [problem.what for problem in sight.problems] == [
        "The region module own failed in aoj_overlays: ZeroDivisionError."
    ]
    assert (sight.instrument, sight.is_old) == (None, True)


# Text is text


def test_html_in_a_definition_is_text_everywhere(file: Path) -> None:
    harm = "<script>alert(1)</script>"
    file.write_text(TEXT.replace("Heeft u overleg?", harm), "utf-8")
    for author in start(file):
        for address in ("/", "/v/ib-nl/", "/v/ib-nl/p/overleg"):
            html = author.get(address).html
            assert harm not in html
            assert "<b>werken" not in html
        assert "&lt;script&gt;" in author.get("/v/ib-nl/p/overleg").html


def test_sentences_about_a_file_are_escaped_and_their_code_is_code() -> None:
    assert write_code("No `<b>` in `a`.") == "No <code>&lt;b&gt;</code> in <code>a</code>."
    assert write_code("5 < 6") == "5 &lt; 6"


def test_advice_is_in_the_language_of_the_page_and_marks_its_line(author: Browser, file: Path) -> None:
    file.write_text(TEXT.replace("Heeft u overleg?", "Heeft u overleg en zijn er afspraken?"), "utf-8")
    html = author.get("/").html
    assert "0 fouten" in html
    assert "Maak er twee vragen van" in html
    line = line_of("Heeft u overleg?")
    assert f'id="line-{line}" class="line advice"' in html
    assert "Make it two questions" not in html


# The way through


def test_pages_are_answered_and_routed_as_by_a_respondent(author: Browser) -> None:
    welcome = author.get("/v/ib-nl/")
    assert "Hoe &lt;b&gt;werken&lt;/b&gt; we samen?" in welcome.html
    assert "intern begeleider" in welcome.html
    first = send(author, welcome)
    assert first.url.endswith("/p/overleg")
    assert send(author, first, overleg="ja", step_="next").url.endswith("/p/hoe_vaak")
    wrong = send(author, author.get("/v/ib-nl/p/hoe_vaak"), hoe_vaak="99", step_="next")
    assert (wrong.status, "van 1 tot en met 20" in wrong.html) == (422, True)
    mark = send(author, wrong, hoe_vaak="4", step_="next")
    assert mark.url.endswith("/p/cijfer")
    check = send(author, mark, cijfer="7", step_="next")
    assert check.url.endswith("/check")
    assert "Heeft u overleg?" in check.html
    thanks = send(author, check)
    assert thanks.url.endswith("/thanks")
    assert "checked" not in author.get("/v/ib-nl/p/overleg").html


def test_an_unanswered_question_is_prompted_as_it_is_for_respondents(author: Browser) -> None:
    again = send(author, author.get("/v/ib-nl/p/overleg"), step_="next")
    assert "nog niets gekozen" in again.html
    assert send(author, again, step_="skip").url.endswith("/p/cijfer")


def test_the_list_of_pages_follows_the_answers_and_the_role(author: Browser) -> None:
    assert list_stops(author.get("/?role=ib")) == ["overleg", "cijfer"]
    assert list_stops(author.get("/?role=zoco")) == ["overleg", "alleen_zoco", "cijfer"]
    assert "nu niet gevraagd: alleen als “Heeft u overleg?” is ja" in author.get("/?role=ib").html
    send(author, author.get("/v/ib-nl/p/overleg"), overleg="ja", step_="next")
    assert list_stops(author.get("/?role=ib")) == ["overleg", "hoe_vaak", "cijfer"]
    assert list_stops(author.get("/?role=zoco")) == ["overleg", "alleen_zoco", "cijfer"]


def test_the_frame_comes_back_to_the_page_that_was_looked_at(author: Browser, file: Path) -> None:
    assert frame_of(author.get("/?role=ib&language=nl")) == "/v/ib-nl/"
    author.get("/v/ib-nl/p/cijfer")
    file.write_text(TEXT + "\n", "utf-8")
    assert frame_of(author.get("/?role=ib&language=nl")) == "/v/ib-nl/p/cijfer"
    assert frame_of(author.get("/?role=ib&language=en")) == "/v/ib-en/p/cijfer"
    assert frame_of(author.get("/?role=zoco&language=nl")) == "/v/zoco-nl/"


def test_answers_are_forgotten_when_asked(author: Browser) -> None:
    send(author, author.get("/v/ib-nl/p/overleg"), overleg="nee", step_="next")
    assert "checked" in author.get("/v/ib-nl/p/overleg").html
    page = author.get("/?role=ib&language=nl")
    (again,) = [form for form in page.forms if form.action == "/again"]
    back = author.send(page, again, [])
    assert back.url.endswith("?role=ib&language=nl")
    assert "checked" not in author.get("/v/ib-nl/p/overleg").html


def test_an_answer_that_no_longer_fits_is_left_out(author: Browser, file: Path) -> None:
    send(author, author.get("/v/ib-nl/p/overleg"), overleg="nee", step_="next")
    file.write_text(TEXT.replace("code: nee", "code: nooit"), "utf-8")
    page = author.get("/v/ib-nl/p/overleg")
    assert (page.status, "checked" in page.html) == (200, False)


def test_languages_switch_in_the_frame_and_unchecked_ones_say_so(author: Browser) -> None:
    author.get("/v/ib-nl/p/overleg")
    switched = author.get("/v/ib-nl/language/en?next=p/overleg")
    assert (switched.url.endswith("/v/ib-en/p/overleg"), "Do you meet?" in switched.html) == (True, True)
    arabic = author.get("/v/ib-ar/p/overleg").html
    assert '<html lang="ar" dir="rtl">' in arabic
    assert "هل؟" in arabic
    warning = "nog niet nagekeken door iemand die de taal spreekt"
    assert warning in author.get("/?role=ib&language=ar").html
    assert warning not in author.get("/?role=ib&language=en").html


@pytest.mark.parametrize("handle", ["ib-xx", "kok-nl", "ib", "-", "ib-nl-en"])
def test_a_role_or_language_the_file_has_not_is_not_there(handle: str, author: Browser) -> None:
    assert author.get(f"/v/{handle}/").status == 404
    assert author.get("/?role=kok&language=xx").status == 200


def test_rules_and_kinds_of_a_region_work_as_they_do_for_respondents(file: Path, tmp_path: Path) -> None:
    rule = "@hookimpl\ndef aoj_check_answer(item, value):\n    return 'Dat kan hier niet.' if value == 9 else None"
    write_module(tmp_path / "plugins", "own", rule)
    hooks = load_hooks(tmp_path / "plugins", ["own"]).of_region("zuid", ["own"])
    for author in start(file, hooks):
        wrong = send(author, author.get("/v/ib-nl/p/cijfer"), cijfer="9", step_="next")
        assert (wrong.status, "Dat kan hier niet." in wrong.html) == (422, True)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "questionnaires").glob("*/*.yaml")), ids=lambda path: path.parent.name
)
def test_every_page_of_the_standard_set_can_be_looked_at(path: Path) -> None:
    instrument = load_questionnaire(path, "", unchecked=True)
    for author in start(path):
        for role in instrument.roles[:2]:
            for language in instrument.languages:
                for stop in list_stops(author.get(f"/?role={role}&language={language}")):
                    page = author.get(f"/v/{role}-{language}/p/{stop}")
                    assert (page.status, page.url) == (200, f"/v/{role}-{language}/p/{stop}")


# What stays outside


def test_only_the_preview_may_hold_its_own_pages_in_a_frame(author: Browser) -> None:
    policy = author.get("/v/ib-nl/").headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "frame-src 'self'" in policy
    assert "'unsafe-inline'" not in policy
    assert "default-src 'none'" in policy


def test_a_name_that_leads_here_from_elsewhere_gets_nothing(author: Browser) -> None:
    host = author.base.removeprefix("http://")
    for name, status in (("evil.example", 400), (host, 200)):
        connection = HTTPConnection(host)
        connection.request("GET", "/version", headers={"Host": name})
        response = connection.getresponse()
        assert (response.status, len(response.read()) > 0) == (status, True)
        connection.close()


def test_a_form_from_elsewhere_changes_nothing(author: Browser) -> None:
    page = author.get("/v/ib-nl/p/overleg")
    page.forms[0].fixed.clear()
    assert send(author, page, overleg="nee", step_="next").status == 400
    assert "checked" not in author.get("/v/ib-nl/p/overleg").html


def test_problems_in_another_file_are_named_with_that_file(file: Path) -> None:
    elsewhere = Problem("own-rule", "elders.yaml", 3, 1, "Dit mag niet.", "Doe iets.", "advice")

    def look(language: str) -> Inspection:
        found = inspect_file(file, CORE, file.parent.parent, language)
        return replace(found, problems=(elsewhere,))

    with serve(make_preview(file, look, CORE, MOMENT)) as port:
        browser = Browser(f"http://127.0.0.1:{port}")
        html = browser.get("/").html
        browser.close()
    assert "<strong>elders.yaml, regel 3</strong>" in html
    assert 'class="line advice"' not in html


# Never another page than the real one


def read_main(page: str, handle: str) -> str:
    """The main part of a page, without what differs for each visitor."""
    main = page.partition("<main")[2].partition("</main>")[0].replace(handle, "HANDLE")
    return re.sub(r'name="csrf_token" value="[^"]+"', "", main)


def test_pages_are_those_a_respondent_gets(browser: Visitor, people: Sequence[Person]) -> None:
    browser.begin(people[0])
    role, handle = people[0].role, browser.base.split("/")[2]
    for author in start(QUESTIONNAIRES / "widths" / "1.yaml"):
        for page, data in SEND_ALL:
            ours = author.get(f"/v/{role}-nl/p/{page}")
            # What was kept for an author is nothing to erase.
            asked = STOP.sub("", browser.get(f"p/{page}").text)
            assert read_main(ours.html, f"{role}-nl") == read_main(asked, handle)
            browser.answer(page, **data)
            values = [(name, part) for name, value in data.items() for part in as_list(value)]
            author.send(ours, ours.forms[0], [*values, ("step_", "next")])
        check = author.get(f"/v/{role}-nl/check")
        # Nor has an author another role to choose: that is above the preview.
        asked = CORRECT.sub("", STOP.sub("", browser.get("check").text))
        assert read_main(check.html, f"{role}-nl") == read_main(asked, handle)
        assert "samen om tafel" in check.html


def as_list(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]
