"""open_answers: what was answered in own words, apart from the responses."""

import sqlalchemy as sa
from alembic import op


revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None

PLACE = '(participation_id IS NULL) <> (wave_code IS NULL)'


def upgrade() -> None:
    op.create_table('open_answer',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('participation_id', sa.Uuid(), nullable=True),
    sa.Column('wave_code', sa.String(length=32), nullable=True),
    sa.Column('item', sa.String(length=64), nullable=False),
    sa.Column('level', sa.String(length=200), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('marks', sa.Text(), nullable=False),
    sa.Column('proposal', sa.String(length=8), nullable=False),
    sa.Column('proposed_text', sa.Text(), nullable=False),
    sa.Column('proposed_by', sa.String(length=200), nullable=False),
    sa.Column('outcome', sa.String(length=8), nullable=False),
    sa.CheckConstraint(PLACE, name=op.f('ck_open_answer_place')),
    sa.CheckConstraint("proposal IN ('', 'release', 'redact', 'drop')", name=op.f('ck_open_answer_proposal')),
    sa.CheckConstraint("outcome IN ('', 'release', 'redact')", name=op.f('ck_open_answer_outcome')),
    sa.ForeignKeyConstraint(['participation_id'], ['participation.id'], name=op.f('fk_open_answer_participation_id_participation')),
    sa.ForeignKeyConstraint(['wave_code'], ['wave.code'], name=op.f('fk_open_answer_wave_code_wave')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_open_answer')),
    sqlite_with_rowid=False
    )
    op.create_index('ix_open_answer_participation_id_item', 'open_answer', ['participation_id', 'item'], unique=False)
    op.create_index(op.f('ix_open_answer_wave_code'), 'open_answer', ['wave_code'], unique=False)
    op.create_table('open_item',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('participation_id', sa.Uuid(), nullable=True),
    sa.Column('wave_code', sa.String(length=32), nullable=True),
    sa.Column('item', sa.String(length=64), nullable=False),
    sa.Column('kept', sa.Integer(), nullable=False),
    sa.Column('unkept', sa.Integer(), nullable=False),
    sa.Column('names_sought', sa.Boolean(), nullable=False),
    sa.CheckConstraint(PLACE, name=op.f('ck_open_item_place')),
    sa.ForeignKeyConstraint(['participation_id'], ['participation.id'], name=op.f('fk_open_item_participation_id_participation')),
    sa.ForeignKeyConstraint(['wave_code'], ['wave.code'], name=op.f('fk_open_item_wave_code_wave')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_open_item'))
    )
    op.create_index(op.f('ix_open_item_participation_id'), 'open_item', ['participation_id'], unique=False)
    op.create_index(op.f('ix_open_item_wave_code'), 'open_item', ['wave_code'], unique=False)


def downgrade() -> None:
    op.drop_table('open_item')
    op.drop_table('open_answer')
