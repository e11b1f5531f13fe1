"""Bundles: folders for analysts, written once, hashed, read back before they count.

Layout: `statistics`, *The bundle*. `docs/datasets.md` tells what is in each file.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from aoj_survey.datasets import OpenAnswers, WaveDataset, load_codebook, state_facts
from aoj_survey.errors import BundleError
from aoj_survey.history import ImportedWave
from aoj_survey.hooks import ExportFormat, ProtectedTable
from aoj_survey.statistics import ResponseTable

from .added import write_added
from .ddi import Beside, write_ddi
from .descriptions import describe_csv, describe_package
from .folders import write_file, write_folder
from .formats import Plan, plan_formats
from .open_answers import (
    ABOUT,
    CSV_PATH,
    describe_open_answers,
    make_open_sheet,
    plan_open_answers,
    write_open_answers,
)
from .pages import write_codebook_page, write_printed_page, write_privacy_page, write_response_page
from .readme import write_readme
from .reports import (
    report_limits,
    report_printed,
    report_privacy,
    report_response,
    response_rows,
    write_json,
)
from .stack import CROSSWALK, stack_datasets, write_crosswalk
from .syntax import PYTHON_READER, write_r_syntax, write_spss_syntax, write_stata_syntax
from .tables import write_table
from .variables import Sheet, are_same, find_title, find_universe, read_variables

CODEBOOK = "metadata/codebook.json"

Texts = Mapping[str, bytes]
"""The files that are made in memory, by their path in the bundle."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A written bundle. `digest` is that of its checksums, so of every byte in it; `faults` say which file of a module is left out."""

    folder: Path
    name: str
    version: int
    digest: str
    faults: tuple[str, ...] = ()


def bundle_name(region: str, wave: str, version: int = 1) -> str:
    """Return the name of a bundle's folder.

    Raises:
        BundleError: a region, wave or version that cannot be part of a file name.
    """
    for code in (region, wave):
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", code):
            raise BundleError(f"{code!r} cannot be part of a file name; use letters, digits, - and _.")
    if version < 1:
        raise BundleError(f"Versions of a bundle count from 1; {version} is not one.")
    return f"aoj_{region}_{wave}_v{version}"


def write_bundle(  # noqa: PLR0913 the parts of a bundle; each is told by its name
    dataset: WaveDataset,
    response_table: ResponseTable,
    folder: Path,
    version: int = 1,
    *,
    imported: ImportedWave | None = None,
    audit: Mapping[str, Any] | None = None,
    given: OpenAnswers | None = None,
    formats: Sequence[tuple[str, ExportFormat]] = (),
) -> Bundle:
    """Write the bundle of a dataset into `folder` and return it. The same input gives the same bytes.

    It is written beside its place, read back and compared, and only then given its name. Writing the same
    bundle again changes nothing. Of an `imported` wave it holds the printed totals too. `audit` stands in the privacy
    report: what its groups were audited beside. Released open answers that are `given` stand in a file of their own,
    never in data for everybody. `formats` of region modules, each with the name of its module, are further data files.

    Raises:
        TypeError: anything else than a WaveDataset.
        BundleError: a different bundle of this version exists, the response table counts other responses, or
            what is read back is not what was written.
    """
    # Types are not checked when the program runs, and raw rows must never be published by a mistake.
    if not isinstance(dataset, WaveDataset):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError("Only a protected WaveDataset can be exported.")
    if response_table.total.done != len(dataset.rows):
        raise BundleError(
            f"The response table counts {response_table.total.done} responses, the dataset {len(dataset.rows)}."
        )
    place = folder / bundle_name(dataset.region, dataset.wave, version)
    contents = _Contents(place.name, dataset, response_table, imported, audit, given, tuple(formats))
    faults: list[str] = []
    digest = write_folder(place, lambda inside: faults.extend(_write_files(inside, contents)))
    if digest is None:
        raise BundleError(f"{place} exists and differs; a bundle never changes. Write version {version + 1}.")
    return Bundle(place, place.name, version, digest, tuple(faults))


@dataclass(frozen=True, slots=True)
class _Contents:
    """What a bundle is made of."""

    name: str
    dataset: WaveDataset
    response: ResponseTable
    imported: ImportedWave | None
    audit: Mapping[str, Any] | None
    given: OpenAnswers | None
    formats: tuple[tuple[str, ExportFormat], ...]


