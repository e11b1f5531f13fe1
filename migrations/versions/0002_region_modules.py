"""region modules."""

import sqlalchemy as sa
from alembic import op


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('region_module',
    sa.Column('region_code', sa.String(length=32), nullable=False),
    sa.Column('module', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_region_module_region_code_region')),
    sa.PrimaryKeyConstraint('region_code', 'module', name=op.f('pk_region_module'))
    )


def downgrade() -> None:
    op.drop_table('region_module')
