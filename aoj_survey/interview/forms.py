"""Forms made from pages: one WTForms class per page, one entry per kind of item.

Errors are codes with values (`FormError`), never sentences: the web door words them. Names of fields
are the codes of the items, which the compiler keeps clear of WTForms' own names.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from wtforms import Form, RadioField, SelectMultipleField, StringField, TextAreaField, widgets
from wtforms.fields import choices as wtforms_choices
from wtforms.fields.core import Field, UnboundField
from wtforms.form import BaseForm
from wtforms.validators import ValidationError

from aoj_survey.questionnaire import Answers, Item, Page, Value, clean_text, say

# The stubs of WTForms stand at 3.2 and do not know it yet.
_Option: Callable[..., Any] = wtforms_choices.SelectChoice  # pyright: ignore[reportAttributeAccessIssue]
_WHOLE_NUMBER = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True, slots=True)
class FormError:
    """What is wrong with the answer to an item.

    `code` is `choose`, `number` (values `minimum`, `maximum`), `too_long` (`surplus`, in characters) or
    `forged` (an answer that was never offered). `field_id` is the id of the first control to go to.
    """

    item: Item
    code: str
    values: dict[str, int]
    field_id: str


@dataclass(frozen=True, slots=True)
class _Fault:
    """What a field keeps as its error, in place of a sentence."""

    code: str
    values: dict[str, int]


@dataclass(frozen=True, slots=True)
class _FormKind:
    """How a kind is asked: its field, the value read from the field, and the value shown in it again."""

    build: Callable[[Item, str], "UnboundField[Any]"]
    read: Callable[[Item, Any], Value | None]
    fill: Callable[[Value], object]


def make_form(page: Page, language: str) -> type[Form]:
    """Return the form class of a page, with one field per item, in order, under the item's code."""
    fields = {item.code: _FORM_KINDS[item.kind].build(item, language) for item in page.items}
    return type("PageForm", (Form,), fields)


def read_answers(form: Form, page: Page) -> dict[str, Value]:
    """Return the typed values of a form that validated; items left unanswered are absent."""
    read = ((item.code, _FORM_KINDS[item.kind].read(item, form[item.code].data)) for item in page.items)
    return {code: value for code, value in read if value is not None}


def fill_data(page: Page, answers: Answers) -> dict[str, object]:
    """Return `data` for a page's form, so that it shows the answers given before."""
    return {
        item.code: _FORM_KINDS[item.kind].fill(answers[item.code])
        for item in page.items
        if item.code in answers
    }


def find_errors(form: Form, page: Page) -> tuple[FormError, ...]:
    """Return the errors of a form that did not validate, in the order of the items."""
    found: list[FormError] = []
    for item in page.items:
        field = form[item.code]
        faults: Iterable[object] = field.errors
        found += [
            FormError(item, fault.code, fault.values, _find_first_control(field))
            for fault in faults
            if isinstance(fault, _Fault)
        ]
    return tuple(found)


def _find_first_control(field: Field) -> str:
    """Radios and boxes have an id of their own each."""
    return f"{field.id}-0" if isinstance(field, (_ChoiceField, _MultipleField)) else field.id


def _fail(code: str, **values: int) -> ValidationError:
    # WTForms passes on whatever is given; only its stubs say it is a text.
    return ValidationError(_Fault(code, values))  # pyright: ignore[reportArgumentType]


# Fields


class _ChoiceField(RadioField):
    """Radio buttons of which none need be chosen; another value than offered is refused."""

    def pre_validate(self, form: BaseForm) -> None:
        del form
        if self.data and not any(option.selected for option in _list_options(self)):
            raise _fail("forged")


