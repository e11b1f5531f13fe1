"""How much stricter than the core a region wants its data and figures: its own numbers, and those of its modules."""

from sqlalchemy import Connection, delete, insert, select

from aoj_survey.disclosure import CORE_RULE, DisclosureRule, strictest_rule
from aoj_survey.errors import NotFoundError
from aoj_survey.hooks import Hooks

from .models import Region, RegionRule
from .modules import region_hooks


def set_own_rule(connection: Connection, region: str, rule: DisclosureRule) -> None:
    """Keep the numbers a region wants itself.

    Raises:
        NotFoundError: the region is unknown.
    """
    if connection.execute(select(Region.code).where(Region.code == region)).first() is None:
        raise NotFoundError(f"There is no region {region}. Add it with: aoj regions add")
    connection.execute(delete(RegionRule).where(RegionRule.region_code == region))
    connection.execute(insert(RegionRule).values(region_code=region, k=rule.k, threshold=rule.threshold))


def find_own_rule(connection: Connection, region: str) -> DisclosureRule:
    """Return the numbers a region wants itself; the core's where it never said."""
    query = select(RegionRule.k, RegionRule.threshold).where(RegionRule.region_code == region)
    row = connection.execute(query).one_or_none()
    return DisclosureRule(row.k, row.threshold) if row else CORE_RULE


def find_rule(connection: Connection, hooks: Hooks, region: str) -> DisclosureRule:
    """Return the strictest of the core's rule, the region's own and those of its modules, number by number.

    Raises:
        PluginError: a module of the region is not there, fails, or wants a number looser than the core's.
    """
    modules = region_hooks(connection, hooks, region).disclosure_rule()
    return strictest_rule(find_own_rule(connection, region), modules)
