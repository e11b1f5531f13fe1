"""k of our data by pyCANON (Sáinz-Pardo Díaz and López García 2022), in an environment of its own: `make test-k`."""

import csv
import json
import random
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from aoj_survey.config import ROOT
from aoj_survey.datasets import OpenedResponse, Policy, WaveDataset, make_dataset, protection, suppression
from aoj_survey.disclosure import Area, CaptureClass, JoinedStrata
from aoj_survey.questionnaire import Answers, Instrument

from .builders import CIJFER, compile_items
from .test_suppression import INSTRUMENT, make

PYTHON = ROOT / ".venv-k" / "bin" / "python"
KNOWN = frozenset(
    {"wave", "region", "stratum", "area", "municipality", "swv", "swv_sector", "leeftijd", "school"}
)
"""By which rows can be told apart: what stands with the row, and the quasi-identifiers."""

PROGRAM = """
import json, sys
import pandas
from pycanon import anonymity
for path in sys.argv[1:]:
    rows = pandas.read_csv(path, dtype=str)
    print(json.dumps(int(anonymity.k_anonymity(rows, list(rows.columns)))))
"""

pytestmark = pytest.mark.skipif(
    not PYTHON.exists(), reason="no environment .venv-k with pyCANON; `make test-k` makes it and runs this"
)


def draw(seed: int, rows: int) -> list[Answers]:
    """Ages and schools, most of them common and some rare, and marks."""
    source = random.Random(seed)
    return [
        {
            "leeftijd": source.choice([30, 40, 50]) if source.random() < 0.97 else source.randint(18, 70),
            "school": source.choices(["ja", "nee", "weet_niet"], [70, 27, 3])[0],
            "cijfer": source.randint(4, 9),
        }
        for _ in range(rows)
    ]


def count_alike(folder: Path, datasets: Sequence[WaveDataset]) -> list[int]:
    """The k of each dataset, by the other program, from the columns alone."""
    paths: list[Path] = []
    for number, dataset in enumerate(datasets):
        names = [column.name for column in dataset.columns]
        known = [name for name in names if name in KNOWN]
        places = [names.index(name) for name in known]
        paths.append(folder / f"{number}.csv")
        with paths[-1].open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([known, *([row[place] for place in places] for row in dataset.rows)])
    told = subprocess.run([PYTHON, "-c", PROGRAM, *paths], capture_output=True, check=True, text=True)
    return [json.loads(line) for line in told.stdout.splitlines()]


def make_all() -> list[WaveDataset]:
    """Two strata each; the second is small. With k = 5 and with k = 10."""
    return [make(draw(seed, 160), draw(seed + 100, 25), k=k) for seed in range(6) for k in (5, 10)]


def test_another_program_counts_the_same_k(tmp_path: Path) -> None:
    datasets = make_all()
    found = count_alike(tmp_path, datasets)
    assert found == [dataset.privacy.smallest for dataset in datasets]
    assert all(k >= dataset.privacy.k for k, dataset in zip(found, datasets, strict=True))
    # Something was at stake: columns were dropped in some, rows suppressed in some.
    assert any(dataset.privacy.quasi_identifiers for dataset in datasets)
    assert any(dataset.privacy.suppressed for dataset in datasets)


def test_twin_without_protection_the_other_program_finds_single_people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keep(_rows: object, known: Sequence[str], *_: object) -> tuple[dict[str, int], frozenset[int]]:
        return dict.fromkeys(known, 0), frozenset()

    monkeypatch.setattr(suppression, "choose_levels", keep)
    assert set(count_alike(tmp_path, make_all())) == {1}


# Municipality and swv


PLAIN = compile_items("plain", "ib", (CIJFER,))
"""Without quasi-identifiers: places alone tell people apart."""


def make_by_place(seed: int, k: int, instrument: Instrument = INSTRUMENT) -> WaveDataset:
    """Areas of five to 150 answers each, of one municipality and swv or several."""
    source = random.Random(seed)
    swv = [f"swv {sector} {name}" for sector in ("PO", "VO") for name in ("Duin", "Zand")]
    areas = tuple(
        Area(
            f"a{number}",
            tuple(
                {
                    (f"Plaats {source.randint(1, 4)}", source.choice(swv))
                    for _ in range(source.choice([1, 1, 2]))
                }
            ),
            0,
        )
        for number in range(1, 7)
    )
    strata = [
        CaptureClass(f"ib@{area.code}", ("ib",), 200, source.choice([5, 7, 60, 150, 150])) for area in areas
    ]
    responses = [
        OpenedResponse(stratum.code, ("d",), answers)
        for stratum in strata
        for answers in draw(seed, stratum.answered)
    ]
    return make_dataset(
        "2026", "proef", strata, responses, {"d": instrument}, {"ib": "d"}, Policy(k), areas=areas
    )


def test_another_program_counts_the_same_k_by_place(tmp_path: Path) -> None:
    datasets = [make_by_place(seed, k) for seed in range(8) for k in (5, 10)]
    found = count_alike(tmp_path, datasets)
    assert found == [dataset.privacy.smallest for dataset in datasets]
    assert all(k >= dataset.privacy.k for k, dataset in zip(found, datasets, strict=True))
    levels = [dataset.privacy.places["ib"] for dataset in datasets]
    assert {level["municipality"] for level in levels} == {0, 1}
    assert {level["swv"] for level in levels} >= {0, 1}
    assert any(dataset.privacy.places_suppressed for dataset in datasets)


def test_twin_without_joined_strata_the_other_program_finds_five_by_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        protection, "join_strata", lambda strata, *_: JoinedStrata({item.code: item for item in strata})
    )
    assert min(count_alike(tmp_path, [make_by_place(seed, 10, PLAIN) for seed in range(8)])) < 10
