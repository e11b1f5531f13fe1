"""ledger of a wave: one for all its regions, small boxes together and what was imported."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op


revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None

Entry = dict[str, Any]


def upgrade() -> None:
    connection = op.get_bind()
    released = {
        row.name: str(row.released_at) for row in connection.execute(sa.text('SELECT name, released_at FROM release'))
    }
    chains: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    for row in connection.execute(sa.text(
        'SELECT wave_code, region_code, document FROM ledger_entry'
        ' JOIN participation ON participation.id = ledger_entry.participation_id ORDER BY participation_id, number'
    )):
        chains[row.wave_code, row.region_code].append(json.loads(row.document))
    waves: defaultdict[str, list[tuple[str, str, Entry, bool]]] = defaultdict(list)
    for (wave, region), entries in chains.items():
        moment = ''
        for entry, sound in _check(entries):
            moment = max(moment, released.get(entry['name'].rpartition('/')[0], ''))
            waves[wave].append((moment, region, _rename(entry, lambda measure, code, region=region: _add_region(region, code)), sound))
    op.drop_table('ledger_entry')
    table = op.create_table('ledger_entry',
    sa.Column('wave', sa.String(length=64), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('document', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('wave', 'number', name=op.f('pk_ledger_entry'))
    )
    for wave, found in waves.items():
        found.sort(key=lambda one: one[:2])
        chain = _chain(((entry | {'format': 2, 'people': {}}, sound) for _, _, entry, sound in found))
        _insert(connection, table, {'wave': wave}, chain)


def downgrade() -> None:
    connection = op.get_bind()
    places = {
        (row.wave_code, row.region_code): row.id
        for row in connection.execute(
            sa.text('SELECT id, wave_code, region_code FROM participation').columns(id=sa.Uuid())
        )
    }
    chains: defaultdict[tuple[str, str], list[tuple[Entry, bool]]] = defaultdict(list)
    waves: defaultdict[str, list[Entry]] = defaultdict(list)
    for row in connection.execute(sa.text('SELECT wave, document FROM ledger_entry ORDER BY wave, number')):
        waves[row.wave].append(json.loads(row.document))
    for wave, entries in waves.items():
        for entry, sound in _check(entries):
            named = {
                code.partition('/')[0]
                for plan in entry['plans'] for told, group in plan['groups'].items() for code in (told, *group)
            }
            # Before this there was no place for what is not of one region's own.
            if len(named) == 1 and (wave, *named) in places and not entry.pop('people'):
                own = _rename(entry, _leave_region) | {'format': 1}
                chains[wave, named.pop()].append((own, sound))
    op.drop_table('ledger_entry')
    table = op.create_table('ledger_entry',
    sa.Column('participation_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('document', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['participation_id'], ['participation.id'], name=op.f('fk_ledger_entry_participation_id_participation')),
    sa.PrimaryKeyConstraint('participation_id', 'number', name=op.f('pk_ledger_entry'))
    )
    for place, found in chains.items():
        _insert(connection, table, {'participation_id': places[place]}, _chain(found))


def _insert(connection: sa.Connection, table: sa.Table, place: Entry, entries: Iterable[Entry]) -> None:
    for number, entry in enumerate(entries, 1):
        document = json.dumps(entry, ensure_ascii=False, sort_keys=True)
        connection.execute(table.insert().values(**place, number=number, document=document))


def _rename(entry: Entry, name: Callable[[str, str], str]) -> Entry:
    return entry | {
        'plans': [
            plan | {
                'groups': {
                    name(plan['measure'], told): sorted(name(plan['measure'], code) for code in group)
                    for told, group in plan['groups'].items()
                }
            }
            for plan in entry['plans']
        ]
    }


def _add_region(region: str, code: str) -> str:
    """Classes of figures named their region before."""
    return code if code.startswith(f'{region}/') else f'{region}/{code}'


def _leave_region(measure: str, code: str) -> str:
    return code.partition('/')[2] if measure in {'strata', 'invited', 'done'} else code


def _check(entries: Iterable[Entry]) -> Iterable[tuple[Entry, bool]]:
    """Each entry, and whether its digest is that of what it stands for."""
    former = ''
    for entry in entries:
        yield entry, entry['digest'] == _digest(former, entry)
        former = entry['digest']


def _chain(entries: Iterable[tuple[Entry, bool]]) -> Iterable[Entry]:
    """Entries with the digests of their new order; one that was not sound keeps its own, so that it stays noticed."""
    former = ''
    for entry, sound in entries:
        former = _digest(former, entry) if sound else entry['digest']
        yield entry | {'digest': former}


def _digest(former: str, entry: Entry) -> str:
    content: list[Any] = [
        former,
        entry['name'],
        [entry[name] for name in ('profile', 'threshold', 'banded', 'counts')],
        [[plan['measure'], [[told, sorted(group)] for told, group in sorted(plan['groups'].items())]] for plan in entry['plans']],
    ]
    if entry.get('people'):
        content.append([[measure, sorted(counted.items())] for measure, counted in sorted(entry['people'].items())])
    return sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
