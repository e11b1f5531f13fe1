"""people of group links made later wait for each other as those on the list do; counts that leave nobody out."""

import sqlalchemy as sa
from alembic import op


revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Everybody known now is in the counts already.
    add('group_people', sa.Column('counted', sa.Boolean(), nullable=False, server_default=sa.true()))
    # Of earlier counts nobody knows any more whether somebody was left out.
    add('daily_count', sa.Column('whole', sa.Boolean(), nullable=False, server_default=sa.false()))


def add(table: str, column: sa.Column) -> None:
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.add_column(column)
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.alter_column(column.name, existing_type=column.type, existing_nullable=False, server_default=None)


def downgrade() -> None:
    for table, name in (('daily_count', 'whole'), ('group_people', 'counted')):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(name)
