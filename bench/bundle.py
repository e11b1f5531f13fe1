"""A bundle's data at scale: `make bench-bundle` writes 1,000,000 responses of 100 items as CSV and Parquet.

Each format in a process of its own, so that its memory is its own. It needs about 2 GiB of memory, 2 GB of room
where temporary files go, and a few minutes; nothing is asserted.
"""

import random
import resource
import shutil
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

from aoj_survey.exports.formats import FORMATS
from aoj_survey.exports.variables import Code, Row, Sheet, Variable, are_same

ROWS, ITEMS = 1_000_000, 100
MEASURED = ("data/responses.csv", "data/responses.parquet")
LABEL = {"nl": "Hoe is dat bij u?", "en": "How is that with you?"}
VALUES = tuple(
    Code(value, {"nl": f"antwoord {value}", "en": f"answer {value}"}) for value in (1, 2, 3, 4, 5, 99)
)
MISSING = tuple(
    Code(value, {"nl": f"ontbreekt {value}", "en": f"missing {value}"}) for value in (-8, -7, -6, -5)
)


def make_sheet(rows: int = ROWS, items: int = ITEMS) -> Sheet:
    """Return invented responses: the columns of the design and so many items; sorted, as a dataset is."""
    chance = random.Random(2026)  # noqa: S311 — invented answers, the same in every run
    design = (
        Variable("wave", "text", LABEL),
        Variable("region", "text", LABEL),
        Variable("stratum", "integer", LABEL),
        Variable("pop_n", "integer", LABEL),
        Variable("w_region", "decimal", LABEL),
        Variable("w_all", "decimal", LABEL),
    )
    asked = tuple(
        Variable(f"vraag_{number}", "code", LABEL, VALUES, MISSING, f"vraag_{number}")
        for number in range(items)
    )
    codes = [code.value for code in (*VALUES, *MISSING)]
    listed: list[Row] = [
        (
            "2026",
            "rijnmeer",
            1 + number * 5 // rows,
            500_000,
            2.338983,
            2.338983,
            *chance.choices(codes, k=items),
        )
        for number in range(rows)
    ]
    return Sheet("aoj_rijnmeer_2026_v1", (*design, *asked), listed)


def measure(path: str, folder: Path) -> None:
    """Write the data in one format, read it back and compare, and print seconds, memory and size."""
    form = next(form for form in FORMATS if form.path == path)
    sheet = make_sheet()
    held = _find_peak()
    began, work = time.perf_counter(), time.process_time()
    form.write(folder / Path(path).name, sheet)
    written, peak = time.perf_counter(), _find_peak()
    work = time.process_time() - work
    same = are_same(form.read(folder / Path(path).name, sheet.variables), sheet.rows)
    read = time.perf_counter()
    size = (folder / Path(path).name).stat().st_size / 1e6
    print(  # noqa: T201 — printing is what this is for
        f"{path:26} written {written - began:6.1f} s (cpu {work:.1f}), read back {read - written:6.1f} s ({'same' if same else 'DIFFERS'}), "
        f"{size:6.0f} MB; memory: rows {held:.2f} GiB, writing {peak:.2f} GiB, reading {_find_peak():.2f} GiB",
        flush=True,
    )


def _find_peak() -> float:
    """The most memory this process ever had, in GiB; macOS counts bytes, others KiB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**30


def main() -> None:
    """Measure each format."""
    folder = Path(tempfile.mkdtemp(prefix="aoj-bench-"))
    try:
        for path in MEASURED:
            process = get_context("spawn").Process(target=measure, args=(path, folder))
            process.start()
            process.join()
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
