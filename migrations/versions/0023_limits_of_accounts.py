"""the regions and profiles that the rights of an account hold for; none is all, as it was."""

import sqlalchemy as sa
from alembic import op


revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, length in (('regions', 2000), ('profiles', 200)):
        with op.batch_alter_table('account') as batch:
            batch.add_column(sa.Column(name, sa.String(length=length), nullable=False, server_default=''))
        with op.batch_alter_table('account') as batch:
            batch.alter_column(name, existing_type=sa.String(length=length), server_default=None)


def downgrade() -> None:
    # Who was limited would have every region: their code ends, as the rights they had are no longer known.
    op.execute("DELETE FROM account WHERE regions <> '' OR profiles <> ''")
    with op.batch_alter_table('account') as batch:
        batch.drop_column('profiles')
        batch.drop_column('regions')
