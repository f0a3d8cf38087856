"""One unit's view of a transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast, overload

from gurita.store.prepared import Answer, Prepared

if TYPE_CHECKING:
    from sqlalchemy import CursorResult, Executable, RowMapping

    from gurita.store.session import Session

__all__ = ["Params", "Tx"]

Params = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None


class Tx:
    """Statements of one unit. Valid only while the unit runs; nothing of it may be kept.

    After a statement failed, the only thing left to do is to raise: PostgreSQL takes no further statement.
    What may fail and be survived goes into `with tx.nested():`.
    """

    __slots__ = ("_calls", "_connection", "_notes", "_open", "_session", "dialect")

    def __init__(self, session: Session) -> None:
        self.dialect = session.dialect
        self._session = session
        self._connection = session.connection
        self._calls: list[Callable[[], None]] = []
        self._notes: list[tuple[str, str]] = []
        self._open: list[CursorResult[Any]] = []

    @overload
    def run(self, statement: Prepared, params: Params = None) -> Answer: ...
    @overload
    def run(self, statement: Executable, params: Params = None) -> CursorResult[Any]: ...
    def run(self, statement: Executable | Prepared, params: Params = None) -> CursorResult[Any] | Answer:
        """Executes a statement (many times for a list of params); the result lives as long as the unit."""
        if isinstance(statement, Prepared):
            return self._prepared(statement, params)
        result: CursorResult[Any] = self._connection.execute(statement, params)
        if result.returns_rows:
            self._open.append(result)
        return result

    @overload
    def one(self, statement: Prepared, params: Params = None) -> Mapping[str, Any] | None: ...
    @overload
    def one(self, statement: Executable, params: Params = None) -> RowMapping | None: ...
    def one(
        self, statement: Executable | Prepared, params: Params = None
    ) -> RowMapping | Mapping[str, Any] | None:
        """The first row, or None."""
        if isinstance(statement, Prepared):
            return self._prepared(statement, params).first()
        return self._connection.execute(statement, params).mappings().first()

    @overload
    def all(self, statement: Prepared, params: Params = None) -> Sequence[Mapping[str, Any]]: ...
    @overload
    def all(self, statement: Executable, params: Params = None) -> Sequence[RowMapping]: ...
    def all(
        self, statement: Executable | Prepared, params: Params = None
    ) -> Sequence[RowMapping] | Sequence[Mapping[str, Any]]:
        """All rows."""
        if isinstance(statement, Prepared):
            return self._prepared(statement, params).mappings()
        return self._connection.execute(statement, params).mappings().all()

    def scalar(self, statement: Executable | Prepared, params: Params = None) -> Any:
        """The first column of the first row, or None."""
        if isinstance(statement, Prepared):
            return self._prepared(statement, params).scalar()
        return self._connection.execute(statement, params).scalar()

    def _prepared(self, statement: Prepared, params: Params) -> Answer:
        form = statement.form(self.dialect)
        if isinstance(params, (list, tuple)):
            changed = sum(self._session.prepared(form, form.values(each)).rowcount for each in params)
            return Answer((), [], changed)
        return self._session.prepared(form, form.values(cast("Mapping[str, Any]", params or {})))

    def notify(self, channel: str, payload: str = "") -> None:
        """Wakes the subscribers of `channel` on every node, once the unit is committed. A hint, not a queue."""
        self._notes.append((channel, payload))

    def after_commit(self, call: Callable[[], None]) -> None:
        """Calls `call` on the event loop's thread once the unit is committed, before its caller goes on."""
        self._calls.append(call)

    @contextmanager
    def nested(self) -> Iterator[None]:
        """A savepoint of its own: an error inside rolls back to here and is raised; the unit may go on."""
        calls, notes = len(self._calls), len(self._notes)
        self._session.savepoint("n")
        try:
            yield
        except BaseException:
            self._session.rollback_to("n")
            del self._calls[calls:], self._notes[notes:]
            raise
        self._session.release("n")

    def finish(self) -> tuple[list[Callable[[], None]], list[tuple[str, str]]]:
        """Ends the view (the store's business): closes what is open, hands out calls and notes."""
        for result in self._open:
            result.close()
        self._open.clear()
        return self._calls, self._notes
