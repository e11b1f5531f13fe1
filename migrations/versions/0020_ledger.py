"""ledger: which groups each release told of."""

import sqlalchemy as sa
from alembic import op


revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('ledger_entry',
    sa.Column('participation_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('document', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['participation_id'], ['participation.id'], name=op.f('fk_ledger_entry_participation_id_participation')),
    sa.PrimaryKeyConstraint('participation_id', 'number', name=op.f('pk_ledger_entry'))
    )


def downgrade() -> None:
    op.drop_table('ledger_entry')
