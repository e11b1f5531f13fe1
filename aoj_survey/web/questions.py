"""Question pages: what is shown of a page, and what a sent page leads to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from flask_babel import gettext, ngettext
from markupsafe import Markup
from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict
from wtforms import Form

from aoj_survey.errors import PluginError
from aoj_survey.interview import FormError, fill_data, find_errors, make_form, read_answers, unanswered
from aoj_survey.questionnaire import Choice, Item, Page, Value, clean_text, say
from aoj_survey.regions import list_modules
from aoj_survey.responses import DraftContent

from .visits import Visit, installation

FEW = 3
"""So many answers stand beside each other on a phone; more stand under each other."""

CHOSEN = {"choice", "multiple", "mark"}
"""Kinds answered by choosing."""

DRAWN = CHOSEN | {"number", "open"}
"""Kinds with a form of their own in the templates; others show the field they were made with."""

Check: TypeAlias = Callable[[Item, Value], str | None]
"""Says what is wrong with an answer by the region's own rules, or nothing."""


def accept(_item: Item, _value: Value) -> None:
    """Find nothing wrong: a region without rules of its own."""


@dataclass(frozen=True, slots=True)
class OwnError(FormError):
    """What is wrong by a region module, in its own words."""

    message: str


@dataclass(frozen=True, slots=True)
class Option:
    """An answer to choose. `apart` sets "don't know" off from the others."""

    value: str
    text: str
    chosen: bool
    apart: bool


@dataclass(frozen=True, slots=True)
class Question:
    """An item as shown: texts in the reader's language, what was chosen or typed, and what is wrong.

    `control` is the field of a kind the templates have no form of their own for.
    """

    item: Item
    text: str
    hint: str
    options: tuple[Option, ...]
    marks: tuple[Option, ...]
    typed: str
    unit: str
    fault: str
    fault_id: str
    control: Markup | None = None

    @property
    def typable(self) -> bool:
        """Whether this is answered by typing."""
        return self.item.kind not in CHOSEN

    @property
    def offers_dont_know(self) -> str:
        """The text of "don't know", or nothing when it is not offered."""
        return next((option.text for option in self.options if option.apart), "")

    @property
    def described_by(self) -> str:
        """Ids of what belongs to this question, the fault first."""
        named = {"fault": self.fault, "hint": self.hint, "left": self.item.kind == "open"}
        return " ".join(f"{self.item.code}-{name}" for name, there in named.items() if there)

    @property
    def left(self) -> int:
        """Characters that may still be typed in an open answer; below zero when it is too long."""
        return (self.item.max_length or 0) - len(clean_text(self.typed))


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
    region = visit.participation.region
    hooks = installation().hooks.of_region(region, started.intersection(list_modules(connection, region)))
    return lambda item, value: hooks.check_answer(item, value, visit.link.language)


def answer_page(visit: Visit, page: Page, sent: MultiDict[str, str], check: Check = accept) -> Reply:
    """Return what sending a page leads to.

    Errors stop it, unless the reader wants to go on later: then what is right is kept. A first time nothing
    was filled in gives a friendly prompt; the second time, or by the skip button, the question is left open.
    Where `check` itself fails, the answers of the page are kept as they are.
    """
    step = sent.get("step_", "next")
    form = make_form(page, visit.link.language, visit.kinds)(sent)
    errors = () if form.validate() else _list_errors(form, page, visit)
    given = read_answers(form, _leave_out(page, errors), visit.kinds)
    try:
        errors += _check_answers(page, given, check)
    except PluginError as failure:
        return Reply(_fill(visit.draft, _leave_out(page, errors), given), goes_on=False, failure=failure)
    if errors and step != "later":
        return Reply(None, goes_on=False, errors=errors)
    draft = _fill(visit.draft, _leave_out(page, errors), given)
    if step == "later":
        return Reply(draft, goes_on=True, later=True)
    missing = unanswered(page, draft.answers)
    if not missing:
        return Reply(draft, goes_on=True)
    prompted = page.code in draft.prompted
    if not prompted:
        draft = replace(draft, prompted=(*draft.prompted, page.code))
    # An open question says itself that it may be left open; a prompt would take that back.
    silent = prompted or step == "skip" or all(item.kind == "open" for item in missing)
    return Reply(draft, goes_on=silent, missing=missing)


def _list_errors(form: Form, page: Page, visit: Visit) -> tuple[FormError, ...]:
    """What is wrong by the kinds of the questions; a field of a module's kind says it in its own words."""
    found = find_errors(form, page, visit.kinds)
    known = {error.item.code for error in found}
    worded = [item for item in page.items if item.code not in known and form.errors.get(item.code)]
    return found + tuple(_word_own(item, str(next(iter(form[item.code].errors)))) for item in worded)


