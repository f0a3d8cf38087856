"""Run by Alembic: applies revisions on the connection `gurita.store.migrate` holds, inside its transaction."""

from __future__ import annotations

from alembic import context

from gurita.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
context.run_migrations()
