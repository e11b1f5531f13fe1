"""The members of a region: its municipalities, and its school partnerships (swv) of primary or secondary schools."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from aoj_survey.errors import NotFoundError, StateError

from .models import Region, RegionMember

LONGEST = 200
_MUNICIPALITY = re.compile(r"gemeente\s+", re.IGNORECASE)
_PARTNERSHIP = re.compile(r"(swv|samenwerkingsverband)\b", re.IGNORECASE)
_SECTOR = re.compile(r"\b(po|vo)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Members:
    """The names of a region's municipalities and school partnerships; none where nobody said which they are."""

    municipalities: tuple[str, ...] = ()
    partnerships: tuple[str, ...] = ()


def read_members(names: Iterable[str]) -> Members:
    """Return members by their names: `swv PO Rijnmeer` is a school partnership, `gemeente Rijnmeer` or `Rijnmeer` no.

    A municipality is known by its bare name.
    """
    clean = [name for name in (" ".join(name.split()) for name in names) if name]
    partnerships = [name for name in clean if _PARTNERSHIP.match(name)]
    municipalities = [name_municipality(name) for name in clean if name not in partnerships]
    return Members(tuple(dict.fromkeys(municipalities)), tuple(dict.fromkeys(partnerships)))


def name_municipality(text: str) -> str:
    """Return the bare name of a municipality, without the word before it."""
    return _MUNICIPALITY.sub("", " ".join(text.split()), count=1)


def find_swv_sector(name: str) -> str:
    """Return the sector of a school partnership by its name: `po`, `vo`, or empty when it does not say."""
    found = _SECTOR.search(name)
    return found.group(1).lower() if found else ""


def set_members(connection: Connection, region: str, names: Iterable[str]) -> Members:
    """Keep who the members of a region are, in place of those kept before, and return them.

    Raises:
        NotFoundError: the region is unknown.
        StateError: a name that is too long.
    """
    if connection.execute(select(Region.code).where(Region.code == region)).first() is None:
        raise NotFoundError(f"There is no region {region}. Add it with: aoj regions add")
    members = read_members(names)
    kinds = {"municipality": members.municipalities, "swv": members.partnerships}
    rows = [(kind, name) for kind, found in kinds.items() for name in found]
    if any(len(name) > LONGEST for _, name in rows):
        raise StateError(f"The name of a member is longer than {LONGEST} characters.")
    connection.execute(delete(RegionMember).where(RegionMember.region_code == region))
    if rows:
        connection.execute(
            insert(RegionMember), [{"region_code": region, "kind": kind, "name": name} for kind, name in rows]
        )
    return members


def find_members(connection: Connection, region: str) -> Members:
    """Return the members of a region, by name; none when nobody said which, or it is unknown."""
    rows = connection.execute(
        select(RegionMember.kind, RegionMember.name)
        .where(RegionMember.region_code == region)
        .order_by(RegionMember.name)
    ).all()
    return Members(
        tuple(row.name for row in rows if row.kind == "municipality"),
        tuple(row.name for row in rows if row.kind == "swv"),
    )
