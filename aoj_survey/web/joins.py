"""Which roles an opening joins, in words, for the page where two people approve it."""

from flask_babel import gettext
from sqlalchemy import Connection

from aoj_survey.disclosure import REGION, class_label
from aoj_survey.errors import PluginError
from aoj_survey.questionnaire import GROUPS, say
from aoj_survey.regions import find_rule
from aoj_survey.tracking import Join, foresee_joins
from aoj_survey.waves import ParticipationFacts

from .language import current_language
from .naming import list_roles
from .visits import installation


def describe_joins(
    connection: Connection, facts: ParticipationFacts, *, whole: bool
) -> tuple[str, tuple[str, ...]]:
    """Return what is said of small roles, and a sentence for each set of roles that is joined.

    `whole`: the box can open by itself. Where it cannot, or before anybody is on the list, it is said in general.
    """
    general = gettext("Small roles are joined first.")
    if facts.status == "closed" and not whole:
        return general, ()
    try:
        joins = foresee_joins(connection, facts, find_rule(connection, installation().hooks, facts.region).k)
    except PluginError:
        return general, ()  # The opening itself tells what is the matter with the module.
    lead = {
        "closed": gettext("Small roles are joined first:")
        if joins
        else gettext("No role is too small, so none is joined with another."),
        "opened": gettext("These roles were joined:")
        if joins
        else gettext("No role was joined with another."),
    }.get(
        facts.status,
        gettext("Small roles are joined first. By the list alone we expect these:") if joins else general,
    )
    return lead, tuple(_say(join) for join in joins)


def _say(join: Join) -> str:
    names = [list_roles([role]) for role in join.roles]
    if join.done:
        names = [f"{name} ({join.done[role]})" for name, role in zip(names, join.roles, strict=True)]
    roles, total = ", ".join(names), f" ({sum(join.done.values())})" if join.done else ""
    if join.code in GROUPS or join.code == REGION:
        name = say(class_label(join.code, join.roles), current_language())
        return gettext("%(roles)s together become “%(name)s”%(total)s.", roles=roles, name=name, total=total)
    return gettext("%(roles)s are kept together%(total)s.", roles=roles, total=total)
