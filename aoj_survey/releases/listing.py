"""What was released, read from the register."""

import json
from typing import Any

from sqlalchemy import Connection, Select, select

from aoj_survey.regions import JOINT_REGION

from .facts import FileFacts, Origin, ReleaseFacts
from .models import Release


def find_release(connection: Connection, name: str) -> ReleaseFacts | None:
    """Return a release by its name, a withdrawn one too; None when there was never one."""
    row = connection.execute(_select().where(Release.name == name)).one_or_none()
    return _facts(row) if row else None


def list_releases(
    connection: Connection, wave: str = "", region: str = "", *, withdrawn: bool = False
) -> tuple[ReleaseFacts, ...]:
    """Return what is released, of one wave and region or of all, the newest first, those of one version by name.

    With `withdrawn`, what was withdrawn too.
    """
    order = (Release.wave.desc(), Release.region, Release.version.desc(), Release.name)
    query = _select().order_by(*order)
    if wave:
        query = query.where(Release.wave == wave)
    if region:
        query = query.where(Release.region == region)
    if not withdrawn:
        query = query.where(Release.withdrawn_at.is_(None))
    return tuple(_facts(row) for row in connection.execute(query))


def _select() -> Select[*tuple[Any, ...]]:
    return select(
        Release.name,
        Release.participation_id,
        Release.wave,
        Release.region,
        Release.version,
        Release.profile,
        Release.digest,
        Release.document,
        Release.released_at,
        Release.withdrawn_at,
    )


def _facts(row: Any) -> ReleaseFacts:
    rows, files = read_document(row.document)
    return ReleaseFacts(
        name=row.name,
        wave=row.wave,
        region=row.region,
        version=row.version,
        profile=row.profile,
        rows=rows,
        digest=row.digest,
        released_at=row.released_at,
        withdrawn_at=row.withdrawn_at,
        origin=_find_origin(row),
        files=files,
        kind=json.loads(row.document).get("kind", "bundle"),
    )


def _find_origin(row: Any) -> Origin:
    if row.participation_id is not None:
        return "box"
    return "joint" if row.region == JOINT_REGION else "imported"


def read_document(text: str) -> tuple[int, tuple[FileFacts, ...]]:
    """Return the number of rows and the files of a stored release; `tests/samples/` keeps one for ever."""
    document = json.loads(text)
    return document["rows"], tuple(FileFacts(**file) for file in document["files"])
