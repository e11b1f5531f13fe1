"""Datasets whose tables of figures are looked at, and their release."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from pathlib import Path

from aoj_survey.datasets import OpenedResponse, WaveDataset, make_dataset
from aoj_survey.db import db
from aoj_survey.disclosure import CaptureClass
from aoj_survey.questionnaire import Answers
from aoj_survey.releases import ReleaseFacts, find_release, read_bundle, record_release
from aoj_survey.results import TableSet, make_tables, write_tables
from tests.datasets.builders import INSTRUMENTS, ROLE_INSTRUMENTS
from tests.factories import MOMENT
from tests.releases.bundles import make_opened

INVITED = {"ib": 60, "zoco": 20, "jeugdhulp": 20}
NINE = "zoco"


def answer(snel: str, mark: int, number: int) -> list[Answers]:
    """So many people who gave these two answers."""
    return [{"snel": snel, "cijfer": mark}] * number


def make_nine(region: str = "rijnmeer", wave: str = "2026") -> WaveDataset:
    """Twelve zorgcoördinatoren took part; nine of them answered anything."""
    given: dict[str, list[Answers]] = {
        "ib": answer("ja", 6, 20) + answer("nee", 7, 22),
        "zoco": answer("ja", 8, 4) + answer("nee", 9, 5) + [{}] * 3,
        "jeugdhulp": answer("ja", 5, 8) + answer("nee", 4, 6),
    }
    strata = [CaptureClass(code, (code,), INVITED[code], len(found)) for code, found in given.items()]
    responses = [OpenedResponse(code, ("digest-p",), item) for code, found in given.items() for item in found]
    return make_dataset(wave, region, strata, responses, INSTRUMENTS, ROLE_INSTRUMENTS)


def release_tables(folder: Path, made: TableSet | None = None) -> ReleaseFacts:
    """Write and release tables, those of `make_nine` unless others are given."""
    made = made or make_tables(make_nine())
    place = write_tables(made, folder).folder
    facts = make_opened(made.region, made.wave)
    with db.write() as connection:
        record_release(connection, facts, read_bundle(place), MOMENT, made.audited)
        found = find_release(connection, place.name)
    assert found
    return found


def solve(published: Sequence[frozenset[str]], atoms: Sequence[str]) -> Callable[[frozenset[str]], bool]:
    """Whether a total follows from published ones, by elimination in fractions: an attacker's own arithmetic."""

    def count_rank(rows: list[list[Fraction]]) -> int:
        rank = 0
        for column in range(len(atoms)):
            lead = next((row for row in rows[rank:] if row[column]), None)
            if lead is None:
                continue
            rows.remove(lead)
            rows.insert(rank, lead)
            for place, row in enumerate(rows):
                if place != rank and row[column]:
                    factor = row[column] / lead[column]
                    rows[place] = [value - factor * part for value, part in zip(row, lead, strict=True)]
            rank += 1
        return rank

    def as_rows(sets: Sequence[frozenset[str]]) -> list[list[Fraction]]:
        return [[Fraction(atom in group) for atom in atoms] for group in sets]

    known = count_rank(as_rows(published))
    return lambda union: count_rank(as_rows([*published, union])) == known


def find_small(
    published: Sequence[frozenset[str]], sizes: Mapping[str, int], threshold: int = 10
) -> list[frozenset[str]]:
    """Every union of classes with fewer answers than the threshold whose number follows from published ones."""
    atoms = [atom for atom in sizes if sizes[atom]]
    follows = solve(published, atoms)
    unions = (frozenset(union) for size in range(1, len(atoms) + 1) for union in combinations(atoms, size))
    return [union for union in unions if sum(sizes[atom] for atom in union) < threshold and follows(union)]
