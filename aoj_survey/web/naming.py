"""What roles, groups and kinds of organisations are called on pages."""

from collections.abc import Sequence

from flask_babel import gettext

from aoj_survey.questionnaire import GROUPS, ROLES, say

from .language import current_language


def name_role(role: str) -> str:
    """Return a role in the singular."""
    return say(ROLES[role].label, current_language()) if role in ROLES else role


def list_roles(roles: Sequence[str]) -> str:
    """Return roles in the plural, after each other."""
    language = current_language()
    return ", ".join(say(ROLES[role].plural, language) if role in ROLES else role for role in roles)


def name_roles(roles: tuple[str, ...]) -> str:
    """Return roles in the plural; joined roles say why they are together."""
    names = list_roles(roles)
    return names if len(roles) == 1 else gettext("small roles together: %(roles)s", roles=names)


def name_group(group: str) -> str:
    """Return what a group of roles is called."""
    return say(GROUPS[group].label, current_language())


def name_kind(kind: str) -> str:
    """Return what a kind of organisation is called; the empty one is of people of whom it is not known."""
    names = {
        "po": gettext("primary schools"),
        "vo": gettext("secondary schools"),
        "mbo": gettext("vocational schools"),
        "onderwijs": gettext("education, other"),
        "jeugdhulp": gettext("youth care"),
        "gemeente": gettext("municipalities"),
        "kinderopvang": gettext("childcare"),
        "": gettext("kind not known"),
    }
    return names.get(kind, kind)