class _MultipleField(SelectMultipleField):
    """Boxes to tick; another value than offered is refused."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()

    def pre_validate(self, form: BaseForm) -> None:
        del form
        if not {option.value for option in _list_options(self)}.issuperset(self.data or ()):
            raise _fail("forged")


def _list_options(field: RadioField | SelectMultipleField) -> Iterable[Any]:
    return field.iter_choices()


def _offer_choices(item: Item, language: str) -> list[Any]:
    return [_Option(value=choice.code, label=say(choice.text, language)) for choice in item.choices]


def _offer_marks(item: Item, language: str) -> list[Any]:
    marks = range(item.minimum or 0, (item.maximum or 0) + 1)
    return [*(_Option(value=str(mark)) for mark in marks), *_offer_choices(item, language)]


def _make_field(field: Callable[..., Any], item: Item, language: str, **settings: Any) -> "UnboundField[Any]":
    hint = say(item.hint, language) if item.hint else ""
    return field(say(item.text, language), description=hint, **settings)


def _make_choice(item: Item, language: str) -> "UnboundField[Any]":
    options, checks = _offer_choices(item, language), [_require_choice(item)]
    return _make_field(_ChoiceField, item, language, choices=options, validators=checks)


def _make_multiple(item: Item, language: str) -> "UnboundField[Any]":
    options, checks = _offer_choices(item, language), [_require_choice(item)]
    return _make_field(_MultipleField, item, language, choices=options, validators=checks)


def _make_mark(item: Item, language: str) -> "UnboundField[Any]":
    options, checks = _offer_marks(item, language), [_require_choice(item)]
    return _make_field(_ChoiceField, item, language, choices=options, validators=checks)


def _make_number(item: Item, language: str) -> "UnboundField[Any]":
    return _make_field(StringField, item, language, validators=[_check_number(item)])


def _make_open(item: Item, language: str) -> "UnboundField[Any]":
    def clean(typed: str | None) -> str:
        return clean_text(typed or "")

    return _make_field(TextAreaField, item, language, filters=[clean], validators=[_check_open(item)])


# Checks; WTForms calls them with the form and the field


def _require_choice(item: Item) -> Callable[[BaseForm, Field], None]:
    def check(form: BaseForm, field: Field) -> None:
        del form
        if item.required and not field.data:
            raise _fail("choose")

    return check


def _check_number(item: Item) -> Callable[[BaseForm, Field], None]:
    minimum, maximum = item.minimum or 0, item.maximum or 0

    def check(form: BaseForm, field: Field) -> None:
        del form
        typed = str(field.data or "").strip()
        if not typed and not item.required:
            return
        if not _WHOLE_NUMBER.fullmatch(typed) or not minimum <= int(typed) <= maximum:
            raise _fail("number", minimum=minimum, maximum=maximum)

    return check


def _check_open(item: Item) -> Callable[[BaseForm, Field], None]:
    def check(form: BaseForm, field: Field) -> None:
        del form
        surplus = len(str(field.data)) - (item.max_length or 0)
        if surplus > 0:
            raise _fail("too_long", surplus=surplus)
        if item.required and not field.data:
            raise _fail("choose")

    return check


# What is read from a field


def _read_text(item: Item, data: Any) -> Value | None:
    del item
    return str(data) if data else None


def _read_multiple(item: Item, data: Any) -> Value | None:
    """Codes once each and in the order of the choices, whatever the order they were sent in."""
    return tuple(choice.code for choice in item.choices if choice.code in (data or ())) or None


def _read_number(item: Item, data: Any) -> Value | None:
    """A whole number, or the code of "don't know" where the item offers that."""
    typed = str(data or "").strip()
    if any(choice.code == typed for choice in item.choices):
        return typed
    return int(typed) if typed else None


def _fill_multiple(value: Value) -> list[str]:
    return list(value) if isinstance(value, tuple) else []


_FORM_KINDS: dict[str, _FormKind] = {
    "choice": _FormKind(_make_choice, _read_text, str),
    "multiple": _FormKind(_make_multiple, _read_multiple, _fill_multiple),
    "mark": _FormKind(_make_mark, _read_number, str),
    "number": _FormKind(_make_number, _read_number, str),
    "open": _FormKind(_make_open, _read_text, str),
}
"""How each kind of `questionnaire.KINDS` is asked."""
