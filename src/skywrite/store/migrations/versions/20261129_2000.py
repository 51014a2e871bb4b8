"""Contacts: what was applied of the events that reach several AutopilotHQ destinations."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_2000"
down_revision = "20261129_1510"


def upgrade() -> None:
    """Make it."""
    op.create_table(
        "applied_records",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_applied_records")),
    )
