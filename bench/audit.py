"""The audit of a set: 500 published sets over 40 of the finest classes; and the node of 100,000 rows.

    python -m bench.audit

`planned` is what a wave publishes: strata of five people and more, and 500 unions of merged ones. The others are
the hardest there are: forty classes of one person, so that sets of up to nine have to be searched to the end. `regions` is a whole wave: forty
regions, each with 500 sets over forty classes, and totals over many of them.
"""

import random
import time
from collections import Counter
from collections.abc import Mapping, Sequence

from aoj_survey.disclosure import (
    apply_node,
    audit_sets,
    find_node,
    keep_always,
    keep_or_drop,
    merge_by_sector,
    merge_roles,
)

SETS, ATOMS, RUNS, REGIONS = 500, 40, 5, 40
ROWS = 100_000
NAMES = [f"a{number:02}" for number in range(ATOMS)]


def draw_planned(source: random.Random) -> tuple[list[frozenset[str]], dict[str, int]]:
    """Unions of merged classes: each pair of classes is always shown together."""
    pairs = [frozenset(NAMES[start : start + 2]) for start in range(0, ATOMS, 2)]
    sets = [frozenset().union(*source.sample(pairs, source.randint(1, len(pairs)))) for _ in range(SETS)]
    return sets, {name: source.randint(5, 60) for name in NAMES}


def draw_overlapping(source: random.Random) -> tuple[list[frozenset[str]], dict[str, int]]:
    """Groups that overlap so much that every class follows: each is found."""
    sets = [frozenset(source.sample(NAMES, source.randint(2, 12))) for _ in range(30)]
    return [source.choice(sets) | source.choice(sets) for _ in range(SETS)], dict.fromkeys(NAMES, 5)


def draw_balanced(source: random.Random) -> tuple[list[frozenset[str]], dict[str, int]]:
    """Nine of the first 36 for each of the last four: rank 39, and nothing under ten follows."""
    sets: list[frozenset[str]] = []
    for _ in range(SETS):
        times = source.randint(1, 4)
        sets.append(frozenset(source.sample(NAMES[:36], 9 * times) + source.sample(NAMES[36:], times)))
    return sets, dict.fromkeys(NAMES, 1)


def draw_half_rank(source: random.Random) -> tuple[list[frozenset[str]], dict[str, int]]:
    """Sums of twenty overlapping sets of ten and more: half the rank, wide equations."""
    basis = [frozenset(source.sample(NAMES, source.randint(12, 28))) for _ in range(20)]
    return [*basis * (SETS // 20)], dict.fromkeys(NAMES, 1)


def draw_regions(source: random.Random) -> tuple[list[frozenset[str]], dict[str, int]]:
    """What forty regions publish, each as `planned`, and five totals over most of them and one over all."""
    sets: list[frozenset[str]] = []
    people: dict[str, int] = {}
    for region in range(REGIONS):
        own, numbers = draw_planned(source)
        sets += [frozenset(f"r{region}/{name}" for name in group) for group in own]
        people |= {f"r{region}/{name}": number for name, number in numbers.items()}
    wholes = [frozenset(f"r{region}/{name}" for name in NAMES) for region in range(REGIONS)]
    totals = [frozenset().union(*source.sample(wholes, REGIONS - 5)) for _ in range(5)]
    return [*sets, *totals, frozenset(people)], people


def measure(name: str, sets: Sequence[frozenset[str]], atoms: Mapping[str, int]) -> None:
    """Print the processor time of the audit of sets, of several runs, and how many small unions it found."""
    taken: list[float] = []
    found: tuple[frozenset[str], ...] = ()
    for _ in range(RUNS):
        began = time.process_time()
        found = audit_sets(sets, atoms)
        taken.append(time.process_time() - began)
    taken.sort()
    print(  # noqa: T201 — printing is what this is for
        f"{name:14} {min(taken):8.3f} {taken[RUNS // 2]:8.3f} {max(taken):8.3f} s, {len(found)} small unions told"
    )


def measure_lattice(source: random.Random) -> None:
    """Print the processor time to find and apply the node of rows with eight quasi-identifiers."""
    roles = {"ib": 60, "zoco": 15, "jeugdhulp": 5, "beleid_gem": 4, "swv": 1}
    partners = {f"s{number}": "po" if number % 2 else "vo" for number in range(150)}
    places, ages = [f"m{number}" for number in range(340)], range(20, 66)
    columns = [
        source.choices(["2015", "2026"], k=ROWS),
        source.choices(list(roles), list(roles.values()), k=ROWS),
        *(
            source.choices(values, k=ROWS)
            for values in (list(partners), places, ages, "ab", "abc", range(10))
        ),
    ]
    hierarchies = [
        keep_always("wave", ["2015", "2026"]),
        merge_roles("role", Counter(str(role) for role in columns[1]), 5),
        merge_by_sector("swv", {**partners}),
        *(keep_or_drop(f"item{number}", set(column)) for number, column in enumerate(columns[3:])),
    ]
    rows = list(zip(*columns, strict=True))
    began = time.process_time()
    node = find_node(rows, hierarchies, 5)
    found = time.process_time()
    apply_node(rows, hierarchies, node.levels, 5)
    told = time.process_time()
    print(f"node of {ROWS:,} rows found in {found - began:.1f} s, applied in {told - found:.1f} s")  # noqa: T201


def main() -> None:
    """Measure all kinds of sets, and the lattice."""
    print(f"{'':14} {'minimum':>8} {'median':>8} {'maximum':>8}")  # noqa: T201
    for draw in (draw_planned, draw_overlapping, draw_balanced, draw_half_rank, draw_regions):
        measure(draw.__name__.removeprefix("draw_"), *draw(random.Random(2026)))  # noqa: S311 — sets, no secrets
    measure_lattice(random.Random(2026))  # noqa: S311 — rows, no secrets


if __name__ == "__main__":
    main()
