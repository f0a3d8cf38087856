"""A connection outside the store's threads: for what must not wait behind other work, such as a heartbeat."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from gurita.store.backend import Backend
from gurita.store.session import Session
from gurita.store.tx import Tx

__all__ = ["Aside"]

T = TypeVar("T")


class Aside:
    """Runs units one by one on a connection of its own, from one thread. Notifications in them are not sent."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._session: Session | None = None

    def write(self, unit: Callable[[Tx], T]) -> T:
        """Runs a unit and commits it. A broken connection is made anew by the next call."""
        session = self._session = self._session or self._backend.open("aside")
        try:
            session.begin(write=True)
            tx = Tx(session)
            answer = unit(tx)
            tx.finish()
            session.commit()
        except BaseException:
            session.rollback()
            session.close()
            self._session = None
            raise
        return answer

    def close(self) -> None:
        """Closes the connection."""
        if self._session is not None:
            self._session.close()
            self._session = None
