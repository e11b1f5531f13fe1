"""Compiling a questionnaire for a region, with all that its modules add."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from aoj_survey.errors import QuestionnaireError
from aoj_survey.questionnaire import Instrument, OverlayText, compile_questionnaire, read_source

from .calls import RegionHooks


def compile_for_region(path: Path, hooks: RegionHooks, own: Sequence[OverlayText] = ()) -> Instrument:
    """Return the instrument of a file `<questionnaire>/<edition>.yaml` for a region.

    Overlays and further rules come from the modules enabled for the region; their names and versions are
    kept in the instrument. `own` are overlays the region made itself; they come after those of its modules.

    Raises:
        QuestionnaireError: it does not compile, or a rule of the region is broken.
        PluginError: an enabled module is not there, or fails.
        NotFoundError: there is no such file.
    """
    hooks.require_whole()
    files = hooks.overlays(path.parent.name, path.stem)
    overlays = [*(OverlayText(read_source(file), str(file)) for file in files), *own]
    instrument = compile_questionnaire(
        read_source(path), str(path), hooks.region, overlays, kinds=hooks.hooks.kinds
    )
    problems = [problem for problem in hooks.check_questionnaire(instrument) if problem.level == "error"]
    if problems:
        raise QuestionnaireError(problems)
    return replace(instrument, modules=hooks.list_versions(instrument))
