"""A file as its author has it now, a questionnaire or a region's overlay: what is wrong, and what it asks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from aoj_survey.errors import Problem, QuestionnaireError
from aoj_survey.hooks import RegionHooks
from aoj_survey.questionnaire import (
    CATALOGUE,
    KINDS,
    REGISTER,
    Instrument,
    ItemKind,
    OverlayText,
    check_questionnaire,
    check_register,
    compile_questionnaire,
    read_mapping,
    read_source,
)


@dataclass(frozen=True, slots=True)
class Head:
    """What a file says it is. `region` is empty for a questionnaire, and what cannot be read is empty too."""

    questionnaire: str = ""
    edition: str = ""
    region: str = ""
    overlay: bool = False


@dataclass(frozen=True, slots=True)
class Inspection:
    """A file looked at for one region.

    `problems` are its faults or, when it has none, the advice on it. `instrument` is None when it does not
    compile; texts nobody checked yet are in it, their languages are the `unchecked`. `files` are all files
    that were read for it, the questionnaire first.
    """

    problems: tuple[Problem, ...]
    instrument: Instrument | None = None
    unchecked: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()

    @property
    def faults(self) -> tuple[Problem, ...]:
        """The problems that stop a start."""
        return tuple(problem for problem in self.problems if problem.level == "error")


@dataclass(frozen=True, slots=True)
class _Sources:
    """A questionnaire with the files of the overlays that go with it."""

    path: Path
    text: str
    overlays: tuple[Path, ...]


def read_head(path: Path) -> Head:
    """Return what a file says it is; never fails over what is in it, since it may be half written.

    Raises:
        NotFoundError: it cannot be opened.
    """
    try:
        raw = read_mapping(read_source(path), str(path))
    except QuestionnaireError:
        return Head()

    def word(key: str) -> str:
        value = raw.get(key)
        return value if isinstance(value, str) else ""

    if "overlay" in raw:
        return Head(word("overlay"), word("edition"), word("region"), overlay=True)
    return Head(word("questionnaire"), word("edition"))


def inspect_file(
    path: Path,
    hooks: RegionHooks,
    folder: Path,
    language: str = "en",
    own: Sequence[OverlayText] = (),
) -> Inspection:
    """Return what there is to say of a questionnaire with its region's additions, or of a region's overlay.

    `folder` holds the questionnaires overlays are for; `own` is what the region added itself. Advice is in Dutch or English. Of an overlay only its
    own problems are told, unless its questionnaire has faults. Rules of the region's modules come last.

    Raises:
        NotFoundError: the file is not there.
        PluginError: a module enabled for the region is not there, or fails.
    """
    hooks.require_whole()
    try:
        sources = _find_sources(path, hooks, folder)
        overlays = [OverlayText(read_source(overlay), str(overlay)) for overlay in sources.overlays]
    except QuestionnaireError as error:
        return Inspection(error.problems, files=(path,))
    if path == sources.path:
        overlays += own
    files = (sources.path, *sources.overlays)
    file, kinds = str(sources.path), hooks.hooks.kinds
    problems = check_questionnaire(sources.text, file, hooks.region, overlays, kinds=kinds, language=language)
    if any(problem.level == "error" for problem in problems):
        return Inspection(problems, files=files)
    shown, whole = (
        compile_questionnaire(sources.text, file, hooks.region, overlays, kinds=kinds, unchecked=unchecked)
        for unchecked in (False, True)
    )
    told = [problem for problem in problems if path == sources.path or problem.file == str(path)]
    unchecked = tuple(code for code in whole.languages if code not in shown.languages)
    return Inspection((*told, *hooks.check_questionnaire(shown)), whole, unchecked, files)


def check_published(paths: Iterable[Path], kinds: Mapping[str, ItemKind] = KINDS) -> tuple[Problem, ...]:
    """Return what is wrong with published editions: of these files, and files gone from their folders.

    Raises:
        InstrumentError: a register of editions is damaged.
    """
    wanted = {path.resolve(): path for path in paths}
    folders = dict.fromkeys(path.parent.parent for path in wanted)
    found = (
        problem
        for folder in folders
        if (folder / REGISTER).exists()
        for problem in check_register(folder, kinds)
    )
    return tuple(_keep_published(found, wanted))


def _keep_published(problems: Iterable[Problem], wanted: dict[Path, Path]) -> Iterator[Problem]:
    for problem in problems:
        if problem.code == "edition-gone":
            yield problem
        elif problem.code == "edition-edited" and Path(problem.file) in wanted:
            yield replace(problem, file=str(wanted[Path(problem.file)]))


def _find_sources(path: Path, hooks: RegionHooks, folder: Path) -> _Sources:
    head = read_head(path)
    if head.overlay:
        base = folder / head.questionnaire / f"{head.edition}.yaml"
        if not base.is_file():
            what, remedy = CATALOGUE["overlay-base"]
            raise QuestionnaireError(
                [Problem("overlay-base", str(path), 1, 1, what.format(value=base), remedy)]
            )
        return _Sources(base, read_source(base), (path,))
    overlays: Sequence[Path] = ()
    if head.questionnaire and head.edition and hooks.region:
        overlays = hooks.overlays(head.questionnaire, head.edition)
    return _Sources(path, read_source(path), tuple(overlays))
