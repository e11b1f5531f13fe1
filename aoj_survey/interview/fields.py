"""How each kind is asked: its WTForms field, the checks on it, and the values it gives and shows."""

from collections.abc import Callable, Iterable
from typing import Any

from markupsafe import Markup
from wtforms import RadioField, SelectMultipleField, StringField, TextAreaField, widgets
from wtforms.fields import choices as wtforms_choices
from wtforms.fields.core import Field, UnboundField
from wtforms.form import BaseForm

from aoj_survey.questionnaire import (
    Choice,
    FormField,
    Item,
    Value,
    clean_text,
    count_ranks,
    say,
)

from .checks import (
    DAY_WIDTHS,
    MONTH_WIDTHS,
    check_alone,
    check_date,
    check_number,
    check_open,
    check_ranking,
    drop_empty_end,
    fail,
    require_choice,
    write_date,
)

# The stubs of WTForms stand at 3.2 and do not know it yet.
_Option: Callable[..., Any] = wtforms_choices.SelectChoice  # pyright: ignore[reportAttributeAccessIssue]
_CONTROL = Markup('<input id="{}-{}" name="{}" inputmode="numeric" size="{}" value="{}">')
_LIST = Markup('<select id="{}-{}" name="{}"><option value=""></option>{}</select>')
_OPTION = Markup('<option value="{}"{}>{}</option>')


# Fields. Those with several controls number them: `code-0`, `code-1`, …


class _ChoiceField(RadioField):
    """Radio buttons of which none need be chosen; another value than offered is refused."""

    def pre_validate(self, form: BaseForm) -> None:
        del form
        if self.data and not any(option.selected for option in _list_options(self)):
            raise fail("forged")


class _MultipleField(SelectMultipleField):
    """Boxes to tick; another value than offered is refused."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()

    def pre_validate(self, form: BaseForm) -> None:
        del form
        if not {option.value for option in _list_options(self)}.issuperset(self.data or ()):
            raise fail("forged")


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


def find_control(field: Field, place: int = 0) -> str:
    """Return the id of a control of a field, counted from 0; of a field that is one control, its own."""
    several = isinstance(field, (_ChoiceField, _MultipleField, _PartsField))
    return f"{field.id}-{place}" if several else field.id


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
    options, checks = _offer_choices(item, language), [require_choice(item)]
    return _make_field(_ChoiceField, item, language, choices=options, validators=checks)


def _make_multiple(item: Item, language: str) -> "UnboundField[Any]":
    options, checks = _offer_choices(item, language), [require_choice(item), check_alone(item)]
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

    return _make_field(_PartsField, item, language, controls=lists, validators=[check_ranking(item)])


def _make_mark(item: Item, language: str) -> "UnboundField[Any]":
    options, checks = _offer_marks(item, language), [require_choice(item)]
    return _make_field(_ChoiceField, item, language, choices=options, validators=checks)


def _make_number(item: Item, language: str) -> "UnboundField[Any]":
    return _make_field(StringField, item, language, validators=[check_number(item)])


def _make_date(item: Item, language: str) -> "UnboundField[Any]":
    widths = DAY_WIDTHS if item.kind == "date" else MONTH_WIDTHS

    def parts(code: str, given: list[str]) -> Markup:
        return Markup().join(
            _CONTROL.format(code, place, code, width, given[place] if place < len(given) else "")
            for place, width in enumerate(widths)
        )

    return _make_field(_PartsField, item, language, controls=parts, validators=[check_date(item)])


def _make_open(item: Item, language: str) -> "UnboundField[Any]":
    def clean(typed: str | None) -> str:
        return clean_text(typed or "")

    return _make_field(TextAreaField, item, language, filters=[clean], validators=[check_open(item)])


# What is read from a field, and shown in it again


def _read_text(item: Item, data: Any) -> Value | None:
    del item
    return str(data) if data else None


def _read_multiple(item: Item, data: Any) -> Value | None:
    """Codes once each and in the order of the choices, whatever the order they were sent in."""
    return tuple(choice.code for choice in item.choices if choice.code in (data or ())) or None


def _read_ranking(item: Item, data: Any) -> Value | None:
    del item
    return tuple(drop_empty_end(data)) or None


def _read_number(item: Item, data: Any) -> Value | None:
    """A whole number, or the code of "don't know" where the item offers that."""
    typed = str(data or "").strip()
    if any(choice.code == typed for choice in item.choices):
        return typed
    return int(typed) if typed else None


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
    "date": FormField(_make_date, write_date, _fill_date),
    "month": FormField(_make_date, write_date, _fill_date),
    "open": FormField(_make_open, _read_text, str),
}
"""How each kind of `questionnaire.KINDS` that has an answer is asked; kinds of modules may use these too."""
