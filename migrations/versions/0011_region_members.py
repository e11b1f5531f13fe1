"""the municipalities and school partnerships of a region."""

import sqlalchemy as sa
from alembic import op


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'region_member',
        sa.Column('region_code', sa.String(length=32), nullable=False),
        sa.Column('kind', sa.String(length=16), nullable=False),
        sa.Column('name', sa.String(length=200), nullable=False),
        sa.CheckConstraint("kind IN ('municipality', 'swv')", name=op.f('ck_region_member_kind')),
        sa.ForeignKeyConstraint(
            ['region_code'], ['region.code'], name=op.f('fk_region_member_region_code_region')
        ),
        sa.PrimaryKeyConstraint('region_code', 'kind', 'name', name=op.f('pk_region_member')),
    )


def downgrade() -> None:
    op.drop_table('region_member')
