"""What a sent page leads to, whatever was sent; and two devices at once."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from aoj_survey.interview import check_answers, walk
from aoj_survey.invitations import InvitationFacts
from aoj_survey.questionnaire import Answers, load_questionnaire
from aoj_survey.responses import DraftContent
from aoj_survey.waves import ParticipationFacts
from aoj_survey.web.links import Link
from aoj_survey.web.questions import show_questions
from aoj_survey.web.replies import answer_page
from aoj_survey.web.visits import Visit, find_open_page, is_passed
from tests.staging import QUESTIONNAIRES, Person
from tests.web.browsing import Browser
from tests.web.test_respondent import read_kept

WIDTHS = load_questionnaire(QUESTIONNAIRES / "widths.yaml", "rijnmeer")
COMPLETE: Answers = {
    "overleg": "ja",
    "jaren": 3,
    "taken": "ja",
    "afspraken": "nee",
    "sturing": ("visie",),
    "visie_hoe": "samen",
    "cijfer": 4,
    "beter": "tijd",
}
CODES = sorted({choice.code for item in WIDTHS.items() for choice in item.choices})
SENT = st.one_of(st.sampled_from([*CODES, "", "7", " 12 ", "-1", "999", "1e3"]), st.text(max_size=60))


def make_visit(draft: DraftContent) -> Visit:
    moment = datetime(2026, 5, 4, tzinfo=UTC)
    facts = ParticipationFacts(
        id=UUID(int=1),
        wave="2026",
        region="rijnmeer",
        region_name="Rijnmeer",
        time_zone="Europe/Amsterdam",
        name="voorjaar 2026",
        status="running",
        opens_at=moment,
        closes_at=moment,
        closed_at=None,
        contact_mail="monitor@rijnmeer.example",
        contact_phone="085 000 00 00",
        approval="two_people",
        box_public_key=b"",
        ballot_size=None,
        purge_on=None,
    )
    invitation = InvitationFacts(UUID(int=2), "ib", "open", True, "nl", "digest", "ib", facts)
    return Visit(Link("h", "t", "nl"), invitation, WIDTHS, draft, walk(WIDTHS, draft.answers))


@settings(deadline=None, max_examples=300)
@given(
    page=st.sampled_from([page.code for page in WIDTHS.pages]),
    sent=st.dictionaries(
        st.sampled_from([*(item.code for item in WIDTHS.items()), "step_", "elsewhere"]),
        st.lists(SENT, max_size=3),
        max_size=6,
    ),
    step=st.sampled_from(["next", "later", "skip", "odd"]),
)
def test_whatever_is_sent_only_real_answers_of_that_page_are_kept(
    page: str, sent: dict[str, list[str]], step: str
) -> None:
    visit = make_visit(DraftContent(COMPLETE))
    shown = next(found for found in visit.path.pages if found.code == page)
    reply = answer_page(visit, shown, MultiDict({**sent, "step_": [step]}))
    if reply.draft is None:
        assert reply.errors
        assert not reply.goes_on
        return
    check_answers(WIDTHS, reply.draft.answers)
    on_page = {item.code for item in shown.items}
    untouched = {code: value for code, value in COMPLETE.items() if code not in on_page}
    assert untouched.items() <= reply.draft.answers.items()
    assert step == "later" or not reply.errors


@settings(deadline=None, max_examples=100)
@given(
    answers=st.fixed_dictionaries({}, optional={code: st.just(value) for code, value in COMPLETE.items()}),
    prompted=st.sets(st.sampled_from([page.code for page in WIDTHS.pages])),
)
def test_the_open_page_is_the_first_that_is_not_passed(answers: Answers, prompted: set[str]) -> None:
    draft = DraftContent(answers, tuple(prompted))
    visit = make_visit(draft)
    found = find_open_page(visit.path, draft)
    for page in visit.path.pages:
        if page == found:
            break
        assert is_passed(page, draft)
    else:
        assert found is None
    assert "overleg" in answers or (found is not None and found.code == "overleg")


def test_an_open_answer_counts_its_characters_as_the_check_does(sqlite_app: Flask) -> None:
    visit = make_visit(DraftContent(COMPLETE))
    page = next(page for page in visit.path.pages if page.code == "beter")
    with sqlite_app.test_request_context():
        (question,) = show_questions(visit, page, MultiDict({"beter": "  één\r\ntwee  "}))
    assert question.left == 40 - len("één\ntwee")


def test_two_devices_at_once_lose_no_answer(
    app: Flask, people: Sequence[Person], facts: ParticipationFacts
) -> None:
    laptop, phone = Browser(app), Browser(app)
    laptop.begin(people[0])
    laptop.answer("overleg", overleg="nee")
    phone.open(people[0])
    phone.get("p/jaren")
    for number in range(1, 9):
        together = threading.Barrier(2)

        def save(browser: Browser, page: str, value: str, together: threading.Barrier = together) -> None:
            together.wait()
            browser.answer(page, **{page: value})

        threads = [
            threading.Thread(target=save, args=(laptop, "jaren", str(number))),
            threading.Thread(target=save, args=(phone, "cijfer", str(number))),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        kept = read_kept(people[0], facts)
        assert kept is not None
        assert (kept.answers["jaren"], kept.answers["cijfer"]) == (number, number)
