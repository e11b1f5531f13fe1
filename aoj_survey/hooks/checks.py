"""What may come back from a module, and what is said of anything else."""

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from aoj_survey.disclosure import DisclosureRule
from aoj_survey.errors import PluginError, Problem

from .types import CORE_ENDINGS, DerivedColumn, ExportFormat, MessageText

LONGEST_SUBJECT = 120
LONGEST_SENTENCE = 300
_ENDING = re.compile("[a-z][a-z0-9]{0,15}")


def unusable(hook: str, module: str, given: object, expected: str) -> PluginError:
    """Return the error for what is not what a hook wants."""
    return PluginError(module, f"gave {type(given).__name__} for {hook}, which wants {expected}.")


def check_overlay(module: str, given: object) -> Path:
    """Return a path of an overlay that is there; raises PluginError."""
    if not isinstance(given, Path):
        raise unusable("aoj_overlays", module, given, "paths (pathlib.Path)")
    if not given.is_file():
        raise PluginError(module, f"gave {given} for aoj_overlays, and there is no such file.")
    return given


def check_problem(module: str, given: object) -> Problem:
    """Return a problem; raises PluginError."""
    if not isinstance(given, Problem):
        raise unusable("aoj_check_questionnaire", module, given, "problems (Problem)")
    return given


def check_rule(module: str, given: object) -> DisclosureRule:
    """Return a disclosure rule; raises PluginError."""
    if not isinstance(given, DisclosureRule):
        raise unusable("aoj_disclosure_rule", module, given, "a DisclosureRule")
    return given


def check_sentence(hook: str, module: str, given: object, longest: int) -> str:
    """Return one line of at most `longest` characters; raises PluginError."""
    if not isinstance(given, str):
        raise unusable(hook, module, given, "a text")
    if len(given) > longest or any(unicodedata.category(character)[0] == "C" for character in given):
        raise PluginError(
            module, f"gave a text for {hook} that is over {longest} characters or over one line."
        )
    return given


def check_message(module: str, given: object) -> MessageText:
    """Return words of a mail without addresses of pages; raises PluginError."""
    hook = "aoj_message_text"
    if not isinstance(given, MessageText):
        raise unusable(hook, module, given, "a MessageText")
    check_sentence(hook, module, given.subject, LONGEST_SUBJECT)
    for text in (given.purpose, given.signature):
        check_sentence(hook, module, text, LONGEST_SENTENCE)
        if "://" in text or "www." in text.lower():
            # People learn to trust one link in our mails, their own.
            raise PluginError(module, f"gave a text for {hook} with an address of a page in it.")
    return given


def check_derived(module: str, given: object) -> DerivedColumn:
    """Return a derived column with a label, an explanation and sources; raises PluginError."""
    if not isinstance(given, DerivedColumn):
        raise unusable("aoj_derived_columns", module, given, "derived columns (DerivedColumn)")
    if not given.sources or not callable(given.compute):
        raise PluginError(
            module, f"gave a column {given.name!r} without sources or without what works it out."
        )
    for text in (given.label, given.how, *given.values.values()):
        _check_text("aoj_derived_columns", module, text)
    return given


def check_format(module: str, given: object) -> ExportFormat:
    """Return an export format with an ending that the engine has not; raises PluginError."""
    hook = "aoj_export_formats"
    if not isinstance(given, ExportFormat):
        raise unusable(hook, module, given, "formats (ExportFormat)")
    if not _ENDING.fullmatch(given.ending) or given.ending in CORE_ENDINGS:
        raise PluginError(
            module,
            f"gave the ending {given.ending!r} for {hook}; it has small letters and digits, at most 16, and is "
            f"none of the engine's: {', '.join(sorted(CORE_ENDINGS))}.",
        )
    check_sentence(hook, module, given.media_type, LONGEST_SUBJECT)
    _check_text(hook, module, given.label)
    return given


def _check_text(hook: str, module: str, given: object) -> None:
    """Words in Dutch at least, each in one line: they stand in the codebook."""
    texts: Mapping[object, object] = given if isinstance(given, Mapping) else {}  # pyright: ignore[reportUnknownVariableType]
    if not texts.get("nl"):
        raise PluginError(module, f"gave a text without Dutch words (nl) for {hook}.")
    for words in texts.values():
        check_sentence(hook, module, words, LONGEST_SENTENCE)
