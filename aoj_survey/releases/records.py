"""Releases recorded and withdrawn."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from aoj_survey.disclosure import AuditedPlan, Ledger, People, add_release
from aoj_survey.errors import ReleaseError
from aoj_survey.regions import JOINT_REGION
from aoj_survey.responses import has_joint, is_joint
from aoj_survey.waves import ParticipationFacts

from .beside import Protection, list_pairs, may_lie_beside
from .changed import refuse_few_changed
from .corrections import LEAST_DIFFERENCE
from .facts import BundleFacts, ReleaseFacts, Told
from .ledger import NOBODY, audit_bundle, list_bundles, read_ledger, write_ledger
from .listing import find_release, list_releases
from .models import Release
from .people import count_people
from .shelf import read_bundle

FORMAT = 1
PRINTED = "reports/printed.json"
"""Stands in bundles of imported waves only."""


def record_release(
    connection: Connection,
    facts: ParticipationFacts | None,
    bundle: BundleFacts,
    now: datetime,
    audited: Sequence[AuditedPlan] = (),
    answered: People = NOBODY,
) -> bool:
    """Record a bundle or tables as released; return whether it was not yet.

    Without a participation it is what the small boxes of a wave held together, or a wave that was imported. Tables
    are recorded with the `audited` plans they were made of; a bundle beside tables with how many of the wave `answered`
    each column.

    Raises:
        ReleaseError: the box was not opened, the bundle is of another region or wave or of none that may be
            released, another one was released or withdrawn under this name, or it differs from another version by
            a few responses or in how quasi-identifiers were hidden.
        DisclosureError: beside all that was released before it gives a small group away. It is entered in the ledger.
    """
    _check_place(connection, facts, bundle)
    formers = list_releases(connection, bundle.wave, bundle.region, withdrawn=True)
    if any(former.name == bundle.name for former in formers):
        return _repeat(bundle, next(former for former in formers if former.name == bundle.name))
    if facts is not None and any(former.origin == "imported" for former in formers):
        raise ReleaseError(f"{bundle.region} in {bundle.wave} was released as an earlier wave before.")
    _refuse_few(bundle, formers)
    if bundle.kind == "tables":
        _enter_tables(connection, facts, bundle, audited)
        _store(connection, facts, bundle, now, {})
        return True
    protection = _find_protection(bundle.told)
    _refuse_other_protection(connection, bundle, protection)
    if _is_imported(bundle):
        for former in formers:
            refuse_few_changed(_read_former(bundle, former), bundle)
    _audit(connection, bundle, answered)
    _store(connection, facts, bundle, now, {"protection": _describe_protection(protection)})
    return True


def _store(
    connection: Connection,
    facts: ParticipationFacts | None,
    bundle: BundleFacts,
    now: datetime,
    more: Mapping[str, Any],
) -> None:
    document = {
        "format": FORMAT,
        "kind": bundle.kind,
        "rows": bundle.rows,
        "files": [asdict(file) for file in bundle.files],
        **more,
    }
    connection.execute(
        insert(Release).values(
            participation_id=facts.id if facts else None,
            wave=bundle.wave,
            region=bundle.region,
            name=bundle.name,
            version=bundle.version,
            profile=bundle.profile,
            digest=bundle.digest,
            document=json.dumps(document, ensure_ascii=False),
            released_at=now,
        )
    )


def _refuse_few(bundle: BundleFacts, formers: Sequence[ReleaseFacts]) -> None:
    for former in formers:
        if 0 < abs(former.rows - bundle.rows) < LEAST_DIFFERENCE:
            raise ReleaseError(
                f"{bundle.name} has {bundle.rows} responses and {former.name} had {former.rows}. Versions differ by"
                f" none or by at least {LEAST_DIFFERENCE}, since the difference would tell about few people."
            )


def _audit(connection: Connection, bundle: BundleFacts, answered: People) -> None:
    """Enter what a bundle tells in the ledger of its wave, audited beside all that was released before."""
    ledger = read_ledger(connection, bundle.wave)
    known = len(ledger.releases)
    for former in _list_unentered(connection, bundle.wave, ledger):
        if former.kind == "tables":
            raise ReleaseError(
                f"The ledger has lost what {former.name} told. Take the database from a backup; release nothing until then."
            )
        ledger = _enter(connection, ledger, _read_former(bundle, former), answered)
    write_ledger(connection, bundle.wave, _enter(connection, ledger, bundle, answered), known)


def _enter(connection: Connection, ledger: Ledger, bundle: BundleFacts, answered: People) -> Ledger:
    counted = count_people(connection, bundle.wave)
    return audit_bundle(
        *(ledger, bundle.name, bundle.region, bundle.told, counted),
        imported=_is_imported(bundle),
        answered=answered,
    )


def _list_unentered(connection: Connection, wave: str, ledger: Ledger) -> list[ReleaseFacts]:
    """What was released of the wave before its ledger took such in, the oldest first."""
    entered = set(list_bundles(ledger))
    formers = sorted(list_releases(connection, wave, withdrawn=True), key=lambda one: one.released_at)
    return [former for former in formers if former.name not in entered]


def _read_former(bundle: BundleFacts, former: ReleaseFacts) -> BundleFacts:
    """A former release as it lies beside a bundle."""
    found = read_bundle(bundle.folder.parent / former.name)
    if found.digest != former.digest:
        raise ReleaseError(
            f"{found.folder} is not as it was released, and {bundle.name} has to be held against it. Put it back from a backup."
        )
    return found


def _is_imported(bundle: BundleFacts) -> bool:
    return any(file.path == PRINTED for file in bundle.files)


def _find_protection(told: Told) -> Protection:
    return Protection(told.k, told.merged, told.node, told.suppressed, told.homogeneous)


def _enter_tables(
    connection: Connection,
    facts: ParticipationFacts | None,
    bundle: BundleFacts,
    audited: Sequence[AuditedPlan],
) -> None:
    """Enter the groups of tables in the ledger; they were audited beside it as it is now, or are refused."""
    if not audited or (facts is None and bundle.region != JOINT_REGION):
        raise ReleaseError(
            f"{bundle.name} holds tables of figures without audited plans, which are never released. Write them with"
            " aoj exports tables."
        )
    ledger = read_ledger(connection, bundle.wave)
    if unentered := _list_unentered(connection, bundle.wave, ledger):
        names = ", ".join(former.name for former in unentered)
        raise ReleaseError(
            f"The ledger does not know yet what {names} told. It is entered at the next release of data of {bundle.wave}: aoj"
            " exports write and release a version first."
        )
    told = add_release(ledger, f"{bundle.name}/figures", audited)
    write_ledger(connection, bundle.wave, told, len(ledger.releases))


def _describe_protection(protection: Protection) -> dict[str, Any]:
    return asdict(protection) | {"homogeneous": sorted(protection.homogeneous)}


def _refuse_other_protection(connection: Connection, bundle: BundleFacts, protection: Protection) -> None:
    """Rows of two files can be laid beside each other by their answers: what one hides the other must not tell."""
    former = select(Release.name, Release.document).where(
        Release.wave == bundle.wave, Release.region == bundle.region
    )
    for row in connection.execute(former.order_by(Release.name)):
        found = json.loads(row.document).get("protection")
        if not found:
            continue
        other = Protection(**found | {"homogeneous": list_pairs(found.get("homogeneous", ()))})
        if not may_lie_beside(other, protection):
            raise ReleaseError(
                f"{bundle.name} hides other characteristics of people than {row.name} does, so whoever has both could put"
                f" together what each of them hides. Write it by the numbers of {row.name}: k = {other.k}."
            )


def _check_place(connection: Connection, facts: ParticipationFacts | None, bundle: BundleFacts) -> None:
    where = f"{bundle.wave} {bundle.region}"
    is_imported = _is_imported(bundle)
    if is_imported and (facts is not None or bundle.region == JOINT_REGION):
        raise ReleaseError(f"{bundle.name} is of an earlier wave, and {where} is one of this installation.")
    if facts is not None:
        if (bundle.wave, bundle.region) != (facts.wave, facts.region):
            raise ReleaseError(f"{bundle.name} holds {where}, not {facts.wave} {facts.region}.")
        if facts.status != "opened":
            raise ReleaseError(
                f"The box of {facts.region} in {facts.wave} was not opened, so nothing can be released."
            )
        if is_joint(connection, facts.id):
            raise ReleaseError(
                f"The small box of {facts.region} in {facts.wave} opened together with others; its answers are released"
                f" with those of the others: {JOINT_REGION} in the place of the region."
            )
    elif bundle.region == JOINT_REGION:
        if not has_joint(connection, bundle.wave):
            raise ReleaseError(f"No small boxes of {bundle.wave} were opened, so nothing can be released.")
    elif not is_imported:
        raise ReleaseError(
            f"There is no {bundle.region} in {bundle.wave} here, and {bundle.name} is no bundle of an earlier wave."
            " aoj datasets import writes one."
        )


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
