"""Areas at the start and the close: frozen from the list, and how many were invited in each class of one.

Only here is a list read for where people are; what is kept of each is the areas of a class that holds enough.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import Connection, func, insert, select, update

from aoj_survey.disclosure import (
    AREA_SIGN,
    NOWHERE,
    REST,
    Area,
    AreaForecast,
    CaptureClass,
    Place,
    divide_class,
    forecast_division,
    freeze_areas,
    freeze_classes,
    place_area,
    sort_roles,
)
from aoj_survey.invitations import (
    ANSWERING_ROLE,
    Invitation,
    Invitee,
    count_invited,
    open_contact,
    read_areas,
    spell_place,
)
from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import FinalClassCount, FrozenPlace, ParticipationFacts, StoredCaptureClass

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Division:
    """What the classes of a participation are divided into, by code of the undivided class, and the areas.

    `kept` is what is kept of the area of each invitation that keeps any, `nowhere` the area of who has no place.
    """

    classes: Mapping[str, tuple[CaptureClass, ...]]
    kept: Mapping[str, Sequence[UUID]]
    nowhere: str = REST
    areas: tuple[Area, ...] = ()

    def find(self, whole: str, kept: str) -> CaptureClass:
        """Return the class of somebody of an undivided class, with what is kept of the area."""
        return place_area(self.classes[whole], kept.split("+") if kept else (), self.nowhere)


def divide_nothing(classes: Sequence[CaptureClass]) -> Division:
    """Return the division where answers are kept by role only."""
    return Division({item.code: (item,) for item in classes}, {})


def divide_classes(
    connection: Connection, keys: KeyDirectory, facts: ParticipationFacts, classes: Sequence[CaptureClass]
) -> Division:
    """Return the classes divided by the areas of the list as it is now; nothing is stored.

    People of group links, and those taken off the list at their own request, are invited without a place.
    """
    people = _read_places(connection, keys, facts.id)
    listed = Counter(place for _, _, place, _ in people)
    listed[NOWHERE] += sum(item.invited for item in classes) - listed.total()
    areas = freeze_areas(+listed)
    spelled = {place: written for _, _, place, written in reversed(people)} | {NOWHERE: NOWHERE}
    codes = {place: area.code for area in areas for place in area.places}
    if not areas:
        return divide_nothing(classes)
    sizes = defaultdict[str, Counter[str]](Counter)
    for _, role, place, _ in people:
        sizes[role][codes[place]] += 1
    divided: dict[str, tuple[CaptureClass, ...]] = {}
    for item in classes:
        own = sizes[item.roles[0]]
        if NOWHERE in codes:
            own[codes[NOWHERE]] += item.invited - own.total()
        divided[item.code] = divide_class(item, areas, own)
    nowhere = codes.get(NOWHERE, REST)
    written = (replace(area, places=tuple(spelled[place] for place in area.places)) for area in areas)
    return Division(divided, _keep(people, codes, divided), nowhere, tuple(written))


_Person = tuple[UUID, str, Place, Place]
"""An invitation, its role, the place as compared and as written."""


def _read_places(connection: Connection, keys: KeyDirectory, participation: UUID) -> list[_Person]:
    key = keys.contact(participation)
    rows = connection.execute(
        select(Invitation.id, Invitation.role, Invitee.id.label("invitee"), Invitee.contact)
        .join(Invitee, Invitee.id == Invitation.invitee_id)
        .where(Invitation.participation_id == participation, Invitee.withdrawn.is_(None))
        .order_by(Invitation.id)
    )
    people: list[_Person] = []
    for row in rows:
        contact = open_contact(key, row.invitee, row.contact)
        place = spell_place(contact.municipality, contact.swv)
        people.append((row.id, row.role, place, (contact.municipality, contact.swv)))
    return people


def _keep(
    people: Sequence[_Person], codes: Mapping[Place, str], divided: Mapping[str, Sequence[CaptureClass]]
) -> dict[str, list[UUID]]:
    """The invitations by what is kept of their area."""
    areas = {
        (item.roles[0], area): "+".join(item.areas)
        for classes in divided.values()
        for item in classes
        for area in item.areas
        if area != REST
    }
    kept = defaultdict[str, list[UUID]](list)
    for invitation, role, place, _ in people:
        if found := areas.get((role, codes[place])):
            kept[found].append(invitation)
    return kept


def store_classes(
    connection: Connection,
    participation: UUID,
    division: Division,
    roles: Mapping[str, str],
    invited: Mapping[str, int],
) -> None:
    """Freeze a division: the places of areas, the class of every role in each, and what is kept of each person.

    `roles` holds the undivided class of each role. A role that has no class of an area has that of their parent.
    """
    own = {
        (role, "+".join(item.areas) if REST not in item.areas else ""): item.invited
        for classes in division.classes.values()
        for item in classes
        for role in item.roles[:1]
        if item.areas
    }
    rows = [
        {
            "participation_id": participation,
            "role": role,
            "area": kept,
            "class_code": division.find(whole, kept).code,
            "invited": own.get((role, kept), 0)
            if len(division.classes[whole]) > 1
            else (0 if kept else invited.get(role, 0)),
        }
        for role, whole in sorted(roles.items())
        for kept in sorted({"", *division.kept})
    ]
    connection.execute(insert(StoredCaptureClass), rows)
    _store_places(connection, participation, division.areas)
    for kept, invitations in division.kept.items():
        for start in range(0, len(invitations), CHUNK):
            chunk = invitations[start : start + CHUNK]
            connection.execute(update(Invitation).where(Invitation.id.in_(chunk)).values(area=kept))


def _store_places(connection: Connection, participation: UUID, areas: Sequence[Area]) -> None:
    places = [(area.code, place) for area in areas for place in area.places]
    if places:
        connection.execute(
            insert(FrozenPlace),
            [
                {"participation_id": participation, "municipality": place[0], "swv": place[1], "area": code}
                for code, place in places
            ],
        )


def freeze_class_counts(connection: Connection, participation: UUID) -> None:
    """Store how many are invited in each class of an area, by the role in which people answer.

    Who the list names wrongly is left out, as in the counts per role. The class of those without a place is not
    stored: it is what is left of the role.
    """
    here = StoredCaptureClass.participation_id == participation
    rests = select(StoredCaptureClass.class_code).where(here, StoredCaptureClass.area == "")
    rows = connection.execute(
        select(StoredCaptureClass.class_code, func.count().label("invited"))
        .join(
            Invitation,
            (Invitation.participation_id == StoredCaptureClass.participation_id)
            & (StoredCaptureClass.role == ANSWERING_ROLE)
            & (StoredCaptureClass.area == Invitation.area),
        )
        .join(Invitee, Invitee.id == Invitation.invitee_id)
        .where(
            here,
            StoredCaptureClass.class_code.contains(AREA_SIGN),
            StoredCaptureClass.class_code.not_in(rests),
            Invitee.withdrawn.is_distinct_from("ineligible"),
        )
        .group_by(StoredCaptureClass.class_code)
    ).all()
    if rows:
        connection.execute(
            insert(FinalClassCount),
            [
                {"participation_id": participation, "class_code": row.class_code, "invited": row.invited}
                for row in rows
            ],
        )


def forecast_areas(
    connection: Connection, keys: KeyDirectory, facts: ParticipationFacts
) -> tuple[tuple[Area, ...], tuple[AreaForecast, ...]]:
    """Return the areas of a participation, and what is expected to stand apart of the classes divided by them.

    Before the start by the list as it is now, after it as frozen. None where answers are not kept by area.
    """
    if not facts.by_area:
        return (), ()
    if facts.status == "planned":
        classes = freeze_classes(count_invited(connection, facts.id))
        division = divide_classes(connection, keys, facts, classes)
        return division.areas, forecast_division(
            [item for parts in division.classes.values() for item in parts]
        )
    rows = connection.execute(
        select(StoredCaptureClass.class_code, StoredCaptureClass.role, func.sum(StoredCaptureClass.invited))
        .where(StoredCaptureClass.participation_id == facts.id, StoredCaptureClass.invited > 0)
        .group_by(StoredCaptureClass.class_code, StoredCaptureClass.role)
        .order_by(StoredCaptureClass.class_code)
    )
    roles = defaultdict[str, list[tuple[str, int]]](list)
    for code, role, invited in rows:
        roles[code].append((role, invited or 0))
    stored = [
        CaptureClass(code, sort_roles(role for role, _ in found), sum(size for _, size in found))
        for code, found in roles.items()
    ]
    return read_areas(connection, facts.id), forecast_division(stored)
