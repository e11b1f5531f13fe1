"""a participation that was planned and never started lapses: its list and keys are destroyed."""

from alembic import op


revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

BEFORE = "status IN ('planned', 'running', 'closed', 'opened')"
AFTER = "status IN ('planned', 'running', 'closed', 'opened', 'lapsed')"


def upgrade() -> None:
    change_check(AFTER)


def downgrade() -> None:
    # What is left of one holds nobody, and can be planned again only in another wave.
    op.execute("UPDATE participation SET status = 'planned' WHERE status = 'lapsed'")
    change_check(BEFORE)


def change_check(check: str) -> None:
    with op.batch_alter_table('participation', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_participation_status'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_participation_status'), check)
