"""The hooks a region module may implement: names, arguments and results.

A module accepts as many of the arguments as it wants, by name. A hook with a `region` is asked of the modules
enabled for that region, and of the core; the others are asked once, at the start. The reference with
examples is `plugins/README.md`; `aoj_survey.hooks.calls` is the only one that calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

    from aoj_survey.disclosure import DisclosureRule
    from aoj_survey.errors import Problem
    from aoj_survey.questionnaire import Instrument, Item, ItemKind, Value

    from .types import DatasetFacts, DerivedColumn, ExportFormat, MessageText, Region, StoredDataset

PROJECT = "aoj_survey"
"""The name of pluggy's markers, and of the entry point group of installed modules."""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def aoj_region() -> Region:  # pyright: ignore[reportReturnType]
    """Give the region this module belongs to. Asked at the start. New in 0.2.

    An unknown region is added to the database and the module enabled for it; a known one is left as it is.
    Two modules with one code stop the start.
    """


@hookspec
def aoj_item_kinds() -> Iterable[ItemKind]:  # pyright: ignore[reportReturnType]
    """Give further kinds of questions. Asked at the start. New in 0.2.

    A name that is taken stops the start.
    """


@hookspec
def aoj_overlays(questionnaire: str, edition: str, region: str) -> Iterable[Path]:  # pyright: ignore[reportReturnType]
    """Give the files with a region's additions to a questionnaire. Asked when compiling. New in 0.2.

    Args:
        questionnaire: its name, e.g. `aoj-professionals`.
        edition: e.g. `2021`.
        region: the code of the region it is compiled for.
    """


@hookspec
def aoj_check_questionnaire(instrument: Instrument, region: str) -> Iterable[Problem]:  # pyright: ignore[reportReturnType]
    """Give problems that a compiled questionnaire has by rules of the region. Asked when compiling. New in 0.2.

    Args:
        instrument: the whole questionnaire, overlays included; it cannot be changed.
        region: the code of the region it is compiled for.
    """


@hookspec
def aoj_check_answer(item: Item, value: Value, language: str, region: str) -> str | None:
    """Say what is wrong with an answer, or nothing. Asked when a respondent sends a page. New in 0.2.

    Args:
        item: the question.
        value: its answer, of the stored type of its kind; the module never learns whose.
        language: the language to say it in.
        region: the code of the region.
    """


@hookspec(firstresult=True)
def aoj_message_text(kind: str, language: str, region: str) -> MessageText | None:
    """Give the region's own words in a mail, or None for the engine's. Asked when sending. New in 0.2.

    Args:
        kind: `invitation`, `first_reminder` or `second_reminder`.
        language: the language of the mail.
        region: the code of the region.
    """


@hookspec(firstresult=True)
def aoj_reminder_day(proposed: date, number: int, region: str) -> date | None:
    """Give the day of a reminder, or None to leave it. Asked when a participation is planned. New in 0.2.

    At most seven days later, never past the last day; anything else is refused and logged.

    Args:
        proposed: the day the coordinator chose.
        number: 1 or 2.
        region: the code of the region.
    """


@hookspec
def aoj_disclosure_rule(region: str) -> DisclosureRule | None:
    """Give stricter numbers for the region's data and figures. Asked when they are protected. New in 0.2.

    The strictest of the core, the region itself and its modules counts; a number looser than the core's is
    refused.

    Args:
        region: the code of the region.
    """


@hookspec
def aoj_derived_columns(dataset: DatasetFacts, region: str) -> Iterable[DerivedColumn]:  # pyright: ignore[reportReturnType]
    """Give columns that are worked out of a protected dataset's own. Asked after it was protected. New in 0.2.

    Args:
        dataset: its wave, profile and columns, without rows.
        region: the code of the region.
    """


@hookspec
def aoj_export_formats() -> Iterable[ExportFormat]:  # pyright: ignore[reportReturnType]
    """Give further data files for the bundles of the module's regions. Asked at the start. New in 0.2.

    An ending that is taken stops the start.
    """


@hookspec
def aoj_dataset_stored(wave: str, dataset: StoredDataset, region: str) -> None:
    """Take notice of a bundle that was written. Asked after it was read back. New in 0.2.

    Args:
        wave: the code of the wave.
        dataset: where it lies and what is known of it, without rows.
        region: the code of the region.
    """
