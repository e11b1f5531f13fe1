"""Codes that would break something later are refused now."""

import re

from flask_wtf import FlaskForm
from wtforms import Form

from aoj_survey.questionnaire import KINDS
from aoj_survey.questionnaire.parts import ItemShape, StatementShape
from aoj_survey.questionnaire.reserved import RESERVED, RESERVED_PREFIX

CODE = re.compile(r"[a-z][a-z0-9_]*")


def find_form_names() -> set[str]:
    """What a form has of its own, on the class and on an instance."""
    names = {*dir(Form), *dir(FlaskForm), *vars(Form())}
    return {name for name in names if CODE.fullmatch(name) and not name.endswith("_")}


def test_no_item_can_take_a_name_of_a_web_form() -> None:
    assert find_form_names() <= RESERVED
    assert "validate_on_submit".startswith(RESERVED_PREFIX)


def test_words_of_the_datasets_and_the_condition_language_are_taken() -> None:
    assert {"role", "region", "wave", "stratum", "true", "in", "select"} <= RESERVED


def test_reserved_words_are_codes_otherwise() -> None:
    assert all(CODE.fullmatch(word) for word in RESERVED)


def test_the_published_codes_are_free() -> None:
    assert RESERVED.isdisjoint({"snel", "cijfer", "zicht", "doelen", "sturing", "basis", "contact", "fase"})


def test_every_key_of_a_kind_is_a_key_of_the_shape_and_the_other_way_round() -> None:
    own = set(ItemShape.model_fields) - set(StatementShape.model_fields) - {"kind"}
    assert {key for kind in KINDS.values() for key in kind.keys} == own
    assert all(kind.needs <= kind.keys for kind in KINDS.values())
