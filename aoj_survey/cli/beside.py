"""What bundles and stacks tell of groups, held against all that was released of their waves."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from aoj_survey.datasets import WaveDataset
from aoj_survey.disclosure import Ledger
from aoj_survey.hooks import Hooks
from aoj_survey.releases import Told, audit_bundle, count_people, read_ledger, report_audit
from aoj_survey.statistics import ResponseTable

from .tables import count_beside


def audit_written(
    connection: Connection, dataset: WaveDataset, response: ResponseTable, name: str, hooks: Hooks
) -> Mapping[str, Any]:
    """Return what the privacy report says of the groups in a bundle beside all released of its wave before.

    Raises:
        DisclosureError: beside that it gives a small group away.
    """
    ledger = read_ledger(connection, dataset.wave, before=name)
    counted = count_people(connection, dataset.wave)
    audited = audit_bundle(
        *(ledger, name, dataset.region, tell_groups(dataset, response), counted),
        answered=count_beside(connection, dataset.wave, hooks),
    )
    return report_audit(audited, len(ledger.releases))


def audit_stack(
    connection: Connection, earlier: Sequence[WaveDataset], datasets: Sequence[WaveDataset], hooks: Hooks
) -> None:
    """Hold datasets of one stack against all released of their waves, and against each other.

    Raises:
        DisclosureError, ReleaseError: as `audit_bundle`.
    """
    ledgers: dict[str, Ledger] = {}
    for (wave, region), dataset in {(one.wave, one.region): one for one in (*earlier, *datasets)}.items():
        ledger = ledgers.get(wave) or read_ledger(connection, wave)
        counted = count_people(connection, wave)
        name, told, imported = f"this stack ({region})", tell_groups(dataset), dataset in earlier
        ledgers[wave] = audit_bundle(
            *(ledger, name, region, told, counted),
            imported=imported,
            answered=count_beside(connection, wave, hooks),
        )


def tell_groups(dataset: WaveDataset, response: ResponseTable | None = None) -> Told:
    """Return what a dataset, and the response table beside it, tell of groups."""
    privacy, rows = dataset.privacy, response.rows if response else ()
    return Told(
        privacy.profile,
        privacy.k,
        privacy.merged,
        tuple(row.roles for row in rows),
        classes=privacy.classes,
        numbers=tuple((row.invited, row.done) for row in rows),
    )
