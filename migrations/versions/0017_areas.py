"""areas: municipality and swv in the capture class."""

import sqlalchemy as sa
from alembic import op


revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('participation') as batch:
        batch.add_column(sa.Column('by_area', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('participation') as batch:
        batch.alter_column('by_area', server_default=None)
    with op.batch_alter_table('invitation') as batch:
        batch.add_column(sa.Column('area', sa.String(length=160), nullable=False, server_default=''))
    with op.batch_alter_table('invitation') as batch:
        batch.alter_column('area', server_default=None)
    with op.batch_alter_table('capture_class') as batch:
        batch.add_column(sa.Column('area', sa.String(length=160), nullable=False, server_default=''))
    with op.batch_alter_table('capture_class') as batch:
        batch.alter_column('area', server_default=None)
        batch.drop_constraint(op.f('pk_capture_class'), type_='primary')
        batch.create_primary_key(op.f('pk_capture_class'), ['participation_id', 'role', 'area'])
    op.create_table(
        'frozen_place',
        sa.Column('participation_id', sa.Uuid(), nullable=False),
        sa.Column('municipality', sa.String(length=200), nullable=False),
        sa.Column('swv', sa.String(length=200), nullable=False),
        sa.Column('area', sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ['participation_id'], ['participation.id'], name=op.f('fk_frozen_place_participation_id_participation')
        ),
        sa.PrimaryKeyConstraint('participation_id', 'municipality', 'swv', name=op.f('pk_frozen_place')),
    )
    op.create_table(
        'final_class_count',
        sa.Column('participation_id', sa.Uuid(), nullable=False),
        sa.Column('class_code', sa.String(length=200), nullable=False),
        sa.Column('invited', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ['participation_id'],
            ['participation.id'],
            name=op.f('fk_final_class_count_participation_id_participation'),
        ),
        sa.PrimaryKeyConstraint('participation_id', 'class_code', name=op.f('pk_final_class_count')),
    )


def downgrade() -> None:
    op.drop_table('final_class_count')
    op.drop_table('frozen_place')
    op.execute("DELETE FROM capture_class WHERE area <> ''")
    with op.batch_alter_table('capture_class') as batch:
        batch.drop_constraint(op.f('pk_capture_class'), type_='primary')
        batch.create_primary_key(op.f('pk_capture_class'), ['participation_id', 'role'])
        batch.drop_column('area')
    with op.batch_alter_table('invitation') as batch:
        batch.drop_column('area')
    with op.batch_alter_table('participation') as batch:
        batch.drop_column('by_area')
