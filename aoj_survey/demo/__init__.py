"""The demonstration: invented people, a mailbox, and a rehearsal of a whole wave."""

from .browser import Browser, BrowserError, Form, PageSeen
from .earlier import play_earlier_wave
from .figures import FigureLine
from .frame import INVITED, make_frame
from .history import REGION, WAVE, play_history
from .mailbox import catch_mail, find_free_port, read_mails
from .rehearsal import Rehearsal, RehearsalError, SilentHandler, rehearse
from .respondent import answer_questionnaire, fill_form
from .wave import find_open_link, make_plan, start_demo_wave

__all__ = [
    "INVITED",
    "REGION",
    "WAVE",
    "Browser",
    "BrowserError",
    "FigureLine",
    "Form",
    "PageSeen",
    "Rehearsal",
    "RehearsalError",
    "SilentHandler",
    "answer_questionnaire",
    "catch_mail",
    "fill_form",
    "find_free_port",
    "find_open_link",
    "make_frame",
    "make_plan",
    "play_earlier_wave",
    "play_history",
    "read_mails",
    "rehearse",
    "start_demo_wave",
]
