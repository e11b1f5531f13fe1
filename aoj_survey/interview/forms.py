"""Forms made from pages: one WTForms class per page, one field per item that has an answer.

Errors are codes with values (`FormError`), never sentences: the web door words them. Names of fields
are the codes of the items, which the compiler keeps clear of WTForms' own names.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wtforms import Form

from aoj_survey.questionnaire import KINDS, Answers, FormField, Item, ItemKind, Page, Value

from .checks import FieldFault
from .fields import FIELDS, find_control


@dataclass(frozen=True, slots=True)
class FormError:
    """What is wrong with the answer to an item.

    `code` is `choose`, `number` (values `minimum`, `maximum`), `too_long` (`surplus`, in characters),
    `exclusive` (another answer beside "none of these"), `ranked_twice`, `rank_missing` (a later rank was
    filled in before this one; `rank`), `date`, `too_early` or `too_late` (the bounds stand in the item), or
    `forged` (an answer that was never offered). `field_id` is the id of the control to go to.
    """

    item: Item
    code: str
    values: dict[str, int]
    field_id: str


def make_form(page: Page, language: str, kinds: Mapping[str, ItemKind] = KINDS) -> type[Form]:
    """Return the form class of a page, with one field per item, in order, under the item's code."""
    fields = {item.code: _find_field(item, kinds).build(item, language) for item in _list_asked(page, kinds)}
    return type("PageForm", (Form,), fields)


def read_answers(form: Form, page: Page, kinds: Mapping[str, ItemKind] = KINDS) -> dict[str, Value]:
    """Return the typed values of a form that validated; items left unanswered are absent."""
    asked = _list_asked(page, kinds)
    read = ((item.code, _find_field(item, kinds).read(item, form[item.code].data)) for item in asked)
    return {code: value for code, value in read if value is not None}


def fill_data(page: Page, answers: Answers, kinds: Mapping[str, ItemKind] = KINDS) -> dict[str, object]:
    """Return `data` for a page's form, so that it shows the answers given before."""
    return {
        item.code: _find_field(item, kinds).fill(answers[item.code])
        for item in _list_asked(page, kinds)
        if item.code in answers
    }


def find_errors(form: Form, page: Page, kinds: Mapping[str, ItemKind] = KINDS) -> tuple[FormError, ...]:
    """Return the errors of a form that did not validate, in the order of the items."""
    found: list[FormError] = []
    for item in _list_asked(page, kinds):
        field = form[item.code]
        faults: Iterable[object] = field.errors
        found += [
            FormError(item, fault.code, fault.values, find_control(field, fault.values.get("rank", 1) - 1))
            for fault in faults
            if isinstance(fault, FieldFault)
        ]
    return tuple(found)


def _list_asked(page: Page, kinds: Mapping[str, ItemKind]) -> list[Item]:
    return [item for item in page.items if kinds[item.kind].type != "none"]


def _find_field(item: Item, kinds: Mapping[str, ItemKind]) -> FormField:
    return kinds[item.kind].field or FIELDS[item.kind]
