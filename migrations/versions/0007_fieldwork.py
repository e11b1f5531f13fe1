"""fieldwork: shared addresses, opt-outs, suppliers, links renewed, sending that is approved, dispositions."""

import sqlalchemy as sa
from alembic import op


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def new_columns() -> dict[str, list[sa.Column]]:
    return {
        'region': [sa.Column('school_area', sa.String(length=16), nullable=False, server_default='')],
        'participation': [
            sa.Column('sender', sa.String(length=16), nullable=False, server_default='installation'),
            # Who planned before there was a check of the sender may go on.
            sa.Column('sending', sa.String(length=16), nullable=False, server_default='overruled'),
            sa.Column('sending_reason', sa.Text(), nullable=False, server_default='planned before there was a check'),
            sa.Column('sending_by', sa.String(length=200), nullable=False, server_default=''),
            sa.Column('paused', sa.Boolean(), nullable=False, server_default=sa.false()),
        ],
        'invitation': [
            sa.Column('relink', sa.Boolean(), nullable=False, server_default=sa.false()),
            # Everybody known now is in the counts already.
            sa.Column('counted', sa.Boolean(), nullable=False, server_default=sa.true()),
        ],
        'message': [sa.Column('number', sa.Integer(), nullable=False, server_default='0')],
    }


def empty_columns() -> dict[str, list[sa.Column]]:
    return {
        'participation': [
            sa.Column('sending_on', sa.Date(), nullable=True),
            sa.Column('goal', sa.Integer(), nullable=True),
        ],
        'capture_class': [sa.Column('invited', sa.Integer(), nullable=True)],
        'invitee': [
            sa.Column('sector', sa.String(length=16), nullable=True),
            sa.Column('withdrawn', sa.String(length=16), nullable=True),
            sa.Column('person_hash', sa.LargeBinary(length=32), nullable=True),
        ],
        'invitation': [sa.Column('bounce_hash', sa.LargeBinary(length=32), nullable=True)],
        'message': [sa.Column('contact', sa.LargeBinary(), nullable=True)],
        'youth_consent': [sa.Column('age_to', sa.Integer(), nullable=True)],
    }


CHECKS = {
    'participation': {
        'sender': "sender IN ('installation', 'region')",
        'sending': "sending IN ('off', 'confirmed', 'overruled')",
        'goal': 'goal BETWEEN 1 AND 100',
    },
    'invitee': {'withdrawn': "withdrawn IN ('ineligible', 'removed')"},
    'invitation': {'asked_by': 'invitee_id IS NULL OR group_id IS NULL'},
    'message': {
        'kind': "kind IN ('invitation', 'first_reminder', 'second_reminder', 'link_again', 'moved')",
        'state': "state IN ('due', 'claimed', 'sent', 'failed', 'uncertain', 'undelivered')",
    },
}
CHECKS_BEFORE = {
    'invitation': {'asked_by': '(invitee_id IS NULL) <> (group_id IS NULL)'},
    'message': {
        'kind': "kind IN ('invitation', 'first_reminder', 'second_reminder')",
        'state': "state IN ('due', 'claimed', 'sent', 'failed', 'uncertain')",
    },
}


