"""Which texts of a questionnaire lack a translation."""

from collections.abc import Collection
from dataclasses import dataclass

from aoj_survey.questionnaire import Instrument, list_texts, missing_texts, say


@dataclass(frozen=True, slots=True)
class Untranslated:
    """A text by its name, as overlays and errata use it, and what is shown instead."""

    name: str
    shown: str


@dataclass(frozen=True, slots=True)
class LanguageReport:
    """A language with the texts it lacks. Nobody sees it until a speaker has `checked` it."""

    language: str
    checked: bool
    texts: int
    missing: tuple[Untranslated, ...]


def report_translations(
    instrument: Instrument, unchecked: Collection[str] = ()
) -> tuple[LanguageReport, ...]:
    """Return a report for each language of an instrument, the `unchecked` ones last.

    The fallback language is there too: every text has it, so it lacks none.
    """
    texts = list_texts(instrument)
    lacking = missing_texts(instrument)
    fallback = instrument.languages[0]
    reports = (
        LanguageReport(
            language,
            language not in unchecked,
            len(texts),
            tuple(
                Untranslated(text.name, say(texts[text.name], fallback))
                for text in lacking
                if language in text.languages
            ),
        )
        for language in instrument.languages
    )
    return tuple(sorted(reports, key=lambda report: not report.checked))
