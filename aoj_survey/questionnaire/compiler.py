"""From YAML to an instrument, or to every problem in the file."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from aoj_survey.errors import NotFoundError, QuestionnaireError

from .document import MAX_BYTES, read_document
from .instrument import Instrument, Theme
from .pages import Compilation, as_list, compile_choices, compile_page, find_codes
from .problems import Mark, Report
from .roles import ROLES
from .shape import LANGUAGE, HeadShape, ScaleShape, ThemeShape, read_shape


def load_questionnaire(path: Path, region: str) -> Instrument:
    """Return the instrument of a questionnaire file for a region.

    Raises QuestionnaireError with every problem in the file, NotFoundError when it cannot be opened.
    """
    report = Report(str(path))
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
            size = path.stat().st_size
    except OSError as error:
        raise NotFoundError(
            f"{path}: cannot be read ({error.strerror}). Check the name and the rights."
        ) from error
    if len(content) > MAX_BYTES:
        report.add("too-large", Mark(1, 1), size=size, limit=MAX_BYTES)
        raise QuestionnaireError(report.problems)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        good = content[: error.start].decode("utf-8")
        mark = Mark(good.count("\n") + 1, len(good) - good.rfind("\n"))
        report.add("not-utf8", mark)
        raise QuestionnaireError(report.problems) from error
    return compile_questionnaire(text, str(path), region)


def compile_questionnaire(text: str, file: str, region: str) -> Instrument:
    """Return the instrument written in a YAML text for a region; `file` is named in problems.

    Raises QuestionnaireError with every problem in the text, and no other error whatever the text.
    """
    report = Report(file)
    document = read_document(text, report)
    if document is None or not isinstance(document.value, dict):
        if document is not None:
            report.add("not-a-mapping", Mark(1, 1))
        raise QuestionnaireError(report.sort())
    raw: dict[str, Any] = document.value
    later = list(_find_all_codes(raw.get("themes")))
    source = Compilation(document, report, _find_languages(raw), later=later)
    head = read_shape(HeadShape, source, raw, ())
    _check_lists(source, raw)
    _compile_scales(source, raw.get("scales"))
    themes = _compile_themes(source, raw.get("themes"))
    if report.problems or head is None:
        raise QuestionnaireError(report.sort())
    return Instrument(
        questionnaire=head.questionnaire,
        edition=head.edition,
        region=region,
        languages=source.languages,
        title=head.title,
        purpose=head.purpose,
        roles=tuple(head.roles),
        themes=themes,
    )


def _find_languages(raw: Mapping[str, Any]) -> tuple[str, ...]:
    """The file's languages, or none when they cannot be told: then translations are not checked."""
    found = as_list(raw.get("languages"))
    if not all(isinstance(part, str) and re.fullmatch(LANGUAGE, part) for part in found):
        return ()
    return tuple(dict.fromkeys(found))


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


def _compile_scales(source: Compilation, raw: object) -> None:
    for name, value in raw.items() if isinstance(raw, dict) else ():
        shape = read_shape(ScaleShape, source, value, ("scales", name))
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
