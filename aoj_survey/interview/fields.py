"""How each kind is asked: its WTForms field, the checks on it, and the values it gives and shows."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from wtforms import RadioField, SelectMultipleField, StringField, TextAreaField, widgets
from wtforms.fields import choices as wtforms_choices
from wtforms.fields.core import Field, UnboundField
from wtforms.form import BaseForm
from wtforms.validators import ValidationError

from aoj_survey.questionnaire import (
    Choice,
    FormField,
    Item,
    Value,
    clean_text,
    count_ranks,
    read_day,
    read_month,
    say,
)

# The stubs of WTForms stand at 3.2 and do not know it yet.
_Option: Callable[..., Any] = wtforms_choices.SelectChoice  # pyright: ignore[reportAttributeAccessIssue]
_WHOLE_NUMBER = re.compile(r"[0-9]{1,12}")
_DAY_WIDTHS, _MONTH_WIDTHS = (2, 2, 4), (2, 4)
_CONTROL = Markup('<input id="{}-{}" name="{}" inputmode="numeric" size="{}" value="{}">')
_LIST = Markup('<select id="{}-{}" name="{}"><option value=""></option>{}</select>')
_OPTION = Markup('<option value="{}"{}>{}</option>')


@dataclass(frozen=True, slots=True)
class FieldFault:
    """What a field keeps as its error, in place of a sentence: see `FormError`."""

    code: str
    values: dict[str, int]


def _fail(code: str, **values: int) -> ValidationError:
    # WTForms passes on whatever is given; only its stubs say it is a text.
    return ValidationError(FieldFault(code, values))  # pyright: ignore[reportArgumentType]


# Fields. Those with several controls number them: `code-0`, `code-1`, …


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


class _PartsField(Field):
    """Several controls of one name, whose data is the list of what is in them.

    The widget is a plain one for each; a door that labels them writes them itself.
    """

    def __init__(
        self, *arguments: Any, controls: Callable[[str, list[str]], Markup], **settings: Any
    ) -> None:
        super().__init__(*arguments, **settings)
        self.controls = controls

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = [str(part).strip() for part in valuelist]

    def __call__(self, **settings: object) -> Markup:
        del settings
        return self.controls(self.id, self.data or [])


def find_first_control(field: Field) -> str:
    """Return the id of the first control of a field."""
    return f"{field.id}-0" if isinstance(field, (_ChoiceField, _MultipleField, _PartsField)) else field.id


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
    options, checks = _offer_choices(item, language), [_require_choice(item), _check_alone(item)]
    return _make_field(_MultipleField, item, language, choices=options, validators=checks)


def _make_ranking(item: Item, language: str) -> "UnboundField[Any]":
    def options(choices: Iterable[Choice], chosen: str) -> Markup:
        marks = {True: Markup(" selected"), False: ""}
        return Markup().join(
            _OPTION.format(choice.code, marks[choice.code == chosen], say(choice.text, language))
            for choice in choices
        )

    def lists(code: str, given: list[str]) -> Markup:
        chosen = [*given, *[""] * count_ranks(item)][: count_ranks(item)]
        return Markup().join(
            _LIST.format(code, place, code, options(item.choices, part)) for place, part in enumerate(chosen)
        )

    return _make_field(_PartsField, item, language, controls=lists, validators=[_check_ranking(item)])


def _make_mark(item: Item, language: str) -> "UnboundField[Any]":
    options, checks = _offer_marks(item, language), [_require_choice(item)]
    return _make_field(_ChoiceField, item, language, choices=options, validators=checks)


def _make_number(item: Item, language: str) -> "UnboundField[Any]":
    return _make_field(StringField, item, language, validators=[_check_number(item)])


def _make_date(item: Item, language: str) -> "UnboundField[Any]":
    widths = _DAY_WIDTHS if item.kind == "date" else _MONTH_WIDTHS

    def parts(code: str, given: list[str]) -> Markup:
        return Markup().join(
            _CONTROL.format(code, place, code, width, given[place] if place < len(given) else "")
            for place, width in enumerate(widths)
        )

    return _make_field(_PartsField, item, language, controls=parts, validators=[_check_date(item)])


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


def _check_alone(item: Item) -> Callable[[BaseForm, Field], None]:
    alone = {choice.code for choice in item.choices if choice.alone}

    def check(form: BaseForm, field: Field) -> None:
        del form
        chosen = set(field.data or ())
        if len(chosen) > 1 and chosen & alone:
            raise _fail("exclusive")

    return check


def _check_ranking(item: Item) -> Callable[[BaseForm, Field], None]:
    codes = {choice.code for choice in item.choices}

    def check(form: BaseForm, field: Field) -> None:
        del form
        ranked = _drop_empty_end(field.data)
        if item.required and not ranked:
            raise _fail("choose")
        if "" in ranked:
            raise _fail("rank_missing", rank=ranked.index("") + 1)
        if not codes.issuperset(ranked) or len(ranked) > count_ranks(item):
            raise _fail("forged")
        if len(set(ranked)) < len(ranked):
            raise _fail("ranked_twice")

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


def _check_date(item: Item) -> Callable[[BaseForm, Field], None]:
    read = read_day if item.kind == "date" else read_month

    def check(form: BaseForm, field: Field) -> None:
        del form
        if not any(field.data or ()) and not item.required:
            return
        written = _write_date(item, field.data)
        if written is None or read(written) is None:
            raise _fail("date")
        if written < (item.earliest or ""):
            raise _fail("too_early")
        if written > (item.latest or ""):
            raise _fail("too_late")

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


# What is read from a field, and shown in it again


def _read_text(item: Item, data: Any) -> Value | None:
    del item
    return str(data) if data else None


def _read_multiple(item: Item, data: Any) -> Value | None:
    """Codes once each and in the order of the choices, whatever the order they were sent in."""
    return tuple(choice.code for choice in item.choices if choice.code in (data or ())) or None


def _read_ranking(item: Item, data: Any) -> Value | None:
    del item
    return tuple(_drop_empty_end(data)) or None


def _read_number(item: Item, data: Any) -> Value | None:
    """A whole number, or the code of "don't know" where the item offers that."""
    typed = str(data or "").strip()
    if any(choice.code == typed for choice in item.choices):
        return typed
    return int(typed) if typed else None


def _write_date(item: Item, data: Any) -> str | None:
    """Day, month and year (or month and year) as they are stored; None when something else was sent."""
    parts = [str(part) for part in data or ()]
    widths = _DAY_WIDTHS if item.kind == "date" else _MONTH_WIDTHS
    fits = len(parts) == len(widths) and all(
        re.fullmatch(f"[0-9]{{1,{width}}}", part) for part, width in zip(parts, widths, strict=True)
    )
    if not fits:
        return None
    year, *rest = reversed(parts)
    return "-".join((year, *(part.zfill(2) for part in rest)))


def _drop_empty_end(data: Any) -> list[str]:
    ranked = [str(part) for part in data or ()]
    while ranked and not ranked[-1]:
        ranked.pop()
    return ranked


def _fill_list(value: Value) -> list[str]:
    return list(value) if isinstance(value, tuple) else []


def _fill_date(value: Value) -> list[str]:
    year, *rest = str(value).split("-")
    return [*(part.lstrip("0") for part in reversed(rest)), year]


FIELDS: dict[str, FormField] = {
    "choice": FormField(_make_choice, _read_text, str),
    "multiple": FormField(_make_multiple, _read_multiple, _fill_list),
    "ranking": FormField(_make_ranking, _read_ranking, _fill_list),
    "mark": FormField(_make_mark, _read_number, str),
    "number": FormField(_make_number, _read_number, str),
    "date": FormField(_make_date, _write_date, _fill_date),
    "month": FormField(_make_date, _write_date, _fill_date),
    "open": FormField(_make_open, _read_text, str),
}
"""How each kind of `questionnaire.KINDS` that has an answer is asked; kinds of modules may use these too."""
