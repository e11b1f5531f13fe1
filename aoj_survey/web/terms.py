"""Words explained: abbreviations of the field, and what a region calls things and people."""

from dataclasses import dataclass

from flask_babel import gettext
from markupsafe import Markup

from aoj_survey.questionnaire import ROLES, Instrument

from .texts import write_line


@dataclass(frozen=True, slots=True)
class OwnTerm:
    """What is called otherwise in a region, in our words, and the region's own."""

    shared: Markup
    own: Markup


def list_abbreviations() -> tuple[tuple[str, str], ...]:
    """Return the abbreviations of the field with what they stand for."""
    return (
        ("IB", gettext("internal support coordinator of a primary school")),
        ("JGZ", gettext("youth health care")),
        ("MDO", gettext("meeting of several professionals about a child")),
        (
            "OOGO",
            gettext("consultation of municipalities and school partnerships in which they have to agree"),
        ),
        ("SWV", gettext("partnership of schools for inclusive education")),
        ("ZAT", gettext("care advice team of a school")),
        ("ZOCO", gettext("care coordinator of a secondary school")),
    )


def list_own_terms(instrument: Instrument, language: str) -> tuple[OwnTerm, ...]:
    """Return the words of a questionnaire and the roles that are called otherwise than by their common name."""
    words = [
        # Words are coded in Dutch.
        OwnTerm(write_line({"nl": word.code.replace("_", " ")}, language), write_line(word.text, language))
        for word in instrument.words
    ]
    roles = [
        OwnTerm(write_line(ROLES[label.code].label, language), write_line(label.text, language))
        for label in instrument.role_labels
        if label.code in instrument.roles and label.code in ROLES
    ]
    return tuple(term for term in (*words, *roles) if term.own.striptags() != term.shared.striptags())