def _check_answers(page: Page, given: Mapping[str, Value], check: Check) -> tuple[FormError, ...]:
    asked = [item for item in page.items if item.code in given]
    said = [(item, check(item, given[item.code])) for item in asked]
    return tuple(_word_own(item, message) for item, message in said if message)


def _word_own(item: Item, message: str) -> FormError:
    first = f"{item.code}-0" if item.kind in CHOSEN else item.code
    return OwnError(item, "own", {}, first, message)


def _leave_out(page: Page, errors: tuple[FormError, ...]) -> Page:
    faulty = {error.item.code for error in errors}
    return replace(page, items=tuple(item for item in page.items if item.code not in faulty))


def _fill(draft: DraftContent, page: Page, given: Mapping[str, Value]) -> DraftContent:
    """The draft with these answers to the items of a page, and no others."""
    on_page = {item.code for item in page.items}
    kept = {code: value for code, value in draft.answers.items() if code not in on_page}
    return replace(draft, answers={**kept, **{code: given[code] for code in on_page if code in given}})


def show_questions(
    visit: Visit, page: Page, sent: MultiDict[str, str] | None = None, errors: tuple[FormError, ...] = ()
) -> tuple[Question, ...]:
    """Return the questions of a page, filled with what was sent just now, else with what was kept."""
    data = fill_data(page, visit.draft.answers, visit.kinds)
    given = _list_sent(page, sent) if sent is not None else _list_kept(page, data)
    faults = {error.item.code: error for error in errors}
    shown = [
        _show_question(item, visit.link.language, given[item.code], faults.get(item.code))
        for item in page.items
    ]
    if all(item.kind in DRAWN for item in page.items):
        return tuple(shown)
    form = make_form(page, visit.link.language, visit.kinds)(sent, data=data)
    return tuple(_draw(question, form) for question in shown)


def _draw(question: Question, form: Form) -> Question:
    """The question with the field it was made with, where the templates have none and there is one."""
    code = question.item.code
    if question.item.kind in DRAWN or code not in form:
        return question
    marks = {"aria-describedby": question.described_by, "aria-invalid": question.fault and "true"}
    return replace(question, control=form[code](**{name: value for name, value in marks.items() if value}))


def _list_sent(page: Page, sent: MultiDict[str, str]) -> Mapping[str, list[str]]:
    return {item.code: sent.getlist(item.code) for item in page.items}


def _list_kept(page: Page, data: Mapping[str, object]) -> Mapping[str, list[str]]:
    kept = {item.code: data.get(item.code, []) for item in page.items}
    return {
        code: [str(part) for part in value] if isinstance(value, list) else [str(value)]
        for code, value in kept.items()
    }


def _show_question(item: Item, language: str, given: list[str], error: FormError | None) -> Question:
    marks: tuple[Option, ...] = ()
    if item.kind == "mark":
        figures = [str(mark) for mark in range(item.minimum or 0, (item.maximum or 0) + 1)]
        marks = tuple(Option(figure, figure, figure in given, apart=False) for figure in figures)

    def option(choice: Choice) -> Option:
        return Option(choice.code, say(choice.text, language), choice.code in given, choice.dont_know)

    return Question(
        item=item,
        text=say(item.text, language),
        hint=_show_hint(item, language),
        options=tuple(option(choice) for choice in item.choices),
        marks=marks,
        typed=given[0] if given and item.kind not in CHOSEN else "",
        unit=say(item.unit, language) if item.unit else "",
        fault=word_error(error, language) if error else "",
        fault_id=error.field_id if error else "",
    )


def _show_hint(item: Item, language: str) -> str:
    """The author's hint, and what a kind always has to say."""
    hints = [say(item.hint, language)] if item.hint else []
    if item.required:
        hints.append(
            gettext("Your answer decides which questions follow. That is why we ask you to answer here.")
        )
    if item.kind == "multiple" and not item.hint:
        hints.append(gettext("You can choose more than one answer."))
    if item.kind == "open":
        hints.append(
            gettext(
                "You may leave this question open. Do not write names of children, parents or colleagues."
            )
        )
    return " ".join(hints)


def word_error(error: FormError, language: str) -> str:
    """Return a fault as a sentence that says what to do."""
    if isinstance(error, OwnError):
        return error.message
    question = say(error.item.text, language)
    if error.code == "choose":
        return gettext("Choose an answer to “%(question)s”", question=question)
    if error.code == "number":
        return gettext(
            "At “%(question)s”, fill in a whole number from %(minimum)s to %(maximum)s",
            question=question,
            **error.values,
        )
    if error.code == "too_long":
        surplus = error.values["surplus"]
        return ngettext(
            "Make your answer %(num)s character shorter",
            "Make your answer %(num)s characters shorter",
            surplus,
        )
    return gettext("Choose one of the answers shown at “%(question)s”", question=question)
