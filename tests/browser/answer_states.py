"""Pages of the review desk, in each state they can show."""

from uuid import UUID

from playwright.sync_api import Page
from sqlalchemy import select

from aoj_survey.accounts import add_account, list_accounts, renew_token
from aoj_survey.db import db
from aoj_survey.open_answers import Mark, OpenAnswer, dump_marks
from aoj_survey.reviewing import Place, propose
from tests.factories import make_open_answer, make_open_item, make_participation

from .states import Opening, State
from .theatre import Theatre

WAVE, REGION, WHO = "2023", "woudstreek", "Verzonnen Lezer"
LONG = "schooldenktmee" * 40
"""A word that no line can hold."""

TEXT = "Bel 0612345678 voor overleg"


def _set_stage() -> str:
    """Make an opened participation with open answers, once; return the code of somebody who looks through."""
    with db.write() as connection:
        if any(account.name == WHO for account in list_accounts(connection)):
            return renew_token(connection, WHO)[1]
        place = make_participation(connection, wave_code=WAVE, region_code=REGION, status="opened")
        make_open_item(connection, place, kept=3, unkept=2, names_sought=False)
        marks = dump_marks([Mark(4, 14, "phone")])
        for text in (TEXT, TEXT, "Meer tijd"):
            make_open_answer(connection, place, text=text, marks=marks if text == TEXT else dump_marks(()))
        rows = connection.execute(
            select(OpenAnswer.id, OpenAnswer.text).where(OpenAnswer.participation_id == place)
        )
        proposals = {row.text: row.id for row in rows}
        propose(
            connection,
            Place(place),
            "beter",
            proposals[TEXT],
            "redact",
            "Verzonnen Ander",
            shortened="Bel voor overleg",
        )
        return add_account(connection, WHO, ["review"])[1]


def sit_down(page_of: str = "") -> Opening:
    """Log in as somebody who looks through, and open a page of the desk."""

    def go(page: Page, theatre: Theatre) -> None:
        token = _set_stage()
        page.goto(f"{theatre.site.base}/coordinator/login")
        page.locator("input[type=password]").fill(token)
        page.get_by_role("main").get_by_role("button").click()
        page.goto(f"{theatre.site.base}/coordinator/{WAVE}/{REGION}/answers{page_of}")

    return go


def set_many(page: Page, theatre: Theatre) -> None:
    """Look through more answers than a page holds, one of them a word without end."""
    sit_down()(page, theatre)
    with db.write() as connection:
        if not connection.execute(select(OpenAnswer.id).where(OpenAnswer.text == LONG)).first():
            make_open_item(connection, None, wave_code=WAVE, kept=11)
            for number in range(10):
                make_open_answer(connection, None, wave_code=WAVE, text=f"Antwoord {number}")
            make_open_answer(connection, None, wave_code=WAVE, text=LONG, id=UUID(int=1))
    page.goto(f"{theatre.site.base}/coordinator/{WAVE}/joint/answers/beter")


def look_where_nothing_is(page: Page, theatre: Theatre) -> None:
    """Look at the desk of a place whose box is not open yet."""
    sit_down()(page, theatre)
    page.goto(f"{theatre.site.base}/coordinator/2026/rijnmeer/answers")


def add_a_word(page: Page, theatre: Theatre) -> None:
    """Propose a text with a word that was not there."""
    sit_down("/beter")(page, theatre)
    paper = page.locator("fieldset").first
    paper.get_by_label("Vrijgeven zonder sommige woorden").check()
    paper.locator("summary").click()
    paper.locator("textarea").fill("Bel nooit")
    page.get_by_role("button", name="Stel voor en ga verder").click()


ANSWER_STATES = (
    State("answers", "answers.show_items", sit_down(), "Wacht op een voorstel: 2"),
    State("answers-waiting", "answers.look_through", sit_down("/beter"), "De volgorde is willekeurig"),
    State("answers-wrong", "answers.look_through", add_a_word, "staat niet op die plek"),
    State(
        "answers-proposed",
        "answers.look_at_proposals",
        sit_down("/beter/decide"),
        "Verzonnen Ander stelt voor",
    ),
    State("answers-many", "answers.look_through", set_many, "Laat deze tot later"),
    State("answers-none", "answers.show_items", look_where_nothing_is, "Er zijn hier geen open antwoorden"),
)
