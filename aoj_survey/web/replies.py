"""What a sent page leads to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict
from wtforms import Form

from aoj_survey.errors import PluginError
from aoj_survey.interview import (
    FormError,
    find_control,
    find_errors,
    is_question,
    make_form,
    read_answers,
    unanswered,
)
from aoj_survey.questionnaire import Item, Page, Value
from aoj_survey.regions import list_modules
from aoj_survey.responses import DraftContent

from .faults import OwnError
from .language import current_language
from .visits import Visit, installation

Check: TypeAlias = Callable[[Item, Value], str | None]
"""Says what is wrong with an answer by the region's own rules, or nothing."""


def accept(_item: Item, _value: Value) -> None:
    """Find nothing wrong: a region without rules of its own."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a sent page leads to: a draft to keep or None, and whether to go on or show the page again.

    `failure` is of a module that could not check an answer; raise it after the draft is kept.
    """

    draft: DraftContent | None
    goes_on: bool
    later: bool = False
    errors: tuple[FormError, ...] = ()
    missing: tuple[Item, ...] = ()
    failure: PluginError | None = None


def find_check(connection: Connection, visit: Visit) -> Check:
    """Return the rules of the region: of the modules its questionnaire was started with and that still are enabled.

    A module that is not there now has no say: who answers must not be stopped by it.
    """
    started = {name.partition(" ")[0] for name in visit.instrument.modules}
    if not started:
        return accept
    region, language = visit.participation.region, current_language()
    hooks = installation().hooks.of_region(region, started.intersection(list_modules(connection, region)))
    return lambda item, value: hooks.check_answer(item, value, language)


def answer_page(visit: Visit, page: Page, sent: MultiDict[str, str], check: Check = accept) -> Reply:
    """Return what sending a page leads to.

    Errors stop it, unless the reader wants to go on later: then what is right is kept. A first time nothing
    was filled in gives a friendly prompt; the second time, or by the skip button, the question is left open.
    Where `check` itself fails, the answers of the page are kept as they are.
    """
    step = sent.get("step_", "next")
    counted = _drop_unchosen(page, sent)
    form = make_form(counted, visit.link.language, visit.kinds)(sent)
    errors = () if form.validate() else _list_errors(form, counted, visit)
    given = read_answers(form, _leave_out(counted, errors), visit.kinds)
    try:
        errors += _check_answers(form, counted, given, check)
    except PluginError as failure:
        return Reply(_fill(visit.draft, _leave_out(counted, errors), given), goes_on=False, failure=failure)
    if errors and step != "later":
        return Reply(None, goes_on=False, errors=errors)
    draft = _fill(visit.draft, _leave_out(counted, errors), given)
    if step == "later":
        return Reply(draft, goes_on=True, later=True)
    return _finish_page(page, draft, step)


def _finish_page(page: Page, draft: DraftContent, step: str) -> Reply:
    """Go on, or ask once whether to skip. A page that only explains is noted as read in the same way."""
    missing = unanswered(page, draft.answers)
    if not missing and any(is_question(item) for item in page.items):
        return Reply(draft, goes_on=True)
    prompted = page.code in draft.prompted
    if not prompted:
        draft = replace(draft, prompted=(*draft.prompted, page.code))
    # An open question says itself that it may be left open; a prompt would take that back.
    silent = prompted or step == "skip" or all(item.kind == "open" for item in missing)
    return Reply(draft, goes_on=silent, missing=missing)


def _drop_unchosen(page: Page, sent: MultiDict[str, str]) -> Page:
    """The page without the texts beside choices that were not made; their fields are out of sight then."""
    items = (item for item in page.items if not item.beside or item.beside[1] in sent.getlist(item.beside[0]))
    return replace(page, items=tuple(items))


def _list_errors(form: Form, page: Page, visit: Visit) -> tuple[FormError, ...]:
    """What is wrong by the kinds of the questions; a field of a module's kind says it in its own words."""
    found = find_errors(form, page, visit.kinds)
    known = {error.item.code for error in found}
    worded = [item for item in page.items if item.code not in known and form.errors.get(item.code)]
    return found + tuple(_word_own(form, item, str(next(iter(form[item.code].errors)))) for item in worded)


def _check_answers(form: Form, page: Page, given: Mapping[str, Value], check: Check) -> tuple[FormError, ...]:
    asked = [item for item in page.items if item.code in given]
    said = [(item, check(item, given[item.code])) for item in asked]
    return tuple(_word_own(form, item, message) for item, message in said if message)


def _word_own(form: Form, item: Item, message: str) -> FormError:
    return OwnError(item, "own", {}, find_control(form[item.code]), message)


def _leave_out(page: Page, errors: tuple[FormError, ...]) -> Page:
    faulty = {error.item.code for error in errors}
    return replace(page, items=tuple(item for item in page.items if item.code not in faulty))


def _fill(draft: DraftContent, page: Page, given: Mapping[str, Value]) -> DraftContent:
    """The draft with these answers to the items of a page, and no others."""
    on_page = {item.code for item in page.items}
    kept = {code: value for code, value in draft.answers.items() if code not in on_page}
    return replace(draft, answers={**kept, **{code: given[code] for code in on_page if code in given}})
