"""group links: links for many people, resume codes, consent for young people, estimated counts."""

import sqlalchemy as sa
from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('group_link',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('participation_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(length=32), nullable=False),
    sa.Column('page_hash', sa.LargeBinary(length=32), nullable=False),
    sa.Column('stopped', sa.Boolean(), nullable=False),
    sa.Column('told', sa.Integer(), nullable=False),
    sa.Column('told_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['participation_id'], ['participation.id'], name=op.f('fk_group_link_participation_id_participation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_group_link')),
    sa.UniqueConstraint('page_hash', name=op.f('uq_group_link_page_hash')),
    sa.UniqueConstraint('participation_id', 'name', name=op.f('uq_group_link_participation_id_name')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_group_link_token_hash'))
    )
    op.create_table('group_people',
    sa.Column('group_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.String(length=32), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.CheckConstraint('people > 0', name=op.f('ck_group_people_people')),
    sa.ForeignKeyConstraint(['group_id'], ['group_link.id'], name=op.f('fk_group_people_group_id_group_link')),
    sa.PrimaryKeyConstraint('group_id', 'role', name=op.f('pk_group_people'))
    )
    op.create_table('resume_code',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('participation_id', sa.Uuid(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['participation_id'], ['participation.id'], name=op.f('fk_resume_code_participation_id_participation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_resume_code'))
    )
    with op.batch_alter_table('resume_code', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_resume_code_participation_id'), ['participation_id'], unique=False)
    op.create_table('youth_consent',
    sa.Column('participation_id', sa.Uuid(), nullable=False),
    sa.Column('how', sa.String(length=16), nullable=False),
    sa.Column('age_from', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('recorded_by', sa.String(length=200), nullable=False),
    sa.Column('recorded_on', sa.Date(), nullable=False),
    sa.CheckConstraint("how IN ('informed', 'permission')", name=op.f('ck_youth_consent_how')),
    sa.ForeignKeyConstraint(['participation_id'], ['participation.id'], name=op.f('fk_youth_consent_participation_id_participation')),
    sa.PrimaryKeyConstraint('participation_id', name=op.f('pk_youth_consent'))
    )
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('group_id', sa.Uuid(), nullable=True))
        batch_op.alter_column('invitee_id', existing_type=sa.Uuid(), nullable=True)
        batch_op.alter_column('optout_hash', existing_type=sa.LargeBinary(length=32), nullable=True)
        batch_op.create_foreign_key(batch_op.f('fk_invitation_group_id_group_link'), 'group_link', ['group_id'], ['id'])
        batch_op.create_check_constraint(batch_op.f('ck_invitation_asked_by'), '(invitee_id IS NULL) <> (group_id IS NULL)')
        batch_op.create_index(batch_op.f('ix_invitation_group_id'), ['group_id'], unique=False)
    for table in ('daily_count', 'final_count'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column('estimated', sa.Boolean(), nullable=False, server_default=sa.false()))
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column('estimated', existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    for table in ('daily_count', 'final_count'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column('estimated')
    # Without group links nobody can answer by one; what was sent stays in the ballot box.
    op.execute('DELETE FROM invitation WHERE group_id IS NOT NULL')
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_invitation_group_id'))
        batch_op.drop_constraint(batch_op.f('ck_invitation_asked_by'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_invitation_group_id_group_link'), type_='foreignkey')
        batch_op.drop_column('group_id')
        batch_op.alter_column('invitee_id', existing_type=sa.Uuid(), nullable=False)
        batch_op.alter_column('optout_hash', existing_type=sa.LargeBinary(length=32), nullable=False)
    op.drop_table('youth_consent')
    with op.batch_alter_table('resume_code', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_resume_code_participation_id'))

    op.drop_table('resume_code')
    op.drop_table('group_people')
    op.drop_table('group_link')
