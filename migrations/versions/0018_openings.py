"""openings: asked for on a page and done by the worker; small boxes that open together."""

import sqlalchemy as sa
from alembic import op


revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

# Without it SQLite would give the rewritten table a rowid, a serial number of answers.
NO_ROWID = {'sqlite_with_rowid': False}


def upgrade() -> None:
    op.create_table(
        'opening_request',
        sa.Column('participation_id', sa.Uuid(), nullable=False),
        sa.Column('person', sa.String(length=200), nullable=False),
        sa.Column('refused', sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(['participation_id'], ['participation.id'], name=op.f('fk_opening_request_participation_id_participation')),
        sa.PrimaryKeyConstraint('participation_id', name=op.f('pk_opening_request')),
    )
    with op.batch_alter_table('opening') as batch:
        batch.add_column(sa.Column('joint', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('opening') as batch:
        batch.alter_column('joint', existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
    with op.batch_alter_table('response', table_kwargs=NO_ROWID) as batch:
        batch.add_column(sa.Column('wave_code', sa.String(length=32), nullable=True))
        batch.alter_column('participation_id', existing_type=sa.Uuid(), nullable=True)
        batch.create_foreign_key(batch.f('fk_response_wave_code_wave'), 'wave', ['wave_code'], ['code'])
        batch.create_index(batch.f('ix_response_wave_code'), ['wave_code'], unique=False)
        batch.create_check_constraint(batch.f('ck_response_place'), '(participation_id IS NULL) <> (wave_code IS NULL)')


def downgrade() -> None:
    # Before this there was no place for answers of no region.
    op.execute('DELETE FROM response WHERE participation_id IS NULL')
    with op.batch_alter_table('response', table_kwargs=NO_ROWID) as batch:
        batch.drop_constraint(batch.f('ck_response_place'), type_='check')
        batch.drop_index(batch.f('ix_response_wave_code'))
        batch.drop_constraint(batch.f('fk_response_wave_code_wave'), type_='foreignkey')
        batch.drop_column('wave_code')
        batch.alter_column('participation_id', existing_type=sa.Uuid(), nullable=False)
    with op.batch_alter_table('opening') as batch:
        batch.drop_column('joint')
    op.drop_table('opening_request')
