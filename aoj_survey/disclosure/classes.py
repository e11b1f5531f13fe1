"""Capture classes: the coarse stratum that is all a response keeps of its invitation.

Rules: `anonymity`, *What may flow from invitation to response*. A class below the minimum merges with its
smallest sibling in the same group (role -> group). A group that is too small as a whole merges with the
smallest class elsewhere in the region: that satisfies the minimum with the least loss, whereas one class
for the whole region would take the answers of every role down with it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

from aoj_survey.errors import DisclosureError
from aoj_survey.questionnaire import GROUPS, ROLES, Text

from .printed import PrintedCounts

MINIMUM = 5
AREA_MINIMUM = 10
"""Fewest people invited in a class with an area."""

REGION = "region"
AREA_SIGN = "@"
"""Before the areas in the code of a class, as in `ib@a1+a3`."""
REGION_LABEL: Text = {"nl": "alle functies", "en": "all roles"}


@dataclass(frozen=True, slots=True)
class CaptureClass:
    """Roles that are kept as one, in some areas or in all: how many were invited (N) and, later, answered (n)."""

    code: str
    roles: tuple[str, ...]
    invited: int
    answered: int = 0

    @property
    def areas(self) -> tuple[str, ...]:
        """The codes of the areas; none for a class of all areas."""
        return tuple(part for part in self.code.partition(AREA_SIGN)[2].split("+") if part)


def freeze_classes(invited: Mapping[str, int], minimum: int = MINIMUM) -> tuple[CaptureClass, ...]:
    """Return the classes of a participation at its start, from the number invited per role.

    Every class holds at least `minimum` invited, unless one class is left. A role with nobody invited is in
    no class. The order is that of the list of roles.

    Raises:
        DisclosureError: a role that does not exist or a negative number.
    """
    _refuse_unknown(invited)
    present = {role for role, number in invited.items() if number > 0}
    sizes = {(role,): invited[role] for role in present}
    merged = merge_small(sizes, minimum)
    return _in_order(
        CaptureClass(class_code(roles, present), roles, sum(invited[role] for role in roles))
        for roles in merged
    )


def place_role(classes: Sequence[CaptureClass], role: str) -> CaptureClass:
    """Return the frozen class of a role that had nobody on the list at the start.

    It joins the smallest class of its group, else the smallest of all.

    Raises:
        DisclosureError: a role that does not exist, or no class at all.
    """
    _refuse_unknown({role: 0})
    if not classes:
        raise DisclosureError("No class was frozen; nobody can be placed in one.")
    return min(classes, key=lambda item: (_kinship(item.roles, (role,)), item.invited, item.code))


def merge_classes(
    classes: Sequence[CaptureClass],
    answered: Mapping[str, int],
    minimum: int = MINIMUM,
    printed: PrintedCounts | None = None,
) -> dict[str, CaptureClass]:
    """Return, by the code of each class at the start, the class its responses are stored in.

    `answered` counts responses per class code; a class not named has none. Every class that comes out has at
    least `minimum` responses, unless one is left, and one with an area ten invited. A class without any response merges too: it has no
    respondent to protect, but no weight N/n either, so its invited would drop out of every total. Beside response
    counts that are `printed` no difference tells of fewer than three people: classes of roles merge until none does.

    Raises:
        DisclosureError: responses in a class that does not exist, or two classes with one code or role.
    """
    _refuse_overlap(classes)
    unknown = sorted(set(answered) - {item.code for item in classes})
    if unknown:
        raise DisclosureError(f"There are responses in classes that were never frozen: {', '.join(unknown)}.")
    present = {role for item in classes for role in item.roles}
    sizes = Counter[tuple[str, ...]]()
    for item in classes:
        sizes[item.roles] += answered.get(item.code, 0)
    outcome: dict[str, CaptureClass] = {}
    merged = merge_small(sizes, minimum)
    for roles in merge_beside(merged, printed) if printed else merged:
        inside = [item for item in classes if set(item.roles) <= set(roles)]
        code = class_code(roles, present)
        # A class that went into another role's, or took it in, keeps no area: the union is their parent.
        divided = len({item.roles for item in inside}) == 1
        for parts in _merge_areas(inside, answered, minimum) if divided else [inside]:
            union = CaptureClass(
                name_union(code, parts, inside),
                roles,
                sum(item.invited for item in parts),
                sum(answered.get(item.code, 0) for item in parts),
            )
            outcome |= {item.code: union for item in parts}
    return outcome


def _merge_areas(
    classes: Sequence[CaptureClass], answered: Mapping[str, int], minimum: int
) -> list[list[CaptureClass]]:
    """The classes of one role, one for each area, put together until each union holds enough or one is left.

    That is `minimum` answers of ten invited: people who came after the start are few, and known by name. A
    failing one merges with its smallest sibling.
    """
    unions = [[item] for item in classes]

    def size(parts: Sequence[CaptureClass]) -> tuple[int, str]:
        return sum(answered.get(item.code, 0) for item in parts), parts[0].code

    while len(unions) > 1:
        failing = [
            parts
            for parts in unions
            if size(parts)[0] < minimum or sum(item.invited for item in parts) < AREA_MINIMUM
        ]
        if not failing:
            break
        small = min(failing, key=size)
        other = min((parts for parts in unions if parts is not small), key=size)
        unions = [parts for parts in unions if parts is not small and parts is not other]
        unions.append(sorted(small + other, key=lambda item: item.code))
    return unions


def name_union(code: str, parts: Sequence[CaptureClass], inside: Sequence[CaptureClass]) -> str:
    """Return the code of some of the classes `inside` those of roles with this code, named by their areas if not all."""
    if len(parts) == len(inside) and len(inside) > 1:
        return code
    areas = sorted({area for item in parts for area in item.areas}, key=lambda area: int(area[1:]))
    return f"{code}{AREA_SIGN}{'+'.join(areas)}" if areas else code


def merge_small(sizes: Mapping[tuple[str, ...], int], minimum: int) -> dict[tuple[str, ...], int]:
    """Return sets of roles with their sizes, merged until each reaches `minimum` or one is left.

    The pair to merge next is the one with the nearest kin, then the smallest sizes, then the first names, so
    the outcome does not depend on the order of what comes in.
    """
    merged = {sort_roles(roles): size for roles, size in sizes.items()}
    while len(merged) > 1 and min(merged.values()) < minimum:
        small, other = min(
            (pair for pair in permutations(merged, 2) if merged[pair[0]] < minimum),
            key=lambda pair: (_kinship(*pair), merged[pair[0]], merged[pair[1]], pair),
        )
        union = sort_roles(small + other)
        merged[union] = merged.pop(small) + merged.pop(other)
    return merged


def merge_beside(sizes: Mapping[tuple[str, ...], int], printed: PrintedCounts) -> dict[tuple[str, ...], int]:
    """Return sets of roles with their sizes, merged until beside printed counts they give no small number away.

    The pair to merge next is the one that leaves the fewest such numbers, then as in `merge_small`. One set of all
    roles gives none away beside rows that are large enough by themselves.
    """
    merged = dict(sizes)
    while len(merged) > 1 and printed.find_small(merged):

        def judge(pair: tuple[tuple[str, ...], tuple[str, ...]]) -> tuple[object, ...]:
            small, other = pair
            left = printed.find_small([*(roles for roles in merged if roles not in pair), small + other])
            return len(left), _kinship(small, other), merged[small], merged[other], pair

        small, other = min(permutations(merged, 2), key=judge)
        union = sort_roles(small + other)
        merged[union] = merged.pop(small) + merged.pop(other)
    return merged


def class_code(roles: Sequence[str], present: set[str]) -> str:
    """Return the stable code of a class among the roles present in the region.

    One role: its own code; all roles present of one group: the group's; all roles: `region`; else the roles
    joined with `+`.
    """
    groups = {ROLES[role].group for role in roles}
    if len(roles) == 1:
        return roles[0]
    if len(groups) == 1 and {role for role in present if ROLES[role].group in groups} == set(roles):
        return groups.pop()
    return REGION if set(roles) == present else "+".join(sorted(roles))


def class_label(code: str, roles: Sequence[str]) -> Text:
    """Return the name of a class or group of these roles for readers, in Dutch and English.

    Areas are named by their codes.
    """
    code, _, areas = code.partition(AREA_SIGN)
    if areas:
        named = class_label(code, roles)
        return {"nl": f"{named['nl']}, gebied {areas}", "en": f"{named['en']}, area {areas}"}
    if code == REGION:
        return REGION_LABEL
    if code in GROUPS:
        return GROUPS[code].label
    plurals = [ROLES[role].plural for role in roles]
    return {
        "nl": " en ".join(plural["nl"] for plural in plurals),
        "en": " and ".join(plural["en"] for plural in plurals),
    }


def _kinship(first: Sequence[str], second: Sequence[str]) -> int:
    """0: both within one group; 1: a group in common; 2: nothing in common but the region."""
    groups = {ROLES[role].group for role in first}
    others = {ROLES[role].group for role in second}
    if len(groups | others) == 1:
        return 0
    return 1 if groups & others else 2


def sort_roles(roles: Iterable[str]) -> tuple[str, ...]:
    """Return the roles in the order of the list of roles."""
    order = list(ROLES)
    return tuple(sorted(roles, key=order.index))


def _in_order(classes: Iterable[CaptureClass]) -> tuple[CaptureClass, ...]:
    order = list(ROLES)
    return tuple(sorted(classes, key=lambda item: order.index(item.roles[0])))


def _refuse_unknown(invited: Mapping[str, int]) -> None:
    unknown = sorted(set(invited) - set(ROLES))
    if unknown:
        raise DisclosureError(f"These roles do not exist: {', '.join(unknown)}. Known: {', '.join(ROLES)}.")
    negative = sorted(role for role, number in invited.items() if number < 0)
    if negative:
        raise DisclosureError(f"Fewer than zero invited cannot be: {', '.join(negative)}.")


def _refuse_overlap(classes: Sequence[CaptureClass]) -> None:
    codes = [item.code for item in classes]
    places = [(role, area) for item in classes for role in item.roles for area in item.areas or ("",)]
    whole = {role for role, area in places if not area}
    sharing = {role: {item.roles for item in classes if role in item.roles} for role, _ in places}
    twice = sorted(
        {code for code in codes if codes.count(code) > 1}
        | {role for role, area in places if places.count((role, area)) > 1 or (area and role in whole)}
        | {role for role, groups in sharing.items() if len(groups) > 1}
    )
    if twice:
        raise DisclosureError(
            f"Each class and role may stand in the list once, or once for each area; more than once: {', '.join(twice)}."
        )
