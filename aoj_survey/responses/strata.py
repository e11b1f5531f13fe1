"""The strata of an opened box: the classes at the start, merged until each has answers enough."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import Connection, insert, select

from aoj_survey.disclosure import AREA_SIGN, CaptureClass, PrintedCounts, merge_classes
from aoj_survey.waves import FinalClassCount, StoredCaptureClass, Stratum


def merge_strata(
    connection: Connection,
    participation: UUID,
    invited: Mapping[str, int],
    answered: Mapping[str, int],
    minimum: int,
    printed: PrintedCounts,
) -> dict[str, CaptureClass]:
    """Return the class that the answers of each class at the start are stored in, of `minimum` answers.

    `invited` counts by role; `printed` is the response table, seen since the close, beside which classes must not tell
    of one or two people.
    """
    rows = connection.execute(
        select(StoredCaptureClass.class_code, StoredCaptureClass.role, StoredCaptureClass.area)
        .where(StoredCaptureClass.participation_id == participation)
        .order_by(StoredCaptureClass.class_code, StoredCaptureClass.role)
    ).all()
    # Roles that nobody has had are left out: their questionnaire must not take items from the others.
    roles: dict[str, tuple[str, ...]] = {
        code: tuple(dict.fromkeys(row.role for row in rows if row.class_code == code and row.role in invited))
        for code in dict.fromkeys(row.class_code for row in rows)
    }
    sizes = _count_classes(
        connection, participation, roles, invited, {row.class_code for row in rows if not row.area}
    )
    # So is the class of who has no place, where everybody has one.
    classes = [
        CaptureClass(code, found, sizes[code])
        for code, found in roles.items()
        if found and (sizes[code] or answered.get(code) or AREA_SIGN not in code)
    ]
    return merge_classes(classes, answered, minimum, printed)


def _count_classes(
    connection: Connection,
    participation: UUID,
    roles: Mapping[str, Sequence[str]],
    invited: Mapping[str, int],
    remainders: Collection[str],
) -> dict[str, int]:
    """How many were invited in each class at the close; of a role's classes, one is what the areas leave of it."""
    rows = connection.execute(
        select(FinalClassCount.class_code, FinalClassCount.invited).where(
            FinalClassCount.participation_id == participation
        )
    )
    sizes: dict[str, int] = dict.fromkeys(roles, 0) | {row.class_code: row.invited for row in rows}
    for code in remainders:
        beside = [
            other
            for other in roles
            if other != code and other.partition(AREA_SIGN)[0] == code.partition(AREA_SIGN)[0]
        ]
        total = sum(invited[role] for role in roles[code])
        sizes[code] = max(0, total - sum(sizes[other] for other in beside))
    return sizes


def store_strata(connection: Connection, participation: UUID, strata: Mapping[str, CaptureClass]) -> None:
    """Keep the classes after merging, with how many were invited and answered."""
    merged = {stratum.code: stratum for stratum in strata.values()}
    connection.execute(
        insert(Stratum),
        [
            {
                "participation_id": participation,
                "code": stratum.code,
                "roles": " ".join(stratum.roles),
                "invited": max(stratum.invited, stratum.answered),
                "answered": stratum.answered,
            }
            for stratum in merged.values()
        ],
    )
