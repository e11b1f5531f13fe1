"""messages are known by invitation, kind and number; neither an id nor a key to the participation"""

import sqlalchemy as sa
from alembic import op


revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_message_participation_id_participation'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_message_invitation_id_kind_number'), type_='unique')
        batch_op.drop_constraint(batch_op.f('pk_message'), type_='primary')
        batch_op.drop_column('id')
        batch_op.create_primary_key(batch_op.f('pk_message'), ['invitation_id', 'kind', 'number'])


def downgrade() -> None:
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.add_column(sa.Column('id', sa.Uuid(), nullable=True))
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    op.execute(f"UPDATE message SET id = {'lower(hex(randomblob(16)))' if is_sqlite else 'gen_random_uuid()'}")
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('pk_message'), type_='primary')
        batch_op.alter_column('id', existing_type=sa.Uuid(), nullable=False)
        batch_op.create_primary_key(batch_op.f('pk_message'), ['id'])
        batch_op.create_unique_constraint(batch_op.f('uq_message_invitation_id_kind_number'), ['invitation_id', 'kind', 'number'])
        batch_op.create_foreign_key(batch_op.f('fk_message_participation_id_participation'), 'participation', ['participation_id'], ['id'])
