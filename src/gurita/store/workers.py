"""The threads that own the database connections: group commit for units, snapshots for queries."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from gurita.kernel.faults import fault
from gurita.store.backend import Backend
from gurita.store.errors import OutcomeUnknown, must_rerun, translated
from gurita.store.session import Session
from gurita.store.tx import Tx

__all__ = ["Deliver", "Done", "Job", "Jobs", "Reader", "Writer", "settle"]

_LARGEST_GROUP = 128
_ATTEMPTS = 4


@dataclass(slots=True)
class Job:
    """A unit or query waiting for its thread."""

    call: Callable[[Tx], Any]
    future: asyncio.Future[Any]


@dataclass(slots=True)
class Done:
    """What became of a job."""

    job: Job
    value: Any = None
    error: BaseException | None = None
    calls: list[Callable[[], None]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)


Jobs = queue.SimpleQueue[Job | None]
Deliver = Callable[[list[Done]], None]


class _Ended(Exception):
    """The whole transaction is gone, through no fault of most of its units."""


class _Worker(threading.Thread):
    def __init__(self, backend: Backend, name: str, jobs: Jobs, deliver: Deliver) -> None:
        super().__init__(name=f"store-{name}", daemon=True)
        self.role = name
        self._backend = backend
        self._jobs = jobs
        self._deliver = deliver
        self._session: Session | None = None

    def end(self) -> None:
        """Asks it (or one that has the same jobs) to end after all that was asked before."""
        self._jobs.put(None)

    def _begin(self, *, write: bool) -> Session:
        """A session in a fresh transaction; a connection that died while idle is replaced once."""
        if self._session is not None:
            try:
                self._session.begin(write=write)
                return self._session
            except Exception:
                if not self._session.lost:
                    raise
                self._drop()
        self._session = self._backend.open(self.role if write else "reader")
        self._session.begin(write=write)
        return self._session

    def _drop(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None

    def _settle(self, session: Session) -> None:
        """Leaves the session ready for the next transaction, or drops it."""
        session.rollback()
        if session.lost:
            self._drop()


class Writer(_Worker):
    """Drains all waiting units into one transaction and commits once.

    Savepoints cost as much as a short unit. So a group runs without them first; only when a unit fails, all of it is
    rolled back and run again, each unit in a savepoint of its own.
    """

    _number = 0

    def run(self) -> None:
        while (first := self._jobs.get()) is not None:
            group, more = [first], True
            while more and len(group) < _LARGEST_GROUP:
                try:
                    job = self._jobs.get_nowait()
                except queue.Empty:
                    break
                if job is None:
                    more = False
                else:
                    group.append(job)
            waiting = [job for job in group if not job.future.cancelled()]
            if waiting:
                self._write(waiting)
            if not more:
                break
        self._drop()

    def _write(self, jobs: list[Job]) -> None:
        try:
            done = self._attempt(jobs)
        except _Ended:
            for number, job in enumerate(jobs):
                if not self._alone(job):
                    self._fail(jobs[number + 1 :])
                    return
        except BaseException as error:  # noqa: BLE001 - goes to the callers
            self._settled()
            self._deliver([Done(job, error=translated(error)) for job in jobs])
        else:
            self._deliver(done)

    def _alone(self, job: Job) -> bool:
        """Runs a unit in a transaction of its own; False when there is no database to run it in."""
        pause = 0.01
        for attempt in range(_ATTEMPTS):
            try:
                done = self._attempt([job])
            except _Ended as ended:
                cause = ended.__cause__ or ended
                if attempt == _ATTEMPTS - 1 or not (must_rerun(cause) or self._session is None):
                    self._deliver([Done(job, error=translated(cause))])
                    return True
                time.sleep(pause)
                pause *= 4
            except BaseException as error:  # noqa: BLE001 - goes to the caller
                self._settled()
                self._deliver([Done(job, error=translated(error))])
                return False
            else:
                self._deliver(done)
                return True
        return True

    def _fail(self, jobs: list[Job]) -> None:
        """Gives the rest of a group one more try as a group: the database may be back."""
        if jobs:
            self._write(jobs)

    def _settled(self) -> None:
        if self._session is not None:
            self._settle(self._session)

    def _attempt(self, jobs: list[Job]) -> list[Done]:
        """Runs and commits a group. Raises `_Ended` (with its cause) when all of it was rolled back."""
        session = self._begin(write=True)
        done = self._together(session, jobs)
        if done is None:
            session = self._begin(write=True)
            done = [self._run_one(session, job) for job in jobs]
        if all(one.error is not None for one in done):
            self._settle(session)
            return done
        Writer._number += 1
        batch = f"{time.time_ns():x}-{Writer._number}"
        notes = [note for one in done for note in one.notes]
        try:
            fault("store.before-commit")
            self._backend.seal(session, self.role, batch, notes)
        except BaseException as error:  # noqa: BLE001 - looked into there
            self._after_failed_commit(session, batch, done, error)
        return done

    def _together(self, session: Session, jobs: list[Job]) -> list[Done] | None:
        """Runs a group as if nothing could fail. None when one of several did: nothing is done then.

        Raises `_Ended` as `_run_one` does.
        """
        done = []
        for job in jobs:
            tx = Tx(session)
            try:
                value = job.call(tx)
                calls, notes = tx.finish()
            except BaseException as error:
                ended = session.lost or must_rerun(error) or not session.in_transaction
                with contextlib.suppress(Exception):
                    tx.finish()
                self._settle(session)
                if ended:
                    raise _Ended from error
                return [Done(job, error=translated(error))] if len(jobs) == 1 else None
            done.append(Done(job, value, None, calls, notes))
        return done

    def _run_one(self, session: Session, job: Job) -> Done:
        tx = Tx(session)
        try:
            session.savepoint("u")
            value = job.call(tx)
            calls, notes = tx.finish()
            session.release("u")
        except BaseException as error:
            if session.lost or must_rerun(error) or not session.in_transaction:
                self._settle(session)
                raise _Ended from error
            try:
                tx.finish()
                session.rollback_to("u")
            except Exception as worse:
                self._settle(session)
                raise _Ended from worse
            return Done(job, error=translated(error))
        return Done(job, value, None, calls, notes)

    def _after_failed_commit(
        self, session: Session, batch: str, done: list[Done], error: BaseException
    ) -> None:
        """Finds out what a failed COMMIT did: nothing (raises `_Ended`), all of it, or nobody knows."""
        cut = session.lost
        self._settle(session)
        committed = self._backend.committed(self.role, batch) if cut else False
        if committed is False:
            raise _Ended from error
        if committed is None:
            for one in done:
                one.error = one.error or OutcomeUnknown()


class Reader(_Worker):
    """Runs queries, each on a snapshot of its own."""

    def run(self) -> None:
        while (job := self._jobs.get()) is not None:
            if not job.future.cancelled():
                self._deliver([self._read(job)])
        self._drop()

    def _read(self, job: Job) -> Done:
        for again in (True, False):
            try:
                session = self._begin(write=False)
            except BaseException as error:  # noqa: BLE001 - goes to the caller
                if self._session is not None:
                    self._settle(self._session)
                return Done(job, error=translated(error))
            tx = Tx(session)
            try:
                value = job.call(tx)
                tx.finish()
                return Done(job, value)
            except BaseException as error:  # noqa: BLE001 - goes to the caller
                if not (again and session.lost):
                    return Done(job, error=translated(error))
            finally:
                self._settle(session)
        raise AssertionError("unreachable")


def settle(done: Iterable[Done]) -> list[tuple[str, str]]:
    """Hands results to those who wait (event loop's thread). Returns the notes of what was committed."""
    notes: list[tuple[str, str]] = []
    for one in done:
        if one.error is None:
            for call in one.calls:
                call()
            notes += one.notes
        if one.job.future.done():
            continue
        if one.error is None:
            one.job.future.set_result(one.value)
        elif isinstance(one.error, StopIteration):
            one.job.future.set_exception(RuntimeError("a unit raised StopIteration"))
        else:
            one.job.future.set_exception(one.error)
    return notes
