"""custodians: a second seal on the ballot box."""

import sqlalchemy as sa
from alembic import op


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('participation') as batch:
        batch.add_column(sa.Column('sealing', sa.String(length=16), nullable=False, server_default='server'))
        batch.add_column(sa.Column('custodian_public_key', sa.LargeBinary(), nullable=True))
        batch.create_check_constraint(batch.f('ck_participation_sealing'), "sealing IN ('server', 'custodians')")
    with op.batch_alter_table('participation') as batch:
        batch.alter_column('sealing', existing_type=sa.String(length=16), existing_nullable=False, server_default=None)
    op.create_table(
        'custodian',
        sa.Column('participation_id', sa.Uuid(), nullable=False),
        sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('name', sa.String(length=200), nullable=False),
        sa.Column('salt', sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(['participation_id'], ['participation.id'], name=op.f('fk_custodian_participation_id_participation')),
        sa.PrimaryKeyConstraint('participation_id', 'number', name=op.f('pk_custodian')),
    )
    op.create_table(
        'custodian_copy',
        sa.Column('participation_id', sa.Uuid(), nullable=False),
        sa.Column('first', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('second', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('sealed', sa.LargeBinary(), nullable=False),
        sa.Column('tested', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(['participation_id'], ['participation.id'], name=op.f('fk_custodian_copy_participation_id_participation')),
        sa.PrimaryKeyConstraint('participation_id', 'first', 'second', name=op.f('pk_custodian_copy')),
    )


def downgrade() -> None:
    op.drop_table('custodian_copy')
    op.drop_table('custodian')
    with op.batch_alter_table('participation') as batch:
        batch.drop_constraint(batch.f('ck_participation_sealing'), type_='check')
        batch.drop_column('custodian_public_key')
        batch.drop_column('sealing')