def _write_files(folder: Path, contents: _Contents) -> tuple[str, ...]:
    """Write all files, read them back, and return which of modules are left out, and why."""
    name, dataset, given = contents.name, contents.dataset, contents.given
    sheet = Sheet(name, read_variables(dataset.codebook), dataset.rows)
    if [item.name for item in sheet.variables] != [column.name for column in dataset.columns]:
        raise BundleError("The codebook describes other columns than the dataset has. Nothing was written.")
    plan = plan_formats(len(dataset.rows))
    for part in ("data", "metadata", "reports", "syntax"):
        (folder / part).mkdir()
    cuts = [cut for form in plan.formats for cut in form.write(folder / form.path, sheet)]
    added = write_added(folder, ProtectedTable(name, state_facts(dataset), dataset.rows), contents.formats)
    package = describe_package(folder, sheet, plan.formats, find_title(dataset.codebook))
    package["resources"] += added.describe(folder)
    left_out, beside = {**plan.left_out, **dict(added.left_out)}, None
    if given:
        beside = Beside(CSV_PATH, make_open_sheet(name, dataset, given), ABOUT)
        open_plan = plan_open_answers(len(beside.sheet.rows))
        left_out |= open_plan.left_out
        package["resources"] += write_open_answers(folder, beside.sheet, open_plan)
    limits = report_limits(cuts, left_out, added.report())
    readme = write_readme(sheet, dataset, plan, open_answers=given is not None, added=added)
    texts = {
        "README.md": readme.encode(),
        "datapackage.json": write_json(package),
        **_write_metadata(sheet, _describe(dataset, given), dataset, beside),
        **_write_syntax(sheet),
        **_write_reports(sheet, report_privacy(dataset, contents.audit, given), contents.response, limits),
        **(_write_printed(sheet, contents.imported) if contents.imported else {}),
    }
    for path, content in texts.items():
        write_file(folder / path, content)
    read_back(folder, sheet, plan, texts)
    return added.faults


def _describe(dataset: WaveDataset, given: OpenAnswers | None) -> Mapping[str, Any]:
    """The codebook of a bundle: that of the dataset, and of the file of open answers where there is one."""
    return dict(dataset.codebook) | ({"open_answers": describe_open_answers(given)} if given else {})


def _write_metadata(
    sheet: Sheet, codebook: Mapping[str, Any], dataset: WaveDataset, beside: Beside | None
) -> Texts:
    title, universe = find_title(dataset.codebook), find_universe(dataset.codebook)
    crosswalk = StringIO(newline="")
    write_table(crosswalk, CROSSWALK, write_crosswalk(stack_datasets([dataset])))
    return {
        CODEBOOK: write_json(codebook),
        "metadata/codebook.html": write_codebook_page(sheet, codebook),
        "metadata/crosswalk.csv": crosswalk.getvalue().encode(),
        "metadata/ddi-codebook-2.5.xml": write_ddi(sheet, title, universe, beside),
        "metadata/responses.csv-metadata.json": write_json(describe_csv(sheet, title)),
    }


def _write_syntax(sheet: Sheet) -> Texts:
    return {
        "syntax/read.R": write_r_syntax(sheet),
        "syntax/read.do": write_stata_syntax(sheet),
        "syntax/read.py": PYTHON_READER.read_bytes(),
        "syntax/read.sps": write_spss_syntax(sheet),
    }


def _write_reports(
    sheet: Sheet, privacy: Mapping[str, Any], table: ResponseTable, limits: Mapping[str, Any]
) -> Texts:
    response, rows = report_response(table), response_rows(table)
    counts = StringIO(newline="")
    write_table(counts, list(rows[0]), [list(row.values()) for row in rows])
    return {
        "reports/limits.json": write_json(limits),
        "reports/privacy.html": write_privacy_page(sheet, privacy),
        "reports/privacy.json": write_json(dict(privacy)),
        "reports/response.csv": counts.getvalue().encode(),
        "reports/response.html": write_response_page(sheet, response),
        "reports/response.json": write_json(response),
    }


def _write_printed(sheet: Sheet, imported: ImportedWave) -> Texts:
    printed = report_printed(imported)
    return {
        "reports/printed.html": write_printed_page(sheet, printed),
        "reports/printed.json": write_json(printed),
    }


def read_back(folder: Path, sheet: Sheet, plan: Plan, texts: Texts) -> None:
    """Read everything back as an analyst would and compare it with the dataset and the texts.

    Raises:
        BundleError: something cannot be read, or is not what the dataset says.
    """
    try:
        load_codebook((folder / CODEBOOK).read_text(encoding="utf-8"))
        faults = [path for path, content in texts.items() if (folder / path).read_bytes() != content]
        faults += [
            form.path
            for form in plan.formats
            if not are_same(form.read(folder / form.path, sheet.variables), sheet.rows)
        ]
    except (OSError, KeyError, ValueError) as error:
        raise BundleError(f"The bundle could not be read back: {error}. Nothing was published.") from error
    if faults:
        raise BundleError(
            f"The bundle read back differs from the dataset ({', '.join(faults)}). Nothing was published."
        )
