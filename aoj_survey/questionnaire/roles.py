"""Roles (*functietitels*) of the monitor, with group and sector, as its field uses them."""

from dataclasses import dataclass

from .instrument import Text


@dataclass(frozen=True, slots=True)
class Role:
    """A role: what a respondent is asked as. `sector` is None where the monitor has none."""

    code: str
    group: str
    sector: str | None
    label: Text
    plural: Text


@dataclass(frozen=True, slots=True)
class Group:
    """Roles that are reported together."""

    code: str
    label: Text


@dataclass(frozen=True, slots=True)
class Context:
    """What a condition may know of a respondent beside the answers; None is unknown."""

    role: str | None = None
    group: str | None = None
    sector: str | None = None
    region: str | None = None

    def names(self) -> dict[str, str]:
        """Return what is known, by the name it has in conditions."""
        return {name: value for name in CONTEXT_NAMES if (value := getattr(self, name)) is not None}


CONTEXT_NAMES = ("role", "group", "sector", "region")
"""Reserved: no item can have these codes."""

NOBODY = Context()
"""A respondent of whom nothing is known."""


def find_context(role: str, region: str) -> Context:
    """Return what is known of a respondent who is asked as a role in a region."""
    known = ROLES.get(role)
    return Context(role, known.group, known.sector, region) if known else Context(role, region=region)


GROUPS: dict[str, Group] = {
    group.code: group
    for group in (
        Group("professionals", {"nl": "professionals", "en": "professionals"}),
        Group("beleid", {"nl": "beleid", "en": "policy"}),
        Group("ouders_jeugd", {"nl": "ouders en jongeren", "en": "parents and young people"}),
    )
}


def _role(
    code: str, group: str, sector: str | None, nl: str, nl_plural: str, en: str, en_plural: str
) -> Role:
    return Role(code, group, sector, {"nl": nl, "en": en}, {"nl": nl_plural, "en": en_plural})


ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        _role(
            "ib",
            "professionals",
            "po",
            "intern begeleider",
            "intern begeleiders",
            "internal support coordinator (primary school)",
            "internal support coordinators (primary school)",
        ),
        _role(
            "zoco",
            "professionals",
            "vo",
            "zorgcoördinator",
            "zorgcoördinatoren",
            "care coordinator (secondary school)",
            "care coordinators (secondary school)",
        ),
        _role(
            "zoco_mbo",
            "professionals",
            "mbo",
            "zorgcoördinator mbo",
            "zorgcoördinatoren mbo",
            "care coordinator (vocational school)",
            "care coordinators (vocational school)",
        ),
        _role(
            "begeleider",
            "professionals",
            "onderwijs",
            "begeleider passend onderwijs",
            "begeleiders passend onderwijs",
            "inclusive education adviser",
            "inclusive education advisers",
        ),
        _role(
            "jeugdhulp",
            "professionals",
            "jeugdhulp",
            "jeugdhulpverlener",
            "jeugdhulpverleners",
            "youth-care worker",
            "youth-care workers",
        ),
        _role(
            "jgz",
            "professionals",
            "jeugdhulp",
            "medewerker jeugdgezondheidszorg",
            "medewerkers jeugdgezondheidszorg",
            "youth health worker",
            "youth health workers",
        ),
        _role(
            "leerplicht",
            "professionals",
            "gemeente",
            "leerplichtambtenaar",
            "leerplichtambtenaren",
            "school attendance officer",
            "school attendance officers",
        ),
        _role(
            "kinderopvang",
            "professionals",
            "kinderopvang",
            "pedagogisch medewerker kinderopvang of voorschool",
            "pedagogisch medewerkers kinderopvang of voorschool",
            "child-care worker",
            "child-care workers",
        ),
        _role(
            "beleid_gem",
            "beleid",
            "gemeente",
            "beleidsmedewerker gemeente",
            "beleidsmedewerkers gemeente",
            "municipal policy officer",
            "municipal policy officers",
        ),
        _role(
            "swv",
            "beleid",
            "onderwijs",
            "directeur of coördinator samenwerkingsverband",
            "directeuren en coördinatoren samenwerkingsverband",
            "director or coordinator of a school partnership",
            "directors and coordinators of school partnerships",
        ),
        _role(
            "ouder",
            "ouders_jeugd",
            None,
            "ouder of verzorger",
            "ouders en verzorgers",
            "parent or carer",
            "parents and carers",
        ),
        _role("jongere", "ouders_jeugd", None, "jongere", "jongeren", "young person", "young people"),
    )
}
