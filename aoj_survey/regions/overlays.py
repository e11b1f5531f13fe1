"""Overlays a region made itself, in pages or by command: kept as YAML text, one for each edition.

They count until a participation starts; what was started serves its stored instrument alone.
"""

from pathlib import Path

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from aoj_survey.errors import NotFoundError
from aoj_survey.hooks import RegionHooks, compile_for_region
from aoj_survey.questionnaire import Instrument, OverlayText, read_mapping

from .models import Region, RegionOverlay


def compile_of_region(connection: Connection, hooks: RegionHooks, path: Path) -> Instrument:
    """Return the instrument of a file `<questionnaire>/<edition>.yaml` with all its region adds to it.

    That is what its modules add, and the overlay kept for it here. Raises what `compile_for_region` raises.
    """
    own = read_overlays(connection, hooks.region, path.parent.name, path.stem)
    return compile_for_region(path, hooks, own)


def save_overlay(connection: Connection, hooks: RegionHooks, folder: Path, overlay: OverlayText) -> str:
    """Keep an overlay for the edition it names, after trying whether it compiles; return that edition.

    It takes the place of the one that was kept. `folder` holds the questionnaires; the edition is written
    like `aoj-professionals@2021`.

    Raises:
        NotFoundError: the region is unknown, or there is no such questionnaire or edition.
        QuestionnaireError: it does not compile with what the region's modules add.
        PluginError: an enabled module is not there, or fails.
    """
    region = hooks.region
    if connection.execute(select(Region.code).where(Region.code == region)).first() is None:
        raise NotFoundError(f"There is no region {region}. Add it with: aoj regions add")
    head = read_mapping(overlay.text, overlay.file)
    wanted = f"{head.get('overlay')}@{head.get('edition')}"
    path = _list_editions(folder).get(wanted)
    if path is None:
        known = ", ".join(_list_editions(folder)) or "none"
        raise NotFoundError(
            f"{overlay.file}: it is for {wanted}, and there is no such questionnaire."
            f" Mend `overlay` and `edition` in it. There are: {known}."
        )
    compile_for_region(path, hooks, [overlay])
    questionnaire, edition = path.parent.name, path.stem
    remove_overlay(connection, region, questionnaire, edition)
    connection.execute(
        insert(RegionOverlay).values(
            region_code=region, questionnaire=questionnaire, edition=edition, text=overlay.text
        )
    )
    return wanted


def read_overlays(
    connection: Connection, region: str, questionnaire: str, edition: str
) -> tuple[OverlayText, ...]:
    """Return the overlay kept for an edition, ready to compile; nothing when there is none."""
    query = select(RegionOverlay.text).where(*_place(region, questionnaire, edition))
    name = f"own questions of {region} in {questionnaire}@{edition}"
    return tuple(OverlayText(text, name) for text in connection.execute(query).scalars())


def list_overlays(connection: Connection, region: str) -> tuple[str, ...]:
    """Return the editions an overlay is kept for, sorted, each like `aoj-professionals@2021`."""
    query = select(RegionOverlay.questionnaire, RegionOverlay.edition)
    rows = connection.execute(query.where(RegionOverlay.region_code == region))
    return tuple(sorted(f"{row.questionnaire}@{row.edition}" for row in rows))


def remove_overlay(connection: Connection, region: str, questionnaire: str, edition: str) -> bool:
    """Remove the overlay kept for an edition; return whether there was one."""
    return (
        connection.execute(delete(RegionOverlay).where(*_place(region, questionnaire, edition))).rowcount == 1
    )


def _place(region: str, questionnaire: str, edition: str) -> tuple[ColumnElement[bool], ...]:
    return (
        RegionOverlay.region_code == region,
        RegionOverlay.questionnaire == questionnaire,
        RegionOverlay.edition == edition,
    )


def _list_editions(folder: Path) -> dict[str, Path]:
    """The files of the questionnaires by edition: only what is there can be named, so no name is a path."""
    return {f"{path.parent.name}@{path.stem}": path for path in sorted(folder.glob("*/*.yaml"))}
