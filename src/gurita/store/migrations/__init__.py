"""Alembic's revisions: only what changes a table that exists. New tables come from the metadata by themselves."""
