"""Prints figures per run: minimum, median and maximum of several, with what was measured."""

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from aoj_survey.config import ROOT
from aoj_survey.interview import walk
from aoj_survey.questionnaire import compile_questionnaire, find_context, load_questionnaire
from tests.questionnaire.large import write_large

from .pages import QuestionPage, count_statements, open_page

RUNS = 200


def measure(name: str, act: Callable[[], object], runs: int = RUNS) -> None:
    """Run something several times and print how long it took, in milliseconds."""
    act()
    taken: list[float] = []
    for _ in range(runs):
        began = time.perf_counter()
        act()
        taken.append((time.perf_counter() - began) * 1000)
    print(  # noqa: T201 — printing is what this is for
        f"{name:52} {min(taken):8.2f} {statistics.median(taken):8.2f} {max(taken):8.2f} ms"
    )


def compile_2015() -> None:
    """Compile both questionnaires of 2015."""
    for name in ("aoj-professionals", "aoj-beleid"):
        load_questionnaire(ROOT / "questionnaires" / name / "2015.yaml", "rijnmeer")


def measure_large() -> None:
    """Measure a questionnaire of 150 items with 60 conditions: compiled, and its path computed."""
    text = write_large(150, 60)
    large = compile_questionnaire(text, "large.yaml", "rijnmeer")
    answers = {item.code: "ja" for item in large.items()}
    context = find_context("ib", "rijnmeer")
    measure("150 items with 60 conditions, compiled", lambda: compile_questionnaire(text, "l", "x"), 20)
    measure("the path through them", lambda: walk(large, answers, context))


def measure_pages(page: QuestionPage) -> None:
    """Measure a question page: shown, and saved."""
    measure("question page, shown (in process)", page.show)
    measure("question page, saved (in process, durable commit)", page.save)
    shown, saved = count_statements(page.show), count_statements(page.save)
    print(f"{'statements: shown, saved':52} {shown:8} {saved:8}")  # noqa: T201
    print(f"{'HTML of the page':52} {len(page.show()):8} bytes")  # noqa: T201


def main() -> None:
    """Measure everything."""
    print(f"{'':52} {'minimum':>8} {'median':>8} {'maximum':>8}")  # noqa: T201
    measure("both questionnaires of 2015, compiled", compile_2015, 20)
    measure_large()
    folder = Path(tempfile.mkdtemp(prefix="aoj-bench-"))
    try:
        with open_page(folder) as page:
            measure_pages(page)
    finally:
        shutil.rmtree(folder)


main()
