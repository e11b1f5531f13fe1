"""Question pages: what is shown of each question, and around them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext
from markupsafe import Markup, escape
from werkzeug.datastructures import MultiDict
from wtforms import Form

from aoj_survey.interview import (
    FormError,
    fill_data,
    is_question,
    make_form,
    minutes,
    page_before,
    progress,
    show_answer,
)
from aoj_survey.questionnaire import Choice, Item, Page, clean_text, count_ranks
from aoj_survey.responses import mark_answers

from .faults import word_error
from .frames import is_changing, show_in
from .language import current_language
from .replies import write_marks
from .texts import mark_language, write_block, write_line, write_plain
from .visits import Visit

FEW = 3
"""So many answers stand beside each other on a phone; more stand under each other."""

CHOSEN = {"choice", "multiple", "mark"}
"""Kinds answered by choosing."""

DRAWN = CHOSEN | {"number", "open", "ranking", "date", "month", "explanation"}
"""Kinds with a form of their own in the templates; others show the field they were made with."""

DAY_WIDTH, YEAR_WIDTH = 2, 4
"""Figures in a day or month, and in a year."""

_PARAGRAPH = Markup("<p{}>{}</p>")


@dataclass(frozen=True, slots=True)
class Option:
    """An answer to choose. `apart` sets it off from the others; `beside` is the text to write with it."""

    value: str
    text: Markup
    plain: str
    chosen: bool
    apart: bool = False
    dont_know: bool = False
    beside: "Question | None" = None


@dataclass(frozen=True, slots=True)
class Part:
    """One of several controls of a question: its label, what is in it, and how wide it is in characters."""

    label: str
    value: str
    width: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """An item as shown: texts for the reader, what was chosen or typed, and what is wrong.

    `ours` are the attributes of parts in the language of the website, where the page is in another.
    `control` is the field of a kind the templates have no form of their own for.
    """

    item: Item
    text: Markup
    plain: str
    hint: Markup
    ours: Markup
    options: tuple[Option, ...]
    marks: tuple[Option, ...]
    parts: tuple[Part, ...]
    typed: str
    unit: Markup
    fault: str
    fault_id: str
    control: Markup | None = None

    @property
    def typable(self) -> bool:
        """Whether this is answered by typing."""
        return self.item.kind not in {*CHOSEN, "ranking"}

    @property
    def offers_dont_know(self) -> str:
        """The text of "don't know", or nothing when it is not offered."""
        return next((option.plain for option in self.options if option.dont_know), "")

    @property
    def described_by(self) -> str:
        """Ids of what belongs to this question, the fault first."""
        is_open = self.item.kind == "open" and not self.item.beside
        named = {"fault": self.fault, "hint": self.hint, "unit": self.unit, "left": is_open}
        return " ".join(f"{self.item.code}-{name}" for name, there in named.items() if there)

    @property
    def left(self) -> int:
        """Characters that may still be typed in an open answer; below zero when it is too long."""
        return (self.item.max_length or 0) - len(clean_text(self.typed))


def show_question_page(visit: Visit, page: Page, was: str | None = None, **values: Any) -> str:
    """Return a question page; `values` hold questions, errors and messages.

    `was` are the marks of the answers its reader saw last, where these are not those of the draft.
    """
    language = visit.link.language
    before = page_before(visit.path, page.code)
    rest = visit.path.pages[visit.path.pages.index(page) + 1 :]
    place = progress(visit.path, page.code, visit.widest)
    if was is None:
        was = write_marks(mark_answers((item.code for item in page.items), visit.draft.answers))
    return show_in(
        "question",
        visit,
        page=page,
        heading=write_line(page.text or page.items[0].text, language),
        heading_plain=write_plain(page.text or page.items[0].text, language),
        hint=write_block(page.hint, language) if page.hint else "",
        progress=place,
        theme=write_line(place.title, language),
        before=before.code if before else None,
        to="check" if is_changing() else None,
        few=FEW,
        minutes_left=minutes(rest) if rest else 0,
        was=was,
        asks=any(is_question(item) for item in page.items),
        resumes=visit.has_draft,
        **values,
    )


def show_faults(visit: Visit, page: Page, sent: MultiDict[str, str], errors: tuple[FormError, ...]) -> str:
    """Return a question page as it was sent, with what is wrong."""
    questions = show_questions(visit, page, sent, errors)
    faults = [(word_error(error, visit.link.language), error.field_id) for error in errors]
    return show_question_page(visit, page, sent.get("was_"), questions=questions, faulty=faults)


def show_questions(
    visit: Visit, page: Page, sent: MultiDict[str, str] | None = None, errors: tuple[FormError, ...] = ()
) -> tuple[Question, ...]:
    """Return the questions of a page, filled with what was sent just now, else with what was kept.

    A text beside a choice stands in the option of that choice.
    """
    data = fill_data(page, visit.draft.answers, visit.kinds)
    given = _list_sent(page, sent) if sent is not None else _list_kept(page, data)
    faults = {error.item.code: error for error in errors}
    shown = {
        item.code: _show_question(item, visit.link.language, given[item.code], faults.get(item.code))
        for item in page.items
    }
    asked = [_join_beside(shown[item.code], shown.values()) for item in page.items if not item.beside]
    if all(item.kind in DRAWN for item in page.items):
        return tuple(asked)
    form = make_form(page, visit.link.language, visit.kinds)(sent, data=data)
    return tuple(_draw(question, form) for question in asked)


def _join_beside(question: Question, shown: Iterable[Question]) -> Question:
    """The question with the texts beside its choices in those choices."""
    beside = {other.item.beside: other for other in shown if other.item.beside}
    options = (
        replace(option, beside=beside.get((question.item.code, option.value))) for option in question.options
    )
    return replace(question, options=tuple(options))


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
    figures = range(item.minimum or 0, (item.maximum or 0) + 1) if item.kind == "mark" else ()
    return Question(
        item=item,
        text=write_line(item.text, language),
        plain=write_plain(item.text, language),
        hint=_show_hint(item, language),
        ours=mark_language(current_language(), language),
        options=tuple(_show_option(choice, language, given) for choice in item.choices),
        marks=tuple(Option(str(mark), escape(mark), str(mark), str(mark) in given) for mark in figures),
        parts=_show_parts(item, given),
        typed=given[0] if given and item.kind not in CHOSEN else "",
        unit=write_line(item.unit, language) if item.unit else Markup(),
        fault=word_error(error, language) if error else "",
        fault_id=error.field_id if error else "",
    )


def _show_option(choice: Choice, language: str, given: list[str]) -> Option:
    text, plain = write_line(choice.text, language), write_plain(choice.text, language)
    return Option(choice.code, text, plain, choice.code in given, choice.alone, choice.dont_know)


def _show_parts(item: Item, given: list[str]) -> tuple[Part, ...]:
    """The places of a ranking, or day, month and year of a date."""
    labels: list[tuple[str, int]] = []
    if item.kind == "ranking":
        labels = [(gettext("Place %(number)s", number=place + 1), 0) for place in range(count_ranks(item))]
    elif item.kind in ("date", "month"):
        days = [(gettext("Day"), DAY_WIDTH)] if item.kind == "date" else []
        labels = [*days, (gettext("Month"), DAY_WIDTH), (gettext("Year"), YEAR_WIDTH)]
    filled = [*given, *[""] * len(labels)]
    return tuple(Part(label, value, width) for (label, width), value in zip(labels, filled, strict=False))


def _show_hint(item: Item, language: str) -> Markup:
    """The author's hint, and what a kind always has to say; beside a choice, only to write no names."""
    ours = mark_language(current_language(), language)
    if item.beside:
        return _PARAGRAPH.format(ours, gettext("Do not write names of children, parents or colleagues."))
    author = write_block(item.hint, language) if item.hint else Markup()
    return author + Markup().join(_PARAGRAPH.format(ours, sentence) for sentence in _tell_how(item))


def _tell_how(item: Item) -> list[str]:
    """What to know before answering, as far as the author leaves it to the kind."""
    sentences: list[str] = []
    if item.required:
        sentences.append(
            gettext("Your answer decides which questions follow. That is why we ask you to answer here.")
        )
    if item.kind == "multiple" and not item.hint:
        sentences.append(gettext("You can choose more than one answer."))
    if item.kind == "ranking":
        sentences.append(gettext("Choose one answer for each place. You may leave the last places empty."))
    if item.kind == "number":
        bounds = {"minimum": item.minimum or 0, "maximum": item.maximum or 0}
        sentences.append(gettext("Fill in a whole number from %(minimum)s to %(maximum)s.", **bounds))
    if item.kind in ("date", "month"):
        sentences.append(_tell_bounds(item))
    if item.is_text:
        sentences.append(
            gettext(
                "You may leave this question open. Do not write names of children, parents or colleagues."
            )
        )
    return sentences


def _tell_bounds(item: Item) -> str:
    language = current_language()
    first, last = (show_answer(item, bound, language) for bound in (item.earliest, item.latest))
    return gettext("Fill in figures. You can choose from %(first)s to %(last)s.", first=first, last=last)
