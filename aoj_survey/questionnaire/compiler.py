"""From YAML to an instrument, or to every problem in the file."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from aoj_survey.errors import NotFoundError, QuestionnaireError

from .document import MAX_BYTES, Document, read_document
from .instrument import Instrument
from .kinds import KINDS, ItemKind
from .overlay import OverlayText, compile_overlays
from .problems import Mark, Report
from .sections import compile_source


def load_questionnaire(
    path: Path,
    region: str,
    overlays: Sequence[Path] = (),
    *,
    kinds: Mapping[str, ItemKind] = KINDS,
    modules: Sequence[str] = (),
    unchecked: bool = False,
) -> Instrument:
    """Return the instrument of a questionnaire file for a region, see `compile_questionnaire`.

    Raises QuestionnaireError with every problem in the files, NotFoundError when one cannot be opened.
    """
    added = [OverlayText(read_source(overlay), str(overlay)) for overlay in overlays]
    return compile_questionnaire(
        read_source(path), str(path), region, added, kinds=kinds, modules=modules, unchecked=unchecked
    )


def read_source(path: Path) -> str:
    """Return the text of a YAML file.

    Raises NotFoundError when it cannot be opened, QuestionnaireError when it is too large or not UTF-8.
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
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        good = content[: error.start].decode("utf-8")
        mark = Mark(good.count("\n") + 1, len(good) - good.rfind("\n"))
        report.add("not-utf8", mark)
        raise QuestionnaireError(report.problems) from error


def read_mapping(text: str, file: str) -> dict[str, Any]:
    """Return the keys and values in a YAML text as the compiler sees them, before it looks what they mean.

    Raises QuestionnaireError when it cannot be read, or is no mapping; `file` is named in it.
    """
    value: dict[str, Any] = read_marked(text, file).value
    return value


def read_marked(text: str, file: str) -> Document:
    """Return the keys and values in a YAML text with the place of each.

    Raises QuestionnaireError when it cannot be read, or is no mapping; `file` is named in it.
    """
    report = Report(file)
    document = read_document(text, report)
    if document is not None and not isinstance(document.value, dict):
        report.add("not-a-mapping", Mark(1, 1))
    if document is None or report.problems:
        raise QuestionnaireError(report.sort())
    return document


def compile_questionnaire(
    text: str,
    file: str,
    region: str,
    overlays: Sequence[OverlayText] = (),
    *,
    kinds: Mapping[str, ItemKind] = KINDS,
    modules: Sequence[str] = (),
    unchecked: bool = False,
) -> Instrument:
    """Return the instrument written in a YAML text for a region; `file` is named in problems.

    `overlays` are the region's additions, `kinds` the kinds an item may have, `modules` the names and versions
    of the modules they came from. Translations nobody checked yet are left out, unless `unchecked` asks for
    them, for a preview.

    Raises QuestionnaireError with every problem in the texts, and no other error whatever the texts.
    """
    instrument, source, report = compile_source(text, file, region, kinds, unchecked=unchecked)
    if instrument is None or source is None:
        raise QuestionnaireError(report.sort())
    if overlays:
        instrument, _ = compile_overlays(source, instrument, overlays, unchecked=unchecked)
    return replace(instrument, modules=tuple(modules))
