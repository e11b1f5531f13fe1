"""Releases recorded, listed and withdrawn."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from aoj_survey.errors import ReleaseError
from aoj_survey.waves import Participation, ParticipationFacts

from .facts import BundleFacts, FileFacts, ReleaseFacts, Told
from .ledger import audit_bundle, count_people, read_ledger, write_ledger
from .models import Release

FORMAT = 1
LEAST_DIFFERENCE = 10
"""A version differs from the one before by no response, or by so many (`anonymity`, table rule 8)."""


def record_release(
    connection: Connection, facts: ParticipationFacts, bundle: BundleFacts, now: datetime
) -> bool:
    """Record a bundle as released; return whether it was not yet.

    Raises:
        ReleaseError: the box was not opened, the bundle is of another region or wave, another one was released
            or withdrawn under this name, or it differs from another version by a few responses or in how
            quasi-identifiers were hidden.
        DisclosureError: beside all that was released before it gives a small group away. It is entered in the ledger.
    """
    if facts.status != "opened":
        raise ReleaseError(
            f"The box of {facts.region} in {facts.wave} was not opened, so nothing can be released."
        )
    if (bundle.wave, bundle.region) != (facts.wave, facts.region):
        raise ReleaseError(
            f"{bundle.name} holds {bundle.wave} {bundle.region}, not {facts.wave} {facts.region}."
        )
    formers = list_releases(connection, facts.wave, facts.region, withdrawn=True)
    if any(former.name == bundle.name for former in formers):
        return _repeat(bundle, next(former for former in formers if former.name == bundle.name))
    for former in formers:
        if 0 < abs(former.rows - bundle.rows) < LEAST_DIFFERENCE:
            raise ReleaseError(
                f"{bundle.name} has {bundle.rows} responses and {former.name} had {former.rows}. Versions differ by"
                f" none or by at least {LEAST_DIFFERENCE}, since the difference would tell about few people."
            )
    protection = _describe_protection(bundle.told)
    _refuse_other_protection(connection, facts, bundle.name, protection)
    ledger = read_ledger(connection, facts.id)
    told = audit_bundle(ledger, bundle.name, bundle.told, count_people(connection, facts.id))
    write_ledger(connection, facts.id, told, len(ledger.releases))
    document = {
        "format": FORMAT,
        "rows": bundle.rows,
        "files": [asdict(file) for file in bundle.files],
        "protection": protection,
    }
    connection.execute(
        insert(Release).values(
            participation_id=facts.id,
            name=bundle.name,
            version=bundle.version,
            profile=bundle.profile,
            digest=bundle.digest,
            document=json.dumps(document, ensure_ascii=False),
            released_at=now,
        )
    )
    return True


def _describe_protection(told: Told) -> dict[str, Any]:
    return {"k": told.k, "merged": told.merged, "node": told.node, "suppressed": told.suppressed}


def _refuse_other_protection(
    connection: Connection, facts: ParticipationFacts, name: str, protection: Mapping[str, Any]
) -> None:
    """Rows of two files can be laid beside each other by their answers: what one hides the other must not tell.

    Files may differ as long as one of them keeps no quasi-identifier.
    """
    former = select(Release.name, Release.document).where(Release.participation_id == facts.id)
    for row in connection.execute(former.order_by(Release.name)):
        other = json.loads(row.document).get("protection")
        if other and other != protection and _keeps_any(other["node"]) and _keeps_any(protection["node"]):
            raise ReleaseError(
                f"{name} hides other characteristics of people than {row.name} does, so whoever has both could put"
                f" together what each of them hides. Write it by the numbers of {row.name}: k = {other['k']}."
            )


def _keeps_any(node: Mapping[str, Mapping[str, int]]) -> bool:
    return any(level == 0 for levels in node.values() for level in levels.values())


def _repeat(bundle: BundleFacts, former: ReleaseFacts) -> bool:
    if former.digest != bundle.digest or former.withdrawn_at:
        raise ReleaseError(
            f"{former.name} was released before with another content, or was withdrawn. A release never changes:"
            " write and release the next version."
        )
    return False


def withdraw_release(connection: Connection, name: str, now: datetime) -> ReleaseFacts:
    """Withdraw a release and return it as it was; it is handed out no more, and its name never comes back.

    Raises:
        ReleaseError: there is no such release, or it was withdrawn before.
    """
    found = find_release(connection, name)
    if found is None or found.withdrawn_at:
        raise ReleaseError(f"{name} is not released. `aoj exports list` shows what is.")
    connection.execute(update(Release).where(Release.name == name).values(withdrawn_at=now))
    return found


def find_release(connection: Connection, name: str) -> ReleaseFacts | None:
    """Return a release by its name, a withdrawn one too; None when there was never one."""
    row = connection.execute(_select().where(Release.name == name)).one_or_none()
    return _facts(row) if row else None


def list_releases(
    connection: Connection, wave: str = "", region: str = "", *, withdrawn: bool = False
) -> tuple[ReleaseFacts, ...]:
    """Return what is released, of one wave and region or of all, by name and version, the newest first.

    With `withdrawn`, what was withdrawn too.
    """
    query = _select().order_by(
        Participation.wave_code.desc(), Participation.region_code, Release.version.desc()
    )
    if wave:
        query = query.where(Participation.wave_code == wave)
    if region:
        query = query.where(Participation.region_code == region)
    if not withdrawn:
        query = query.where(Release.withdrawn_at.is_(None))
    return tuple(_facts(row) for row in connection.execute(query))


def _select() -> Any:
    return select(
        Release.name,
        Participation.wave_code,
        Participation.region_code,
        Release.version,
        Release.profile,
        Release.digest,
        Release.document,
        Release.released_at,
        Release.withdrawn_at,
    ).join(Participation, Participation.id == Release.participation_id)


def _facts(row: Any) -> ReleaseFacts:
    rows, files = read_document(row.document)
    return ReleaseFacts(
        name=row.name,
        wave=row.wave_code,
        region=row.region_code,
        version=row.version,
        profile=row.profile,
        rows=rows,
        digest=row.digest,
        released_at=row.released_at,
        withdrawn_at=row.withdrawn_at,
        files=files,
    )


def read_document(text: str) -> tuple[int, tuple[FileFacts, ...]]:
    """Return the number of rows and the files of a stored release; `tests/samples/` keeps one for ever."""
    document = json.loads(text)
    return document["rows"], tuple(FileFacts(**file) for file in document["files"])
