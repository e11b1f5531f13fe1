"""releases of what belongs to no participation: small boxes together, and imported waves."""

import sqlalchemy as sa
from alembic import op


revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('release') as batch:
        batch.add_column(sa.Column('wave', sa.String(length=64), nullable=True))
        batch.add_column(sa.Column('region', sa.String(length=64), nullable=True))
    for name in ('wave', 'region'):
        op.execute(
            f'UPDATE release SET {name} = '  # noqa: S608
            f'(SELECT {name}_code FROM participation WHERE participation.id = release.participation_id)'
        )
    with op.batch_alter_table('release') as batch:
        batch.alter_column('wave', existing_type=sa.String(length=64), nullable=False)
        batch.alter_column('region', existing_type=sa.String(length=64), nullable=False)
        batch.alter_column('participation_id', existing_type=sa.Uuid(), nullable=True)


def downgrade() -> None:
    # Before this there was no place for what belongs to no participation.
    op.execute('DELETE FROM release WHERE participation_id IS NULL')
    with op.batch_alter_table('release') as batch:
        batch.alter_column('participation_id', existing_type=sa.Uuid(), nullable=False)
        batch.drop_column('region')
        batch.drop_column('wave')
