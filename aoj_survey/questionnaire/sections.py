"""The sections of a questionnaire file, from its head to its themes."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .document import read_document
from .instrument import Instrument, Theme, Word
from .items import Compilation, compile_choices
from .kinds import ItemKind
from .pages import as_list, compile_page, find_codes
from .parts import ChoiceShape, HeadShape, LanguageShape, ScaleShape, ThemeShape
from .problems import Mark, Report
from .roles import ROLES
from .shape import LANGUAGE, read_shape


def compile_source(
    text: str, file: str, region: str, kinds: Mapping[str, ItemKind], *, unchecked: bool
) -> tuple[Instrument | None, Compilation | None, Report]:
    """Return the instrument, what is known of its file, and the problems; no instrument when there are any."""
    report = Report(file)
    document = read_document(text, report)
    if document is None or not isinstance(document.value, dict):
        if document is not None:
            report.add("not-a-mapping", Mark(1, 1))
        return None, None, report
    raw: dict[str, Any] = document.value
    source = Compilation(document, report, (), (), kinds=kinds)
    source.later = list(_find_all_codes(raw.get("themes")))
    hidden = read_languages(source, raw, unchecked=unchecked)
    if source.languages[:1] and source.languages[0] in hidden:
        source.add("first-unchecked", ("languages", 0))
    head = read_shape(HeadShape, source, raw, ())
    _check_lists(source, raw)
    source.words = _list_words(raw)
    compile_scales(source, raw.get("scales"))
    themes = _compile_themes(source, raw.get("themes"))
    if report.problems or head is None:
        return None, source, report
    instrument = Instrument(
        questionnaire=head.questionnaire,
        edition=head.edition,
        region=region,
        languages=source.shown,
        title=head.title,
        purpose=head.purpose,
        roles=tuple(head.roles),
        themes=themes,
        words=tuple(Word(code, word) for code, word in head.words.items()),
    )
    return instrument, source, report


def read_languages(source: Compilation, raw: dict[str, Any], *, unchecked: bool) -> frozenset[str]:
    """Set the languages of a file and return those that are kept back because nobody checked them.

    None are set when they cannot be told: then translations are not checked. A language written as a mapping
    becomes its code in `raw`.
    """
    codes: list[Any] = []
    hidden: set[str] = set()
    for index, entry in enumerate(as_list(raw.get("languages"))):
        if not isinstance(entry, dict):
            codes.append(entry)
        elif shape := read_shape(LanguageShape, source, entry, ("languages", index)):
            codes.append(shape.code)
            if shape.unchecked and not unchecked:
                hidden.add(shape.code)
    if codes:
        raw["languages"] = codes
    if all(isinstance(code, str) and re.fullmatch(LANGUAGE, code) for code in codes):
        source.languages = tuple(dict.fromkeys(codes))
        source.shown = tuple(code for code in source.languages if code not in hidden)
    return frozenset(hidden)


def _list_words(raw: Mapping[str, Any]) -> tuple[str, ...]:
    words = raw.get("words")
    return tuple(str(code) for code in words) if isinstance(words, dict) else ()


def _find_all_codes(raw: object) -> Iterator[str]:
    for theme in as_list(raw):
        for entry in as_list(theme.get("items")) if isinstance(theme, dict) else ():
            yield from find_codes(entry)


def _check_lists(source: Compilation, raw: Mapping[str, Any]) -> None:
    for key in ("languages", "roles"):
        values = as_list(raw.get(key))
        for index, value in enumerate(values):
            if value in values[:index]:
                source.add("twice-in-list", (key, index), value=str(value))
            elif key == "roles" and isinstance(value, str) and value not in ROLES:
                source.add("unknown-role", (key, index), value=value, known=", ".join(ROLES))
    roles = as_list(raw.get("roles"))
    source.roles = tuple(role for role in roles if isinstance(role, str) and role in ROLES)


def compile_scales(source: Compilation, raw: object) -> None:
    """Add the scales of a file to those known; faults go to the report."""
    for name, value in raw.items() if isinstance(raw, dict) else ():
        shape = read_shape(ScaleShape, source, value, ("scales", name), ChoiceShape)
        source.scales[name] = compile_choices(source, shape.root, ("scales", name)) if shape else ()


def _compile_themes(source: Compilation, raw: object) -> tuple[Theme, ...]:
    themes: list[Theme] = []
    codes: set[str] = set()
    for index, value in enumerate(as_list(raw)):
        shape = read_shape(ThemeShape, source, value, ("themes", index))
        entries = as_list(value.get("items")) if isinstance(value, dict) else []
        found = [
            compile_page(source, entry, ("themes", index, "items", position))
            for position, entry in enumerate(entries)
        ]
        if shape:
            if shape.code in codes:
                source.add("duplicate-code", ("themes", index, "code"), value=shape.code)
            codes.add(shape.code)
            pages = tuple(page for page in found if page)
            themes.append(Theme(shape.code, shape.title, pages, shape.locked))
    return tuple(themes)
