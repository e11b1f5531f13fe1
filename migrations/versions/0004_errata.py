"""errata: texts mended after the start."""

import sqlalchemy as sa
from alembic import op


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('erratum',
    sa.Column('participation_id', sa.Uuid(), nullable=False),
    sa.Column('instrument_digest', sa.String(length=64), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('language', sa.String(length=16), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('before', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('made_by', sa.String(length=200), nullable=False),
    sa.Column('made_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['instrument_digest'], ['instrument.digest'], name=op.f('fk_erratum_instrument_digest_instrument')),
    sa.ForeignKeyConstraint(['participation_id'], ['participation.id'], name=op.f('fk_erratum_participation_id_participation')),
    sa.PrimaryKeyConstraint('participation_id', 'instrument_digest', 'number', name=op.f('pk_erratum'))
    )


def downgrade() -> None:
    op.drop_table('erratum')
