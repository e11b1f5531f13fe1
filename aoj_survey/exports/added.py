"""Data files that region modules add to a bundle.

Each is written apart from the bundle, twice, since the same dataset gives the same bytes, and read back where its module
can. What fails is left out, told with the name of the module, and takes nothing else along.
"""

import filecmp
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aoj_survey.errors import PluginError
from aoj_survey.hooks import ExportFormat, ProtectedTable, describe

from .descriptions import describe_file
from .variables import Text, are_same


@dataclass(frozen=True, slots=True)
class AddedFile:
    """A file in a bundle: its path, the module that wrote it, and whether it was read back."""

    path: str
    module: str
    form: ExportFormat

    @property
    def is_read_back(self) -> bool:
        """Whether its rows were compared with those of the dataset."""
        return self.form.read is not None


@dataclass(frozen=True, slots=True)
class Added:
    """The files that were written, why others are left out by the path they would have had, and the same for who wrote the bundle."""

    files: tuple[AddedFile, ...] = ()
    left_out: tuple[tuple[str, Text], ...] = ()
    faults: tuple[str, ...] = ()

    def describe(self, folder: Path) -> list[dict[str, Any]]:
        """Return the files as resources of a Data Package."""
        return [describe_file(folder, file.path, file.form.media_type) for file in self.files]

    def report(self) -> list[dict[str, Any]]:
        """Return what the bundle reports of the files."""
        return [
            {"file": file.path, "module": file.module, "read_back": file.is_read_back} for file in self.files
        ]


def write_added(folder: Path, table: ProtectedTable, given: Sequence[tuple[str, ExportFormat]]) -> Added:
    """Write the files of modules, each with its name, into the folder of a bundle; nothing is raised for one that fails."""
    files: list[AddedFile] = []
    left_out: list[tuple[str, Text]] = []
    faults: list[str] = []
    for module, form in given:
        file = AddedFile(f"data/responses.{form.ending}", module, form)
        try:
            _write(folder / file.path, file, table)
        except PluginError as error:
            faults.append(str(error))
            reason = {
                "nl": f"de regiomodule {module} kon dit bestand niet goed schrijven",
                "en": f"the region module {module} could not write this file well",
            }
            left_out.append((file.path, reason))
        else:
            files.append(file)
    return Added(tuple(files), tuple(left_out), tuple(faults))


def _write(target: Path, file: AddedFile, table: ProtectedTable) -> None:
    """Write a file, or raise PluginError. What an error of the module says is left out: it may hold an answer."""
    with TemporaryDirectory() as apart:
        places = [Path(apart) / name / target.name for name in ("once", "again")]
        for place in places:
            place.parent.mkdir()
            try:
                file.form.write(place, table)
            except (Exception, SystemExit) as error:
                raise PluginError(
                    file.module, f"failed to write {target.name}: {describe(error, secret=True)}"
                ) from error
            if list(place.parent.rglob("*")) != [place] or place.is_symlink() or not place.is_file():
                raise PluginError(
                    file.module, f"was asked for {target.name} and wrote something else, or more."
                )
        if not filecmp.cmp(*places, shallow=False):
            raise PluginError(
                file.module,
                f"wrote {target.name} twice and the bytes differ; leave out times and anything random.",
            )
        _read_back(places[0], file, table)
        shutil.copyfile(places[0], target)


def _read_back(place: Path, file: AddedFile, table: ProtectedTable) -> None:
    if file.form.read is None:
        return
    try:
        same = are_same((tuple(row) for row in file.form.read(place)), table.rows)
    except (Exception, SystemExit) as error:
        raise PluginError(
            file.module, f"failed to read {place.name} back: {describe(error, secret=True)}"
        ) from error
    if not same:
        raise PluginError(file.module, f"read {place.name} back with other rows than the dataset has.")
