"""Overlays: what a region adds to a questionnaire.

The shared questionnaire is compiled first and by itself; an overlay only puts pages of its own between the
shared ones. So no overlay can change the code, text, order, answers or condition of a shared item.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from aoj_survey.errors import Problem, QuestionnaireError

from .additions import Overlay, compile_sections, merge_additions
from .display import list_texts, replace_texts
from .document import Place, read_document
from .instrument import Instrument, Text, Theme, Word
from .items import Compilation
from .parts import OverlayShape, TranslationShape
from .problems import Mark, Report
from .quotes import find_quotes
from .sections import compile_scales, read_languages
from .shape import read_shape
from .truth import list_names


@dataclass(frozen=True, slots=True)
class OverlayText:
    """The YAML text of an overlay, with the file named in problems."""

    text: str
    file: str


def compile_overlays(
    base: Compilation, instrument: Instrument, texts: Sequence[OverlayText], *, unchecked: bool
) -> tuple[Instrument, tuple[Overlay, ...]]:
    """Return the instrument with the additions of its region, and what is known of each overlay.

    `base` is what is known of the questionnaire's own file.

    Raises QuestionnaireError with every problem in the overlays.
    """
    reports = [Report(text.file) for text in texts]
    read = (
        _read_overlay(base, instrument, text.text, report, unchecked=unchecked)
        for text, report in zip(texts, reports, strict=True)
    )
    overlays = tuple(overlay for overlay in read if overlay)
    kept = _leave_out(instrument, overlays)
    sections = merge_additions(kept, overlays, instrument)
    result = replace(instrument, themes=tuple(compile_sections(base, sections, overlays)))
    result = _add_words(result, overlays)
    result = _translate(result, overlays)
    problems: list[Problem] = [problem for report in reports for problem in report.sort()]
    if problems:
        raise QuestionnaireError(problems)
    return result, overlays


def _read_overlay(
    base: Compilation, instrument: Instrument, text: str, report: Report, *, unchecked: bool
) -> Overlay | None:
    """The overlay of a text, None when its head cannot be read; faults go to the report."""
    document = read_document(text, report)
    if document is None or not isinstance(document.value, dict):
        if document is not None:
            report.add("not-a-mapping", Mark(1, 1))
        return None
    raw: dict[str, Any] = document.value
    source = replace(
        base, document=document, report=report, scales=dict(base.scales), places={}, languages=(), shown=()
    )
    read_languages(source, raw, unchecked=unchecked)
    for index, language in enumerate(source.languages):
        if language in base.languages:
            source.add("overlay-language", ("languages", index), value=language)
    source.languages = tuple(dict.fromkeys((*base.languages, *source.languages)))
    source.shown = tuple(dict.fromkeys((*base.shown, *source.shown)))
    shape = read_shape(OverlayShape, source, raw, ())
    scales = raw.get("scales")
    for name in scales if isinstance(scales, dict) else ():
        if name in base.scales:
            source.add("overlay-shared", ("scales", name), value=name)
    compile_scales(source, scales)
    source.scales |= base.scales
    if shape is None:
        return None
    _check_head(source, shape, instrument)
    source.words = (*base.words, *shape.words)
    return Overlay(source, shape)


def _check_head(source: Compilation, shape: OverlayShape, instrument: Instrument) -> None:
    wanted = f"{instrument.questionnaire}@{instrument.edition}"
    if (found := f"{shape.overlay}@{shape.edition}") != wanted:
        source.add("overlay-questionnaire", ("overlay",), value=found, known=wanted)
    if shape.region != instrument.region:
        source.add("overlay-region", ("region",), value=shape.region, known=instrument.region)
    for role in shape.roles:
        if role not in instrument.roles:
            source.add("unknown-role", ("roles", role), value=role, known=", ".join(instrument.roles))


# Leaving out


def _leave_out(instrument: Instrument, overlays: Sequence[Overlay]) -> tuple[Theme, ...]:
    """The shared themes that stay; a theme that may not be left out goes to the report."""
    themes = {theme.code: theme for theme in instrument.themes}
    gone: set[str] = set()
    for overlay in overlays:
        for index, code in enumerate(overlay.shape.leave_out):
            place: Place = ("leave_out", index)
            if code not in themes:
                overlay.source.add("overlay-theme", place, value=code, known=", ".join(themes))
            elif themes[code].locked:
                overlay.source.add("overlay-locked", place, value=code)
            else:
                gone.add(code)
    kept = tuple(theme for theme in instrument.themes if theme.code not in gone)
    for overlay in overlays:
        for index, code in enumerate(overlay.shape.leave_out):
            if code in gone:
                _check_needed(overlay.source, themes[code], kept, ("leave_out", index))
        if not kept:
            overlay.source.add("overlay-empty", ("leave_out",))
    return kept


def _check_needed(source: Compilation, gone: Theme, kept: Sequence[Theme], place: Place) -> None:
    lost = {item.code for page in gone.pages for item in page.items}
    for page in (page for theme in kept for page in theme.pages):
        for item in page.items:
            for needed in sorted((list_names(item.ask_if)[0] | {*item.quotes, *page.quotes}) & lost):
                source.add("overlay-needed", place, value=gone.code, item=item.code, needed=needed)


# Words and translations


def _add_words(instrument: Instrument, overlays: Sequence[Overlay]) -> Instrument:
    """The region's words go before the questionnaire's; what two overlays give goes to the report."""
    words = {word.code: word for word in instrument.words}
    own: dict[str, Word] = {}
    labels: dict[str, Word] = {}
    mail: Text | None = None
    for overlay in overlays:
        for key, given, found in (
            ("words", overlay.shape.words, own),
            ("roles", overlay.shape.roles, labels),
        ):
            for code, text in given.items():
                if code in found:
                    overlay.source.add("overlay-twice", (key, code), value=code)
                found[code] = Word(code, text)
        if overlay.shape.mail:
            if mail:
                overlay.source.add("overlay-twice", ("mail",), value="mail")
            mail = overlay.shape.mail
    return replace(
        instrument, words=tuple((words | own).values()), role_labels=tuple(labels.values()), mail=mail
    )


def _translate(instrument: Instrument, overlays: Sequence[Overlay]) -> Instrument:
    """Add translations into the languages overlays bring; existing texts never change."""
    shared = instrument.languages
    languages = tuple(dict.fromkeys(language for overlay in overlays for language in overlay.source.shown))
    instrument = replace(instrument, languages=languages or shared)
    for overlay in overlays:
        texts = list_texts(instrument)
        changed: dict[str, Text] = {}
        for name, raw in overlay.shape.translations.items():
            if name not in texts:
                overlay.source.add("unknown-text", ("translations", name), value=name)
                continue
            added = _read_translation(overlay.source, raw, name, texts[name], shared)
            merged = {**added, **texts[name]}
            changed[name] = {code: merged[code] for code in instrument.languages if code in merged}
        instrument = replace_texts(instrument, changed)
    return instrument


def _read_translation(source: Compilation, raw: object, name: str, text: Text, shared: Sequence[str]) -> Text:
    """The translations of a text into languages that are new; faults go to the report."""
    place = ("translations", name)
    shape = read_shape(TranslationShape, source, raw, place)
    added: dict[str, str] = {}
    for language, translated in (shape.root if shape else {}).items():
        if language in shared:
            source.add("overlay-shared-text", (*place, language), languages=language)
        elif language not in source.languages:
            source.add("unknown-language", (*place, language), languages=language)
        elif extra := set(find_quotes({"": translated})) - set(find_quotes(text)):
            source.add("unknown-quote", (*place, language), value=min(extra))
        elif language in source.shown:
            added[language] = unicodedata.normalize("NFC", translated).strip()
    return added
