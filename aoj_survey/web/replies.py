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
from aoj_survey.responses import DraftContent, Marks, Merged, merge_answers

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

    `marks` are those of the answers as they were sent, for when the page is shown again. `contested` tells that
    an answer was changed on another device too. `failure` is of a module that could not
    check an answer; raise it after the draft is kept.
    """

    draft: DraftContent | None
    goes_on: bool
    later: bool = False
    errors: tuple[FormError, ...] = ()
    missing: tuple[Item, ...] = ()
    marks: str = ""
    contested: bool = False
    failure: PluginError | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a page somebody is still busy with: the draft, and whether all on the page was right.

    `marks` are what the page knows from now on. `contested` tells that another device changed an answer too,
    which was left as it is: the page, if it is still there, sends its own once more.
    """

    draft: DraftContent
    marks: Marks
    whole: bool
    contested: bool

    def tell(self) -> dict[str, str | bool]:
        """What the script of the page has to know."""
        return {"kept": self.whole, "other": self.contested, "was": write_marks(self.marks)}


@dataclass(frozen=True, slots=True)
class _Reading:
    """A sent page: its items that are right, the answers given, what is wrong, and a module that failed."""

    right: Page
    given: Mapping[str, Value]
    errors: tuple[FormError, ...]
    failure: PluginError | None


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


def read_marks(written: str) -> dict[str, str]:
    """Return the marks a form carried; what is none is left out."""
    parts = (part.partition(":") for part in written.split())
    return {code: mark for code, _, mark in parts if mark}


def write_marks(marks: Marks) -> str:
    """Return marks as a form carries them."""
    return " ".join(f"{code}:{mark}" for code, mark in marks.items())


def answer_page(visit: Visit, page: Page, sent: MultiDict[str, str], check: Check = accept) -> Reply:
    """Return what sending a page leads to.

    Errors stop it, unless the reader wants to go on later: then what is right is kept. A first time nothing
    was filled in gives a friendly prompt; the second time, or by the skip button, the question is left open.
    Where `check` itself fails, the answers of the page are kept as they are.
    """
    step = sent.get("step_", "next")
    reading = _read_page(visit, page, sent, check)
    if reading.errors and step != "later" and not reading.failure:
        return Reply(None, goes_on=False, errors=reading.errors)
    draft, merged = _merge(visit.draft, reading, sent)
    contested = bool(merged.contested)
    if reading.failure:
        return Reply(draft, goes_on=False, failure=reading.failure)
    if step == "later":
        return Reply(draft, goes_on=True, later=True, contested=contested)
    marks = write_marks({**read_marks(sent.get("was_", "")), **merged.marks})
    return replace(_finish_page(page, draft, step), marks=marks, contested=contested)


def keep_valid(visit: Visit, page: Page, sent: MultiDict[str, str], check: Check = accept) -> Kept:
    """Return what to keep of a page while somebody is busy with it: what is right, without asking anything."""
    reading = _read_page(visit, page, sent, check)
    draft, merged = _merge(visit.draft, reading, sent, yields=True)
    marks = {**read_marks(sent.get("was_", "")), **merged.marks}
    return Kept(draft, marks, not reading.errors, bool(merged.contested))


def _read_page(visit: Visit, page: Page, sent: MultiDict[str, str], check: Check) -> _Reading:
    counted = _drop_unchosen(page, sent)
    form = make_form(counted, visit.link.language, visit.kinds)(sent)
    errors = () if form.validate() else _list_errors(form, counted, visit)
    given = read_answers(form, _leave_out(counted, errors), visit.kinds)
    failure: PluginError | None = None
    try:
        errors += _check_answers(form, counted, given, check)
    except PluginError as fault:
        failure = fault
    return _Reading(_leave_out(counted, errors), given, errors, failure)


def _merge(
    draft: DraftContent, reading: _Reading, sent: MultiDict[str, str], *, yields: bool = False
) -> tuple[DraftContent, Merged]:
    """The draft with the answers that are right, put together with what was kept meanwhile."""
    codes = [item.code for item in reading.right.items]
    shown = read_marks(sent.get("was_", ""))
    merged = merge_answers(codes, shown, reading.given, draft.answers, yields=yields)
    others = {code: value for code, value in draft.answers.items() if code not in codes}
    return replace(draft, answers={**others, **merged.answers}), merged


def _finish_page(page: Page, draft: DraftContent, step: str) -> Reply:
    """Go on, or ask once whether to skip. A page that only explains is noted as read in the same way."""
    missing = unanswered(page, draft.answers)
    if not missing and any(is_question(item) for item in page.items):
        return Reply(draft, goes_on=True)
    prompted = page.code in draft.prompted
    if not prompted:
        draft = replace(draft, prompted=(*draft.prompted, page.code))
    # An open question says itself that it may be left open; a prompt would take that back.
    silent = prompted or step == "skip" or all(item.is_text for item in missing)
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
