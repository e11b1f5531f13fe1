"""former addresses: the way out in a mail ends mail to the address it went to."""

import sqlalchemy as sa
from alembic import op


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('former_address',
    sa.Column('optout_hash', sa.LargeBinary(length=32), nullable=False),
    sa.Column('participation_id', sa.Uuid(), nullable=False),
    sa.Column('invitation_id', sa.Uuid(), nullable=False),
    sa.Column('address_hash', sa.LargeBinary(length=32), nullable=True),
    sa.ForeignKeyConstraint(['participation_id'], ['participation.id'], name=op.f('fk_former_address_participation_id_participation')),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitation.id'], name=op.f('fk_former_address_invitation_id_invitation')),
    sa.PrimaryKeyConstraint('optout_hash', name=op.f('pk_former_address'))
    )
    op.create_index(op.f('ix_former_address_participation_id'), 'former_address', ['participation_id'], unique=False)
    op.create_index(op.f('ix_former_address_invitation_id'), 'former_address', ['invitation_id'], unique=False)
    # Whose address changed before has a way out of the first address; it stays one, of which nothing is kept,
    # and the worker makes one for the address there is now.
    op.execute(
        'INSERT INTO former_address (optout_hash, participation_id, invitation_id)'
        ' SELECT optout_hash, participation_id, id FROM invitation WHERE generation > 0 AND optout_hash IS NOT NULL'
    )
    op.execute('UPDATE invitation SET optout_hash = NULL, bounce_hash = NULL WHERE generation > 0')


def downgrade() -> None:
    op.drop_table('former_address')
