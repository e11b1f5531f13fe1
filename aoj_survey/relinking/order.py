"""Attempts: the order in which answers are stored, against that of their ids and that of the people done.

An opening gives responses random ids and inserts them in the order of those. So their place must follow from
the id alone; any other order may be that in which they came in.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from statistics import fmean
from uuid import RFC_4122, UUID

from sqlalchemy import ColumnElement, Connection, select, text

from aoj_survey.disclosure import REGION, CaptureClass
from aoj_survey.invitations import ANSWERING_ROLE, Invitation
from aoj_survey.regions import JOINT_REGION
from aoj_survey.responses import Response
from aoj_survey.waves import ParticipationFacts, StoredCaptureClass, Stratum

from .attempts import Attempt, conclude, pass_over

LIMIT = 0.3
"""With 200 answers in random order, a correlation beyond this turns up less than once in 10,000 times."""

FEWEST = 10
GAP = 4
"""Bytes between the id and the stratum of a row of no participation: a length, or in a dump the sign of nothing."""
RARE = 4.0
"""Standard deviations; chance alone comes so far less than once in 10,000 times."""

WRITTEN: tuple[tuple[Callable[[UUID], bytes], bytes], ...] = (
    (lambda item: item.bytes, b""),
    (lambda item: item.hex.encode(), b""),
    (lambda item: str(item).encode(), b"\t"),
)
"""How PostgreSQL, SQLite and a dump in text write an id, and what stands between two of them."""

PAGES = {"sqlite": 4096, "postgresql": 8192}


def rank_correlation(order: Sequence[int]) -> float:
    """Return Spearman's rho between a permutation of 0 … n-1 (n > 1) and its natural order (no ties).

    Raises:
        ValueError: no such permutation.
    """
    size = len(order)
    if sorted(order) != list(range(size)):
        raise ValueError(f"these are not the numbers 0 to {size - 1}, each once")
    squares = sum((place - value) ** 2 for place, value in enumerate(order))
    return 1 - 6 * squares / (size * (size**2 - 1))


def rank(values: Sequence[bytes]) -> list[int]:
    """Return the rank (from 0) of each of different values."""
    places = {value: place for place, value in enumerate(sorted(values))}
    return [places[value] for value in values]


def try_order(connection: Connection, facts: ParticipationFacts, files: Sequence[bytes]) -> Attempt:
    """Compare where responses lie, in the table and in its files, with the order of their random ids."""
    stored = read_storage_order(connection, facts.id)
    return _compare_order(connection, facts.region, stored, facts.id, files)


def try_joint_order(connection: Connection, wave: str, files: Sequence[bytes]) -> Attempt:
    """Compare the same of what the small boxes of a wave held together."""
    stored = _read_order(connection, Response.wave_code == wave)
    return _compare_order(connection, JOINT_REGION, stored, REGION, files)


def _compare_order(
    connection: Connection, region: str, stored: Sequence[UUID], after: UUID | str, files: Sequence[bytes]
) -> Attempt:
    if len(stored) < FEWEST:
        return pass_over("order", region, "no_answers")
    by_ids = rank_correlation(rank([item.bytes for item in stored]))
    page = PAGES[connection.dialect.name]
    found = [find_file_places(content, stored, after) for content in files]
    in_files = min((follow_ids(places, page) for places in found if len(places) >= FEWEST), default=1.0)
    not_random = 0 if are_random(stored) else len(stored)
    measure = {
        "rows": len(stored),
        "not_random": not_random,
        "by_ids": round(by_ids, 2),
        "in_files": round(in_files, 2),
    }
    # A later opening may fill gaps that an earlier one left, so a little less than wholly is no leak.
    linked = bool(not_random) or min(by_ids, in_files) < 1 - LIMIT
    return conclude("order", region, measure, linked=linked)


def read_storage_order(connection: Connection, participation: UUID) -> list[UUID]:
    """Return the ids of the responses in the order in which the database stores the rows."""
    return _read_order(connection, Response.participation_id == participation)


def _read_order(connection: Connection, where: ColumnElement[bool]) -> list[UUID]:
    order = "ctid"
    if connection.dialect.name == "sqlite":
        made = "SELECT sql FROM sqlite_master WHERE name = 'response'"
        without = "WITHOUT ROWID" in connection.exec_driver_sql(made).scalar_one().upper()
        order = "id" if without else "rowid"
    query = select(Response.id).where(where).order_by(text(order))
    return list(connection.execute(query).scalars())


def find_file_places(content: bytes, ids: Sequence[UUID], after: UUID | str) -> dict[UUID, int]:
    """Return where in a file the row of each response lies (bytes from its start); those not there are left out.

    A row starts with its own id and that of the participation; nothing else has them in this order. Of small boxes
    together there is no participation, and the stratum comes next, with a few signs between.
    """
    places: dict[UUID, int] = {}
    for write, between in WRITTEN:
        known = {write(item): item for item in ids}
        length = len(write(ids[0])) if ids else 0
        sought, gap = (between + write(after), 0) if isinstance(after, UUID) else (after.encode(), GAP)
        for found in re.finditer(re.escape(sought), content):
            for end in range(found.start() - gap, found.start() + 1):
                item = known.get(content[max(end - length, 0) : max(end, 0)])
                if item is not None:
                    places.setdefault(item, end - length)
    return places


def follow_ids(places: Mapping[UUID, int], page: int) -> float:
    """Return how far the order within pages follows from the ids: 1 wholly (either way round), 0 not at all.

    Databases fill a page from its end, so each page is looked at by itself.
    """
    pages = defaultdict[int, list[UUID]](list)
    for item in sorted(places, key=lambda item: places[item]):
        pages[places[item] // page].append(item)
    rhos = [
        (len(items), abs(rank_correlation(rank([item.bytes for item in items]))))
        for items in pages.values()
        if len(items) > 2  # noqa: PLR2004 — one or two are always in some order
    ]
    # A few rows are in some order by chance, so each page counts by how many it holds.
    return fmean([rho for _, rho in rhos], [size for size, _ in rhos]) if rhos else 1.0


def are_random(ids: Sequence[UUID]) -> bool:
    """Return whether ids look like random ones (version 4) that do not count."""
    kinds = all(item.version == 4 and item.variant == RFC_4122 for item in ids)  # noqa: PLR2004 — random
    gaps = [second.int - first.int for first, second in pairwise(sorted(ids, key=lambda item: item.int))]
    return kinds and (not gaps or max(gaps) > 2**96)


# Pairing with the people who are done


def try_pairing(connection: Connection, facts: ParticipationFacts) -> Attempt:
    """Lay people who are done, as the database has them, beside answers as stored, and count equal classes."""
    answers = _classes_of_answers(connection, facts.id)
    if len(answers) < FEWEST:
        return pass_over("pairing", facts.region, "no_answers")
    people = _classes_of_people(connection, facts.id)
    if not people:
        return pass_over("pairing", facts.region, "no_list")
    if len(people) != len(answers) or not can_tell(people, answers):
        return pass_over("pairing", facts.region, "one_class")
    hits, expected, deviations = compare_classes(people, answers)
    measure = {
        "rows": len(answers),
        "hits": hits,
        "expected": round(expected, 1),
        "deviations": round(deviations, 1),
    }
    return conclude("pairing", facts.region, measure, linked=deviations > RARE)


def compare_classes(people: Sequence[str], answers: Sequence[str]) -> tuple[int, float, float]:
    """Return how many pairs agree, either way round, how many would by chance, and that distance in deviations.

    Expectation and variance of the sum over i of c(i, p(i)) for a random permutation p (Hoeffding, 1951).
    """
    size, left, right = len(people), Counter(people), Counter(answers)
    expected = sum(left[code] * right[code] for code in left) / size
    squares = sum(
        left[one] * right[other] * ((one == other) - (right[one] + left[other]) / size + expected / size) ** 2
        for one in left
        for other in right
    )
    hits = _count_equal(people, answers)
    deviation = math.sqrt(squares / (size - 1))
    return hits, expected, (hits - expected) / deviation if deviation else 0.0


def can_tell(people: Sequence[str], answers: Sequence[str]) -> bool:
    """Return whether full agreement would stand out: with one class, or few people, it does not."""
    return Counter(people) == Counter(answers) and compare_classes(sorted(people), sorted(answers))[2] > RARE


def _count_equal(people: Sequence[str], answers: Sequence[str]) -> int:
    ahead = sum(one == other for one, other in zip(people, answers, strict=True))
    back = sum(one == other for one, other in zip(people, reversed(answers), strict=True))
    return max(ahead, back)


def _classes_of_answers(connection: Connection, participation: UUID) -> list[str]:
    query = select(Response.id, Response.stratum).where(Response.participation_id == participation)
    strata = {row.id: row.stratum for row in connection.execute(query)}
    return [strata[item] for item in read_storage_order(connection, participation)]


def _classes_of_people(connection: Connection, participation: UUID) -> list[str]:
    """The strata of people done: on PostgreSQL as they were last written, on SQLite as they lie."""
    here = StoredCaptureClass.participation_id == participation
    strata = connection.execute(
        select(Stratum.code, Stratum.roles).where(Stratum.participation_id == participation)
    )
    codes = {
        (role, area): row.code
        for row in strata
        for role in row.roles.split()
        for area in CaptureClass(row.code, (), 0).areas or ("",)
    }
    classes = connection.execute(
        select(StoredCaptureClass.role, StoredCaptureClass.area, StoredCaptureClass.class_code).where(here)
    )
    # A role that nobody had at the opening stands in no stratum; its class tells.
    known = {
        (row.role, row.area): next(
            (
                codes[row.role, area]
                for area in (*CaptureClass(row.class_code, (), 0).areas[:1], "")
                if (row.role, area) in codes
            ),
            row.class_code,
        )
        for row in classes
    }
    order = (
        "rowid" if connection.dialect.name == "sqlite" else "invitation.xmin::text::bigint, invitation.ctid"
    )
    rows = connection.execute(
        select(ANSWERING_ROLE, Invitation.area)
        .where(Invitation.participation_id == participation, Invitation.status == "done")
        .order_by(text(order))
    )
    return [known.get((row[0], row[1]), "") for row in rows]
