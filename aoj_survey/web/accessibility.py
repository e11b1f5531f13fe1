"""What the accessibility statement says was tested, each with the tests of ours that did it."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext

TESTED_ON = date(2026, 11, 22)
"""The day somebody last went through this list beside the tests."""

AXE = "4.14.1"


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of the statement, and the tests in `tests/browser/` that make it true, as `file::function`."""

    text: str
    tests: tuple[str, ...]


def list_tested() -> tuple[Claim, ...]:
    """Return what was tested; nothing may stand here without a test."""
    return (
        Claim(
            gettext("All pages with axe-core %(version)s, on a phone and on a laptop.", version=AXE),
            (
                "test_states.py::test_a_page_is_accessible_and_fits",
                "test_states.py::test_no_route_is_forgotten",
            ),
        ),
        Claim(
            gettext(
                "All pages on a narrow screen, enlarged twice, and with more space between letters and lines."
            ),
            ("test_states.py::test_a_page_is_accessible_and_fits",),
        ),
        Claim(
            gettext("Answering every kind of question by keyboard, with the focus in sight."),
            (
                "test_keyboard.py::test_every_kind_of_question_is_answered_by_keyboard_with_the_focus_in_sight",
            ),
        ),
        Claim(
            gettext("Answering in colours the reader has chosen."),
            ("test_keyboard.py::test_chosen_and_focused_answers_stand_out_also_in_colours_of_the_reader",),
        ),
        Claim(
            gettext("The names and messages a screen reader gets, read by a program."),
            (
                "test_names.py::test_a_screen_reader_hears_the_question_and_its_answers",
                "test_names.py::test_faults_and_prompts_are_announced_and_have_the_focus",
            ),
        ),
        Claim(
            gettext("Filling in whole questionnaires without JavaScript."),
            ("test_journeys.py::test_an_edition_is_answered_anywhere",),
        ),
    )


def list_untested() -> tuple[str, ...]:
    """Return what nobody tested."""
    return (
        gettext("No independent expert has examined this website."),
        gettext("Nobody who uses a screen reader, voice control or another aid has tried it for us."),
        gettext("Other browsers than Chromium, and real phones."),
        gettext("Mails, and posters on paper."),
    )


def list_deviations() -> tuple[str, ...]:
    """Return what is known not to be as it should."""
    return (
        gettext("We know of no faults in the pages tested. That does not mean there are none."),
        gettext(
            "A text that was not translated is shown in another language. It is marked, so that "
            "a screen reader can read it in that language."
        ),
    )
