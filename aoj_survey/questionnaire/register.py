"""The register of published editions: a file that is in it can no longer be edited."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aoj_survey.errors import InstrumentError, Problem, QuestionnaireError

from .compiler import load_questionnaire
from .display import keep_languages
from .instrument import Instrument
from .kinds import KINDS, ItemKind
from .problems import Mark, Report
from .storage import digest_instrument, dump_instrument

REGISTER = "editions.json"
"""The register's name, beside the folders of the questionnaires."""


def register_edition(folder: Path, path: Path, kinds: Mapping[str, ItemKind] = KINDS) -> None:
    """Add a questionnaire file to the register, after which it can no longer be edited.

    Languages can be added later: what is frozen is everything in the languages it has now.

    Raises QuestionnaireError when it does not compile, InstrumentError when the edition is registered.
    """
    instrument = load_questionnaire(path, "", kinds=kinds)
    register = _read_register(folder)
    name = _name(instrument)
    if name in register:
        raise InstrumentError(f"{name} is in the register already. Make a new edition.")
    register[name] = {
        "languages": list(instrument.languages),
        "digest": _digest(instrument, instrument.languages),
    }
    text = json.dumps(dict(sorted(register.items())), indent=2, ensure_ascii=False)
    (folder / REGISTER).write_text(text + "\n", "utf-8")


def check_register(folder: Path, kinds: Mapping[str, ItemKind] = KINDS) -> tuple[Problem, ...]:
    """Return the problems of the published editions in a folder: edited since, broken, or no longer there."""
    register = _read_register(folder)
    return tuple(
        problem for name in register for problem in _check_edition(folder, name, register[name], kinds)
    )


def _check_edition(
    folder: Path, name: str, entry: dict[str, Any], kinds: Mapping[str, ItemKind]
) -> tuple[Problem, ...]:
    questionnaire, _, edition = name.partition("@")
    path = folder / questionnaire / f"{edition}.yaml"
    report = Report(str(path))
    if not path.is_file():
        report.add("edition-gone", Mark(1, 1), value=name)
        return tuple(report.problems)
    try:
        instrument = load_questionnaire(path, "", kinds=kinds)
    except QuestionnaireError as error:
        return error.problems
    digest = _digest(instrument, tuple(entry["languages"]))
    if _name(instrument) != name or digest != entry["digest"]:
        report.add("edition-edited", Mark(1, 1), value=name)
    return tuple(report.problems)


def _read_register(folder: Path) -> dict[str, Any]:
    path = folder / REGISTER
    if not path.exists():
        return {}
    try:
        register = json.loads(path.read_text("utf-8"))
        return {
            str(name): {"languages": entry["languages"], "digest": entry["digest"]}
            for name, entry in register.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InstrumentError(f"{path} is damaged: {error}. Restore it from version control.") from error


def _name(instrument: Instrument) -> str:
    return f"{instrument.questionnaire}@{instrument.edition}"


def _digest(instrument: Instrument, languages: tuple[str, ...]) -> str:
    """The digest of an edition as far as these languages go."""
    return digest_instrument(dump_instrument(keep_languages(instrument, languages)))
