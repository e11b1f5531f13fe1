"""Questionnaires: YAML in, a frozen instrument out. Nobody reads YAML afterwards."""

from .answers import dump_answers, largest_answers, load_answers
from .compiler import compile_questionnaire, load_questionnaire
from .instrument import (
    FORMAT,
    Answers,
    Choice,
    Expression,
    Instrument,
    Item,
    Page,
    Text,
    Theme,
    Value,
    find_item,
)
from .kinds import DONT_KNOW, DONT_KNOW_VALUE, KINDS, ItemKind
from .problems import CATALOGUE
from .roles import GROUPS, ROLES, Group, Role
from .storage import digest_instrument, dump_instrument, load_instrument
from .texts import clean_text, say
from .truth import holds

__all__ = [
    "CATALOGUE",
    "DONT_KNOW",
    "DONT_KNOW_VALUE",
    "FORMAT",
    "GROUPS",
    "KINDS",
    "ROLES",
    "Answers",
    "Choice",
    "Expression",
    "Group",
    "Instrument",
    "Item",
    "ItemKind",
    "Page",
    "Role",
    "Text",
    "Theme",
    "Value",
    "clean_text",
    "compile_questionnaire",
    "digest_instrument",
    "dump_answers",
    "dump_instrument",
    "find_item",
    "holds",
    "largest_answers",
    "load_answers",
    "load_instrument",
    "load_questionnaire",
    "say",
]
