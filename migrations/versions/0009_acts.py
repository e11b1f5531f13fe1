"""acts: what was done to a participation as a code with values, for each page to say in its own language."""

import json

import sqlalchemy as sa
from alembic import op


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

LINES = sa.table(
    'audit_line', sa.column('id', sa.Uuid()), sa.column('code'), sa.column('document'), sa.column('text')
)


def upgrade() -> None:
    with op.batch_alter_table('audit_line', schema=None) as batch_op:
        batch_op.add_column(sa.Column('code', sa.String(length=32), nullable=False, server_default='told'))
        batch_op.add_column(sa.Column('document', sa.Text(), nullable=False, server_default=''))
    # What was kept in words stays as it was told.
    connection = op.get_bind()
    for row in connection.execute(sa.select(LINES.c.id, LINES.c.text)).all():
        document = json.dumps({'format': 1, 'values': {'words': row.text}}, ensure_ascii=False)
        connection.execute(sa.update(LINES).where(LINES.c.id == row.id).values(document=document))
    with op.batch_alter_table('audit_line', schema=None) as batch_op:
        batch_op.alter_column('code', existing_type=sa.String(length=32), existing_nullable=False, server_default=None)
        batch_op.alter_column('document', existing_type=sa.Text(), existing_nullable=False, server_default=None)
        batch_op.drop_column('text')


def downgrade() -> None:
    with op.batch_alter_table('audit_line', schema=None) as batch_op:
        batch_op.add_column(sa.Column('text', sa.Text(), nullable=False, server_default=''))
    connection = op.get_bind()
    for row in connection.execute(sa.select(LINES.c.id, LINES.c.code, LINES.c.document)).all():
        values = json.loads(row.document)['values']
        told = str(values.get('words', '')) if row.code == 'told' else f'{row.code} {values or ""}'.strip()
        connection.execute(sa.update(LINES).where(LINES.c.id == row.id).values(text=told))
    with op.batch_alter_table('audit_line', schema=None) as batch_op:
        batch_op.alter_column('text', existing_type=sa.Text(), existing_nullable=False, server_default=None)
        batch_op.drop_column('document')
        batch_op.drop_column('code')
