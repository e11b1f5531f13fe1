"""overlays of regions that are made in pages."""

import sqlalchemy as sa
from alembic import op


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('region_overlay',
    sa.Column('region_code', sa.String(length=32), nullable=False),
    sa.Column('questionnaire', sa.String(length=64), nullable=False),
    sa.Column('edition', sa.String(length=32), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_region_overlay_region_code_region')),
    sa.PrimaryKeyConstraint('region_code', 'questionnaire', 'edition', name=op.f('pk_region_overlay'))
    )


def downgrade() -> None:
    op.drop_table('region_overlay')
