"""Areas: municipality x school partnership (swv), merged until each is large enough to stand beside a role.

Rules: `anonymity`, *What may flow from invitation to response*. Only a role that stands alone is divided, and only
into areas in which enough people of that role were invited; any other class is the parent of all areas.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from .classes import AREA_MINIMUM, AREA_SIGN, CaptureClass

Place: TypeAlias = tuple[str, str]
"""A municipality and a school partnership; what a list does not say is empty."""

MOST_AREAS = 30
"""Most areas of a region: beyond it the smallest merge, so that codes stay short and sets can be audited."""

MOST_PLACES = 500
"""Most combinations of municipality and swv from which areas are made; more are no areas but a list to mend."""

NOWHERE: Place = ("", "")
REST = "a0"
"""The code of an area for who was in none at the start."""

_Block: TypeAlias = frozenset[Place]

APART = 3
"""The distance of places that have nothing in common but the region."""


@dataclass(frozen=True, slots=True)
class Area:
    """An area of a region, frozen at the start: its places, and how many were invited there."""

    code: str
    places: tuple[Place, ...]
    invited: int


def freeze_areas(invited: Mapping[Place, int], minimum: int = AREA_MINIMUM) -> tuple[Area, ...]:
    """Return the areas of a region from the number invited per place; none where they would be fewer than two.

    Every area holds at least `minimum` invited. Both breakdowns, by municipality and by swv, are sums of places.
    """
    if not 1 < len(invited) <= MOST_PLACES:
        return ()
    blocks = merge_nearest({frozenset({place}): size for place, size in invited.items()}, minimum, MOST_AREAS)
    if len(blocks) < 2:  # noqa: PLR2004 one area is the whole region
        return ()
    named = sorted((tuple(sorted(block)), size) for block, size in blocks.items())
    return tuple(Area(f"a{number}", places, size) for number, (places, size) in enumerate(named, start=1))


def divide_class(
    whole: CaptureClass, areas: Sequence[Area], invited: Mapping[str, int], minimum: int = AREA_MINIMUM
) -> tuple[CaptureClass, ...]:
    """Return the classes that a class at the start is divided into by area; itself where it cannot be.

    `invited` counts people of the class by code of an area; all the others of the class have no known place. Each
    class that comes out holds `minimum` invited, but for one without anybody: that of who has no place and comes
    later.
    """
    if len(whole.roles) != 1 or not areas:
        return (whole,)
    sizes = {frozenset(area.places): invited.get(area.code, 0) for area in areas}
    blocks = merge_nearest(sizes, minimum)
    if len(blocks) < 2 or sum(sizes.values()) != whole.invited:  # noqa: PLR2004 one area is the whole class
        return (whole,)
    parts = sorted(
        (tuple(area.code for area in areas if set(area.places) <= block), size)
        for block, size in blocks.items()
    )
    classes = [CaptureClass(area_class_code(whole.code, codes), whole.roles, size) for codes, size in parts]
    if not any(NOWHERE in area.places for area in areas):
        classes.append(CaptureClass(area_class_code(whole.code, (REST,)), whole.roles, 0))
    return tuple(classes)


def place_area(classes: Sequence[CaptureClass], kept: Collection[str], nowhere: str = REST) -> CaptureClass:
    """Return the class of the areas kept of a person among those of one role, else their parent's remainder.

    `classes` are what a class was divided into; `nowhere` is the code of the area of people without a place.
    """
    if len(classes) == 1:
        return classes[0]
    found = [item for item in classes if kept and set(kept) <= set(item.areas)]
    return found[0] if found else next(item for item in classes if nowhere in item.areas)


def find_area(areas: Sequence[Area], place: Place) -> str:
    """Return the code of the area of a place; empty where nobody was at the start, unless half of it says enough.

    That is when all places of the municipality, else of the swv, lie in one area.
    """
    known = {known: area.code for area in areas for known in area.places}
    if place in known:
        return known[place]
    for part in (0, 1):
        codes = {code for other, code in known.items() if place[part] and other[part] == place[part]}
        if len(codes) == 1:
            return codes.pop()
    return ""


def name_area(area: Area) -> str:
    """Return the name of an area: its places."""
    return "; ".join(map(name_place, area.places))


def name_place(place: Place) -> str:
    """Return the name of a place; `-` where a list does not say the municipality or swv."""
    municipality, swv = place
    return f"{municipality or '-'} / {swv or '-'}"


def area_class_code(code: str, areas: Sequence[str]) -> str:
    """Return the code of a class of these areas within the class of a role."""
    return f"{code}{AREA_SIGN}{'+'.join(areas)}"


def merge_nearest(sizes: Mapping[_Block, int], minimum: int, most: int | None = None) -> dict[_Block, int]:
    """Return sets of places with their sizes, merged until each reaches `minimum` or one is left, `most` at most.

    First within municipalities, then within swv, then of what has either in common, then anywhere. The smallest
    one that fails merges with its smallest sibling until it holds enough; then the next.
    """
    blocks = dict(sizes)
    for farthest in range(APART + 1):
        alone: set[_Block] = set()
        growing: _Block | None = None
        while failing := [block for block in blocks if blocks[block] < minimum and block not in alone]:
            small = growing if growing in failing else _find_smallest(blocks, failing)
            growing = _merge_with_nearest(blocks, small, farthest)
            if growing is None:
                alone.add(small)
    while most is not None and len(blocks) > most:
        _merge_with_nearest(blocks, _find_smallest(blocks, blocks), APART)
    return blocks


def _find_smallest(blocks: Mapping[_Block, int], among: Iterable[_Block]) -> _Block:
    return min(among, key=lambda block: (blocks[block], sorted(block)))


def _merge_with_nearest(blocks: dict[_Block, int], small: _Block, farthest: int) -> _Block | None:
    """Merge with the smallest of the nearest, in place, and return the union; None when all are farther away."""
    distances = {block: _distance(small | block, small, block) for block in blocks if block != small}
    near = {block: distance for block, distance in distances.items() if distance <= farthest}
    if not near:
        return None
    other = min(near, key=lambda block: (near[block], blocks[block], sorted(block)))
    union = small | other
    blocks[union] = blocks.pop(small) + blocks.pop(other)
    return union


def _distance(union: _Block, one: _Block, other: _Block) -> int:
    """0: one municipality; 1: one swv; 2: something in common; 3: nothing but the region."""
    for distance, part in enumerate((0, 1)):
        names = {place[part] for place in union}
        if len(names) == 1 and "" not in names:
            return distance
    shared = any({place[part] for place in one} & {place[part] for place in other} - {""} for part in (0, 1))
    return 2 if shared else APART
