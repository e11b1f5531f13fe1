"""Versions of a wave that was held elsewhere: a correction is a new version, by the classes of the one before.

Who answered in which role is not kept of such a wave: what is known are the numbers that its bundles tell. So every
number is held against the one of the same class in all former versions. Rule: `anonymity`, *Disclosure
control*, rule 8.
"""

from collections.abc import Iterator, Mapping

from aoj_survey.disclosure import COUNTS, Ledger, People, Plan
from aoj_survey.errors import ReleaseError

from .facts import Told
from .people import DONE, INVITED, STRATA, name_class

LEAST_DIFFERENCE = 10
"""A version differs from the one before by no response, or by so many (`anonymity`, table rule 8)."""
LEAST: Mapping[str, int] = {
    STRATA: LEAST_DIFFERENCE,
    INVITED: COUNTS.threshold,
    DONE: LEAST_DIFFERENCE,
}
"""By how many people a class differs from a former version, where it differs."""


def plan_imported(ledger: Ledger, name: str, region: str, told: Told) -> tuple[list[Plan], People]:
    """Return what a bundle of an imported wave tells, and how many people stand in its classes.

    A class with the number of a former version is the one of that version; one with another number is new.

    Raises:
        ReleaseError: other classes than in a former version, or a few people more or less in one of them.
    """
    plans: list[Plan] = []
    people: dict[str, Mapping[str, int]] = {}
    for measure, numbers in _list_numbers(told).items():
        if not numbers:
            continue
        sizes = {name_class(region, code): number for code, number in numbers.items()}
        known: dict[tuple[str, int], str] = {}
        for former, before in _read_versions(ledger, measure, region):
            _compare(
                f"{name} and {former}", measure, {code: size for code, (_, size) in before.items()}, sizes
            )
            known |= {(code, size): atom for code, (atom, size) in before.items()}
        taken = {code for code, _ in known}
        atoms = {
            code: known.get((code, size), f"{code} ({name})" if code in taken else code)
            for code, size in sizes.items()
        }
        plans.append(Plan(measure, {code: frozenset({atom}) for code, atom in atoms.items()}))
        people[measure] = {atoms[code]: size for code, size in sizes.items()}
    return plans, people


def _list_numbers(told: Told) -> dict[str, dict[str, int]]:
    """How many people a bundle tells of, by measure and class: strata, and the rows of the response table."""
    rows = {"+".join(roles): numbers for roles, numbers in zip(told.rows, told.numbers, strict=True)}
    return {
        STRATA: dict(told.classes),
        INVITED: {code: invited for code, (invited, _) in rows.items()},
        DONE: {code: done for code, (_, done) in rows.items()},
    }


def _read_versions(
    ledger: Ledger, measure: str, region: str
) -> Iterator[tuple[str, dict[str, tuple[str, int]]]]:
    """Former versions by the name of their bundle: of each class its name in the ledger and its people."""
    for release in ledger.releases:
        counted = release.people.get(measure, {})
        for plan in release.plans:
            groups = {
                code: atom
                for code, group in plan.groups.items()
                for atom in group
                if plan.measure == measure and atom in counted and code.startswith(name_class(region, ""))
            }
            if groups:
                bundle = release.name.rpartition("/")[0]
                yield bundle, {code: (atom, counted[atom]) for code, atom in groups.items()}


def _compare(both: str, measure: str, before: Mapping[str, int], now: Mapping[str, int]) -> None:
    if set(before) != set(now):
        raise ReleaseError(
            f"{both} divide people in other classes ({', '.join(sorted(now))}; {', '.join(sorted(before))}). What a"
            " wave held elsewhere tells of single roles is not kept, so all its versions need the same classes."
        )
    for code, size in now.items():
        if 0 < abs(size - before[code]) < LEAST[measure]:
            raise ReleaseError(
                f"{both} tell of {size} and {before[code]} people in {code} ({measure}). Versions differ by none or by at"
                f" least {LEAST[measure]}, since the difference would tell about few people."
            )
