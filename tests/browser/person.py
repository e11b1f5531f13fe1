"""Somebody who answers by what the page shows: controls found by role and name, as a screen reader finds them."""

import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

from playwright.sync_api import Locator, Page, expect

MAX_PAGES = 60
START = re.compile("^(Start|Ga verder met) de vragenlijst$")
NEXT, SEND = "Volgende", "Verstuur mijn antwoorden"
SENTENCE = "Wij zoeken elkaar eerder op."
NUMBERS = {"dag": "4", "maand": "5", "jaar": "2024"}
"""What is typed in a numeric field of this name; 3 in any other."""

Choose: TypeAlias = Callable[[Sequence[Locator]], Locator]
"""Picks one of several answers."""


def choose_first(offered: Sequence[Locator]) -> Locator:
    """Pick the first answer, which in the standard set opens most follow-up questions."""
    return offered[0]


def choose_last(offered: Sequence[Locator]) -> Locator:
    """Pick the last answer, often "don't know"."""
    return offered[-1]


def begin(page: Page, link: str) -> None:
    """Open a personal link and press start."""
    page.goto(link)
    page.get_by_role("main").get_by_role("button", name=START).click()


def fill_page(page: Page, choose: Choose = choose_first) -> int:
    """Answer everything a question page asks; return how many questions that were."""
    main = page.get_by_role("main")
    groups = [group for group in main.get_by_role("group").all() if group.get_by_role("radio").count()]
    for group in groups:
        choose(group.get_by_role("radio").all()).check()
    boxes = main.get_by_role("checkbox").all()
    if boxes:
        choose(boxes).check()
    ranks = main.get_by_role("combobox").all()
    for place, rank in enumerate(ranks, start=1):
        rank.select_option(index=place)
    fields = [field for field in main.get_by_role("textbox").all() if field.is_visible()]
    for field in fields:
        field.fill(word_for(field))
    return len(groups) + len(fields) + bool(boxes) + bool(ranks)


def word_for(field: Locator) -> str:
    """Return what somebody types in a field: a number where the page asks for one, else a sentence."""
    if field.get_attribute("inputmode") != "numeric":
        return SENTENCE
    # Of a date each part is a field with its own name.
    name = field.evaluate("field => field.labels[0]?.textContent.trim().toLowerCase() ?? ''")
    return NUMBERS.get(name, "3")


def answer_all(page: Page, choose: Choose = choose_first) -> int:
    """Fill in page after page until the answers can be sent; return how many questions were answered."""
    main, answered = page.get_by_role("main"), 0
    for _ in range(MAX_PAGES):
        if main.get_by_role("button", name=SEND).count():
            return answered
        answered += fill_page(page, choose)
        press_next(page)
    raise AssertionError(f"The questionnaire did not end; the last page was {page.url}")


def press_next(page: Page) -> None:
    """Press the button to the next page, which must be another one."""
    heading = page.get_by_role("heading", level=1)
    before = heading.inner_text()
    page.get_by_role("main").get_by_role("button", name=NEXT).click()
    # The script may send the page after what it is keeping, so a click need not lead on at once.
    expect(heading).not_to_have_text(before)
    expect(page.get_by_role("alert")).to_have_count(0)


def send_all(page: Page) -> None:
    """Send the answers; the last page thanks."""
    page.get_by_role("main").get_by_role("button", name=SEND).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bedankt")
