"""What a screen reader hears of each kind of question: roles, names and states in the accessibility tree."""

import re

import pytest
from playwright.sync_api import Browser, expect

from .looking import PHONE, open_window
from .states import type_wrong, visit
from .theatre import Theatre

HEARD = {
    "waar": """
- group "Waar werkt u het meest?":
  - heading "Waar werkt u het meest?" [level=1]
  - radio "op een school"
  - radio "bij een wijkteam"
""",
    "samen": """
- group "Wat doet u samen?":
  - checkbox "beleid maken"
  - checkbox "inkopen"
""",
    "factoren": """
- group "Wat helpt het meest?":
  - combobox "Plaats 1"
  - combobox "Plaats 2"
""",
    "kennen": """
- heading "Kent u het wijkteam?" [level=1]
- group "Ik ken hun taken.":
  - radio "ja"
  - radio "nee"
  - radio "weet ik niet"
- group "Ik ken de mensen.":
  - radio "ja"
""",
    "cijfer": """
- group "Welk cijfer geeft u?":
  - radio "1"
  - radio "10"
  - radio "weet ik niet"
""",
    "hoger": """
- heading /Wat moet er beter/ [level=1]
- textbox /Wat moet er beter/
""",
    "jaren": """
- heading "Hoeveel jaar doet u dit werk?" [level=1]
- textbox "Hoeveel jaar doet u dit werk?"
""",
    "laatste": """
- group "Wanneer was het laatste overleg?":
  - textbox "Dag"
  - textbox "Maand"
  - textbox "Jaar"
""",
    "sinds": """
- group "Sinds wanneer doet u dit werk?":
  - textbox "Maand"
  - textbox "Jaar"
""",
}


@pytest.mark.parametrize("code", HEARD)
def test_a_screen_reader_hears_the_question_and_its_answers(
    chromium: Browser, theatre: Theatre, code: str
) -> None:
    with open_window(chromium, PHONE) as (page, _watch):
        visit("fresh", f"p/{code}")(page, theatre)
        expect(page.get_by_role("main")).to_match_aria_snapshot(HEARD[code])


def test_faults_and_prompts_are_announced_and_have_the_focus(chromium: Browser, theatre: Theatre) -> None:
    with open_window(chromium, PHONE) as (page, _watch):
        type_wrong("jaren", "veel")(page, theatre)
        expect(page.get_by_role("alert")).to_be_focused()
        expect(page).to_have_title(re.compile("^Fout: "))
        field = page.get_by_role("main").get_by_role("textbox")
        assert field.get_attribute("aria-invalid") == "true"
        expect(field).to_have_accessible_description(re.compile("van 0 tot en met 50"))
        # Somebody of their own: a prompt comes once, and what is chosen is kept.
        visit("prompted", "p/waar")(page, theatre)
        page.get_by_role("button", name="Volgende").click()
        expect(page.get_by_role("status").filter(has_text="U heeft nog niets gekozen")).to_be_focused()


def test_a_chosen_answer_and_a_cleared_one_are_heard(chromium: Browser, theatre: Theatre) -> None:
    with open_window(chromium, PHONE) as (page, _watch):
        visit("choosing", "p/samen")(page, theatre)
        page.get_by_role("checkbox", name="inkopen").check()
        page.get_by_role("checkbox", name="geen van deze").check()
        assert not page.get_by_role("checkbox", name="inkopen").is_checked()
        expect(page.get_by_role("status").filter(has_text="weggehaald")).to_have_count(1)


def test_a_name_that_is_gone_is_missed(chromium: Browser, theatre: Theatre) -> None:
    with open_window(chromium, PHONE) as (page, _watch):
        visit("fresh", "p/waar")(page, theatre)
        page.evaluate("document.querySelector('fieldset legend').remove()")
        with pytest.raises(AssertionError, match="Waar werkt u"):
            expect(page.get_by_role("main")).to_match_aria_snapshot(HEARD["waar"], timeout=500)
