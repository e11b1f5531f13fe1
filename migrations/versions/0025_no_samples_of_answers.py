"""no samples of answers and sealed addresses among PostgreSQL's statistics, where they outlive deleted rows."""

from alembic import op


revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None

COLUMNS = (
    ('draft', 'ciphertext', 'bytea'),
    ('ballot', 'ciphertext', 'bytea'),
    ('response', 'content', 'text'),
    ('open_answer', 'text', 'text'),
    ('open_answer', 'proposed_text', 'text'),
    ('invitee', 'contact', 'bytea'),
    ('message', 'contact', 'bytea'),
    ('frame_upload', 'sealed', 'bytea'),
    ('resume_code', 'sealed', 'bytea'),
    ('proof_mail', 'contact', 'bytea'),
)


def upgrade() -> None:
    if op.get_bind().dialect.name != 'postgresql':
        return
    for table, column, kind in COLUMNS:
        # The type stays as it is; naming it again throws away the samples that were kept so far.
        op.execute(f'ALTER TABLE {table} ALTER COLUMN {column} TYPE {kind}')
        op.execute(f'ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0')


def downgrade() -> None:
    if op.get_bind().dialect.name != 'postgresql':
        return
    for table, column, _ in COLUMNS:
        op.execute(f'ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS -1')
