"""region rules: numbers a region wants stricter than the core's."""

import sqlalchemy as sa
from alembic import op


revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('region_rule',
    sa.Column('region_code', sa.String(length=32), nullable=False),
    sa.Column('k', sa.Integer(), nullable=False),
    sa.Column('threshold', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_region_rule_region_code_region')),
    sa.PrimaryKeyConstraint('region_code', name=op.f('pk_region_rule'))
    )


def downgrade() -> None:
    op.drop_table('region_rule')
