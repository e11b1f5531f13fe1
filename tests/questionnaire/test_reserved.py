"""Codes that would break something later are refused now."""

import re
import sqlite3

import pytest
import sqlalchemy as sa
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


def test_no_column_needs_quotes_in_postgresql(postgresql_server: str) -> None:
    engine = sa.create_engine(postgresql_server)
    with engine.connect() as connection:
        words = connection.exec_driver_sql("SELECT word FROM pg_get_keywords() WHERE catcode IN ('R', 'T')")
        found = set(words.scalars())
    engine.dispose()
    assert len(found) > 50
    assert found <= RESERVED


@pytest.mark.parametrize("word", ["transaction", "isnull", "intersect", "into", "add"])
def test_words_that_sqlite_takes_for_its_own_are_taken(word: str) -> None:
    with pytest.raises(sqlite3.OperationalError):
        sqlite3.connect(":memory:").execute(f"SELECT {word} FROM (SELECT 1 AS '{word}')")
    assert word in RESERVED


def test_types_of_text_in_stata_are_taken() -> None:
    assert {"str1", "str80", "str2045"} <= RESERVED
    assert "str2046" not in RESERVED


@pytest.mark.parametrize("word", ["map", "show", "qualify", "unnest", "cube"])
def test_words_of_duckdb_and_trino_are_taken(word: str) -> None:
    assert word in RESERVED


def test_reserved_words_are_codes_otherwise() -> None:
    assert all(CODE.fullmatch(word) for word in RESERVED)


def test_the_published_codes_are_free() -> None:
    assert RESERVED.isdisjoint({"snel", "cijfer", "zicht", "doelen", "sturing", "basis", "contact", "fase"})


def test_every_key_of_a_kind_is_a_key_of_the_shape_and_the_other_way_round() -> None:
    own = set(ItemShape.model_fields) - set(StatementShape.model_fields) - {"kind"}
    assert {key for kind in KINDS.values() for key in kind.keys} == own
    assert all(kind.needs <= kind.keys for kind in KINDS.values())