def upgrade() -> None:
    for table, columns in [*new_columns().items(), *empty_columns().items()]:
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.add_column(column)
    for table, columns in new_columns().items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.alter_column(column.name, existing_type=column.type, existing_nullable=False, server_default=None)
    # The hash of a person takes in role and organisation, which only the key of the addresses can read; until
    # somebody corrects the row, that of the address stands in: it never equals one of a person.
    op.execute('UPDATE invitee SET person_hash = address_hash')
    with op.batch_alter_table('invitee', schema=None) as batch_op:
        batch_op.alter_column('person_hash', existing_type=sa.LargeBinary(length=32), nullable=False)
        batch_op.drop_constraint(batch_op.f('uq_invitee_participation_id_address_hash'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_invitee_participation_id_person_hash'), ['participation_id', 'person_hash'])
        batch_op.create_index('ix_invitee_participation_id_address_hash', ['participation_id', 'address_hash'], unique=False)
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.create_unique_constraint(batch_op.f('uq_invitation_bounce_hash'), ['bounce_hash'])
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_message_invitation_id_kind'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_message_invitation_id_kind_number'), ['invitation_id', 'kind', 'number'])
    change_checks(CHECKS_BEFORE, CHECKS)
    op.create_table('opt_out',
    sa.Column('region_code', sa.String(length=32), nullable=False),
    sa.Column('address_hash', sa.LargeBinary(length=32), nullable=False),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_opt_out_region_code_region')),
    sa.PrimaryKeyConstraint('region_code', 'address_hash', name=op.f('pk_opt_out'))
    )
    op.create_table('supplier',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('participation_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(length=32), nullable=False),
    sa.Column('used', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['participation_id'], ['participation.id'], name=op.f('fk_supplier_participation_id_participation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supplier')),
    sa.UniqueConstraint('participation_id', 'name', name=op.f('uq_supplier_participation_id_name')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_supplier_token_hash'))
    )
    op.create_table('frame_upload',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('participation_id', sa.Uuid(), nullable=False),
    sa.Column('supplier_id', sa.Uuid(), nullable=True),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('made_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['participation_id'], ['participation.id'], name=op.f('fk_frame_upload_participation_id_participation')),
    sa.ForeignKeyConstraint(['supplier_id'], ['supplier.id'], name=op.f('fk_frame_upload_supplier_id_supplier')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_frame_upload'))
    )
    op.create_index(op.f('ix_frame_upload_participation_id'), 'frame_upload', ['participation_id'], unique=False)
    op.create_table('audit_line',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('participation_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['participation_id'], ['participation.id'], name=op.f('fk_audit_line_participation_id_participation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_line'))
    )
    op.create_index('ix_audit_line_participation_id_at', 'audit_line', ['participation_id', 'at'], unique=False)
    op.create_table('proof_mail',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('participation_id', sa.Uuid(), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(length=32), nullable=False),
    sa.Column('contact', sa.LargeBinary(), nullable=True),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('trouble', sa.Text(), nullable=False),
    sa.Column('made_on', sa.Date(), nullable=False),
    sa.CheckConstraint("state IN ('due', 'sent', 'failed', 'confirmed')", name=op.f('ck_proof_mail_state')),
    sa.ForeignKeyConstraint(['participation_id'], ['participation.id'], name=op.f('fk_proof_mail_participation_id_participation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proof_mail')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_proof_mail_token_hash'))
    )
    op.create_index(op.f('ix_proof_mail_participation_id'), 'proof_mail', ['participation_id'], unique=False)
    op.create_table('mail_pace',
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('minute', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_mail_pace'))
    )
    op.create_table('final_disposition',
    sa.Column('participation_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.String(length=32), nullable=False),
    sa.Column('sector', sa.String(length=16), nullable=False),
    sa.Column('disposition', sa.String(length=32), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['participation_id'], ['participation.id'], name=op.f('fk_final_disposition_participation_id_participation')),
    sa.PrimaryKeyConstraint('participation_id', 'role', 'sector', 'disposition', name=op.f('pk_final_disposition'))
    )


def change_checks(before: dict[str, dict[str, str]], after: dict[str, dict[str, str]]) -> None:
    for table in sorted({*before, *after}):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in before.get(table, {}):
                batch_op.drop_constraint(batch_op.f(f'ck_{table}_{name}'), type_='check')
            for name, check in after.get(table, {}).items():
                batch_op.create_check_constraint(batch_op.f(f'ck_{table}_{name}'), check)


def downgrade() -> None:
    for table in ('final_disposition', 'mail_pace', 'proof_mail', 'audit_line', 'frame_upload', 'supplier', 'opt_out'):
        op.drop_table(table)
    # Before this there were no such mails, and no links of nobody; what was sent stays in the ballot box.
    op.execute("DELETE FROM message WHERE kind IN ('link_again', 'moved')")
    op.execute("UPDATE message SET state = 'failed' WHERE state = 'undelivered'")
    op.execute('DELETE FROM invitation WHERE invitee_id IS NULL AND group_id IS NULL')
    # Of people who share an address one can be kept.
    op.execute(f'DELETE FROM message WHERE invitation_id IN (SELECT id FROM invitation WHERE invitee_id IN ({SHARING}))')
    op.execute(f'DELETE FROM invitation WHERE invitee_id IN ({SHARING})')
    op.execute(f'DELETE FROM invitee WHERE id IN ({SHARING})')
    change_checks(CHECKS, CHECKS_BEFORE)
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_message_invitation_id_kind_number'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_message_invitation_id_kind'), ['invitation_id', 'kind'])
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_invitation_bounce_hash'), type_='unique')
    with op.batch_alter_table('invitee', schema=None) as batch_op:
        batch_op.drop_index('ix_invitee_participation_id_address_hash')
        batch_op.drop_constraint(batch_op.f('uq_invitee_participation_id_person_hash'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_invitee_participation_id_address_hash'), ['participation_id', 'address_hash'])
    for table, columns in [*new_columns().items(), *empty_columns().items()]:
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.drop_column(column.name)


SHARING = """
    SELECT id FROM invitee AS other WHERE EXISTS (
        SELECT 1 FROM invitee WHERE invitee.participation_id = other.participation_id
        AND invitee.address_hash = other.address_hash AND invitee.id < other.id
    )
"""
