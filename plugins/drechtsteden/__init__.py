"""Drechtsteden: its collaboration project with leertafels and platforms, in the questionnaires of 2015."""

from collections.abc import Iterable
from pathlib import Path

from aoj_survey.api import Instrument, Problem, Region, find_overlays, hookimpl, make_problem

__version__ = "1.0"

MOST_SECONDS = 120
"""The region's own questions may take two minutes, no more, so that people finish."""


@hookimpl
def aoj_region() -> Region:
    """The pilot region of 2015: six municipalities and six school partnerships."""
    return Region(
        code="drechtsteden",
        name="Drechtsteden",
        members=(
            "gemeente Alblasserdam",
            "gemeente Dordrecht",
            "gemeente Hendrik-Ido-Ambacht",
            "gemeente Papendrecht",
            "gemeente Sliedrecht",
            "gemeente Zwijndrecht",
            "swv PO Dordrecht",
            "swv PO Drechtsteden",
            "swv PO reformatorisch",
            "swv VO Dordrecht",
            "swv VO Noordelijke Drechtsteden",
            "swv VO reformatorisch",
        ),
    )


@hookimpl
def aoj_overlays(questionnaire: str, edition: str) -> Iterable[Path]:
    """Questions about the project, for professionals and for policy staff."""
    return find_overlays(__file__, questionnaire, edition)


@hookimpl
def aoj_check_questionnaire(instrument: Instrument, region: str) -> Iterable[Problem]:
    """Hold the region to its own limit."""
    seconds = sum(item.seconds for item in instrument.items() if item.code.startswith(f"{region}_"))
    if seconds > MOST_SECONDS:
        yield make_problem(
            instrument,
            "drechtsteden-too-long",
            f"The region's own questions take {seconds} seconds; {MOST_SECONDS} is the most that was agreed.",
            "Leave out the question that will change least what you do.",
        )
