"""The content hash of each event. Events of the version before have none until they are sealed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    found = sa.inspect(op.get_bind())
    if not found.has_table("event"):
        return  # made whole, with the other tables that are not there
    if "hash" not in {column["name"] for column in found.get_columns("event")}:
        op.add_column("event", sa.Column("hash", sa.Text()))
