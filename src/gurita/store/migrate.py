"""Brings a database to the schema of this code, safely while other nodes start or run."""

from __future__ import annotations

from gurita.store.backend import Backend
from gurita.store.tables import metadata

__all__ = ["prepare"]


def prepare(backend: Backend) -> None:
    """Creates what is missing."""
    with backend.engine.connect() as connection:
        metadata.create_all(connection)
