"""Question pages: what is shown of a page, and what a sent page leads to."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask_babel import gettext, ngettext
from werkzeug.datastructures import MultiDict

from aoj_survey.interview import FormError, fill_data, find_errors, make_form, read_answers, unanswered
from aoj_survey.questionnaire import Choice, Item, Page, clean_text, say
from aoj_survey.responses import DraftContent

from .visits import Visit

FEW = 3
"""So many answers stand beside each other on a phone; more stand under each other."""

CHOSEN = {"choice", "multiple", "mark"}
"""Kinds answered by choosing."""


@dataclass(frozen=True, slots=True)
class Option:
    """An answer to choose. `apart` sets "don't know" off from the others."""

    value: str
    text: str
    chosen: bool
    apart: bool


@dataclass(frozen=True, slots=True)
class Question:
    """An item as shown: texts in the reader's language, what was chosen or typed, and what is wrong."""

    item: Item
    text: str
    hint: str
    options: tuple[Option, ...]
    marks: tuple[Option, ...]
    typed: str
    unit: str
    fault: str
    fault_id: str

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
    """What a sent page leads to: a draft to keep or None, and whether to go on or show the page again."""

    draft: DraftContent | None
    goes_on: bool
    later: bool = False
    errors: tuple[FormError, ...] = ()
    missing: tuple[Item, ...] = ()


def answer_page(visit: Visit, page: Page, sent: MultiDict[str, str]) -> Reply:
    """Return what sending a page leads to.

    Errors stop it, unless the reader wants to go on later: then what is right is kept. A first time nothing
    was filled in gives a friendly prompt; the second time, or by the skip button, the question is left open.
    """
    step = sent.get("step_", "next")
    form = make_form(page, visit.link.language)(sent)
    errors = () if form.validate() else find_errors(form, page)
    if errors and step != "later":
        return Reply(None, goes_on=False, errors=errors)
    faulty = {error.item.code for error in errors}
    right = replace(page, items=tuple(item for item in page.items if item.code not in faulty))
    draft = visit.draft
    on_page = {item.code for item in right.items}
    kept = {code: value for code, value in draft.answers.items() if code not in on_page}
    answers = {**kept, **read_answers(form, right)}
    if step == "later":
        return Reply(DraftContent(answers, draft.prompted), goes_on=True, later=True)
    missing = unanswered(page, answers)
    if not missing:
        return Reply(DraftContent(answers, draft.prompted), goes_on=True)
    prompted = page.code in draft.prompted
    reply = DraftContent(answers, draft.prompted if prompted else (*draft.prompted, page.code))
    # An open question says itself that it may be left open; a prompt would take that back.
    silent = prompted or step == "skip" or all(item.kind == "open" for item in missing)
    return Reply(reply, goes_on=silent, missing=missing)


def show_questions(
    visit: Visit, page: Page, sent: MultiDict[str, str] | None = None, errors: tuple[FormError, ...] = ()
) -> tuple[Question, ...]:
    """Return the questions of a page, filled with what was sent just now, else with what was kept."""
    given = _list_sent(page, sent) if sent is not None else _list_kept(page, visit.draft)
    faults = {error.item.code: error for error in errors}
    return tuple(
        _show_question(item, visit.link.language, given[item.code], faults.get(item.code))
        for item in page.items
    )


def _list_sent(page: Page, sent: MultiDict[str, str]) -> Mapping[str, list[str]]:
    return {item.code: sent.getlist(item.code) for item in page.items}


def _list_kept(page: Page, draft: DraftContent) -> Mapping[str, list[str]]:
    data = fill_data(page, draft.answers)
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
