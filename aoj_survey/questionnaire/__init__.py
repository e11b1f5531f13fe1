"""Questionnaires: YAML in, a frozen instrument out. Nobody reads YAML afterwards."""

from .advice import check_questionnaire
from .answers import dump_answers, largest_answers, load_answers
from .catalogue import ADVICE
from .cells import ColumnPlan
from .compiler import compile_questionnaire, load_questionnaire, read_mapping, read_marked, read_source
from .dates import read_day, read_month
from .display import Erratum, MissingText, apply_errata, list_texts, missing_texts, replace_texts
from .document import Document
from .editions import MEANING, Change, ItemChange, diff_editions
from .instrument import (
    FORMAT,
    Answers,
    Choice,
    Expression,
    Instrument,
    Item,
    Page,
    Setting,
    Text,
    Theme,
    Value,
    Word,
    find_item,
)
from .kinds import DONT_KNOW, DONT_KNOW_VALUE, KINDS, FormField, ItemKind, count_ranks
from .markdown import show_block, show_inline, show_plain
from .overlay import OverlayText
from .problems import CATALOGUE
from .quotes import WORD, fill_text, find_quotes
from .reach import Budget, can_hold
from .register import REGISTER, check_register, register_edition
from .reserved import RESERVED
from .roles import GROUPS, NOBODY, ROLES, Context, Group, Role, find_context
from .schema import overlay_schema, questionnaire_schema
from .shape import MAX_REGION
from .storage import digest_instrument, dump_instrument, load_instrument
from .texts import clean_text, find_direction, say
from .truth import Evaluation, compile_condition, holds, list_names
from .universe import label_text, role_label, universe
from .writing import write_document

__all__ = [
    "ADVICE",
    "CATALOGUE",
    "DONT_KNOW",
    "DONT_KNOW_VALUE",
    "FORMAT",
    "GROUPS",
    "KINDS",
    "MAX_REGION",
    "MEANING",
    "NOBODY",
    "REGISTER",
    "RESERVED",
    "ROLES",
    "WORD",
    "Answers",
    "Budget",
    "Change",
    "Choice",
    "ColumnPlan",
    "Context",
    "Document",
    "Erratum",
    "Evaluation",
    "Expression",
    "FormField",
    "Group",
    "Instrument",
    "Item",
    "ItemChange",
    "ItemKind",
    "MissingText",
    "OverlayText",
    "Page",
    "Role",
    "Setting",
    "Text",
    "Theme",
    "Value",
    "Word",
    "apply_errata",
    "can_hold",
    "check_questionnaire",
    "check_register",
    "clean_text",
    "compile_condition",
    "compile_questionnaire",
    "count_ranks",
    "diff_editions",
    "digest_instrument",
    "dump_answers",
    "dump_instrument",
    "fill_text",
    "find_context",
    "find_direction",
    "find_item",
    "find_quotes",
    "holds",
    "label_text",
    "largest_answers",
    "list_names",
    "list_texts",
    "load_answers",
    "load_instrument",
    "load_questionnaire",
    "missing_texts",
    "overlay_schema",
    "questionnaire_schema",
    "read_day",
    "read_mapping",
    "read_marked",
    "read_month",
    "read_source",
    "register_edition",
    "replace_texts",
    "role_label",
    "say",
    "show_block",
    "show_inline",
    "show_plain",
    "universe",
    "write_document",
]
