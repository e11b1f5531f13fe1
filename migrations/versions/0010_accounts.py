"""accounts: people with rights, and audit lines about the installation itself."""

import sqlalchemy as sa
from alembic import op


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('account',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('rights', sa.String(length=200), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(length=32), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('name', name=op.f('uq_account_name')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_account_token_hash'))
    )
    with op.batch_alter_table('audit_line', schema=None) as batch_op:
        batch_op.alter_column('participation_id', existing_type=sa.Uuid(), nullable=True)


def downgrade() -> None:
    op.execute('DELETE FROM audit_line WHERE participation_id IS NULL')
    with op.batch_alter_table('audit_line', schema=None) as batch_op:
        batch_op.alter_column('participation_id', existing_type=sa.Uuid(), nullable=False)
    op.drop_table('account')
