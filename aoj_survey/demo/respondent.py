"""An invented respondent who answers over HTTP, from the link in the mail to the thank-you page."""

from aoj_survey.questionnaire import Answers, Value

from .browser import Browser, BrowserError, Form, PageSeen

MAX_PAGES = 100


def answer_questionnaire(browser: Browser, link: str, answers: Answers) -> PageSeen:
    """Follow a personal link, fill in every page and send; return the thank-you page.

    Raises:
        BrowserError: a page refused the answers, or the last page was never reached.
    """
    page = browser.get(link)
    for _ in range(MAX_PAGES):
        if page.status != 200:  # noqa: PLR2004 — the status of a page that is fine
            raise BrowserError(f"{page.url} answered {page.status}.")
        if not page.forms:
            if not page.url.endswith("/thanks"):
                raise BrowserError(f"{page.url} has no form to go on with.")
            return page
        form = page.forms[0]
        page = browser.send(page, form, fill_form(form, answers))
    raise BrowserError("The questionnaire did not end.")


def fill_form(form: Form, answers: Answers) -> list[tuple[str, str]]:
    """Return the values to send: the answers to the items this form offers."""
    values: list[tuple[str, str]] = []
    for name in form.offered:
        if name in answers:
            values += [(name, text) for text in _texts(answers[name])]
    return values


def _texts(value: Value) -> list[str]:
    return list(value) if isinstance(value, tuple) else [str(value)]
