"""Which modules are enabled for which region; the database owns the list."""

from sqlalchemy import Connection, delete, insert, select

from aoj_survey.errors import NotFoundError
from aoj_survey.hooks import Hooks, RegionHooks

from .members import set_members
from .models import Region, RegionModule
from .records import add_region


def list_modules(connection: Connection, region: str) -> tuple[str, ...]:
    """Return the names of the modules enabled for a region, sorted."""
    query = (
        select(RegionModule.module).where(RegionModule.region_code == region).order_by(RegionModule.module)
    )
    return tuple(connection.execute(query).scalars())


def region_hooks(connection: Connection, hooks: Hooks, region: str) -> RegionHooks:
    """Return the hooks as asked for a region, of the modules enabled for it now."""
    return hooks.of_region(region, list_modules(connection, region))


def list_enabled(connection: Connection) -> dict[str, tuple[str, ...]]:
    """Return the regions each module is enabled for, sorted, by its name."""
    enabled: dict[str, tuple[str, ...]] = {}
    query = select(RegionModule.module, RegionModule.region_code)
    for row in connection.execute(query.order_by(RegionModule.module, RegionModule.region_code)):
        enabled[row.module] = (*enabled.get(row.module, ()), row.region_code)
    return enabled


def enable_module(connection: Connection, region: str, module: str) -> bool:
    """Enable a module for a region; return whether it was not before.

    Raises:
        NotFoundError: the region is unknown.
    """
    if connection.execute(select(Region.code).where(Region.code == region)).first() is None:
        raise NotFoundError(f"There is no region {region}. Add it with: aoj regions add")
    if module in list_modules(connection, region):
        return False
    connection.execute(insert(RegionModule).values(region_code=region, module=module))
    return True


def disable_module(connection: Connection, region: str, module: str) -> bool:
    """Disable a module for a region, whether or not it can still be loaded; return whether it was enabled."""
    place = (RegionModule.region_code == region) & (RegionModule.module == module)
    return connection.execute(delete(RegionModule).where(place)).rowcount == 1


def add_declared(connection: Connection, hooks: Hooks) -> tuple[str, ...]:
    """Add the regions that modules declare and nobody knows yet, and return their codes.

    A module is enabled for the region it brought, with the members it declares; a known region, its members and
    its list of modules stay as they are.

    Raises:
        StateError: a code or time zone that cannot be used.
    """
    added: list[str] = []
    for module in hooks.modules.values():
        declared = module.region
        if declared and add_region(connection, declared.code, declared.name, declared.time_zone):
            enable_module(connection, declared.code, module.name)
            set_members(connection, declared.code, declared.members)
            added.append(declared.code)
    return tuple(added)
