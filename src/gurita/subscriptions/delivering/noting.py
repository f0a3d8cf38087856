"""What is written of failures, and that live pages are told how it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from gurita.engine.transitions import tell
from gurita.kernel.clock import iso_of
from gurita.subscriptions.positions import MOST_GIVEN_UP
from gurita.subscriptions.resources import GivenUp

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from gurita.store.tx import Tx
    from gurita.subscriptions.delivering.scanning import Told

__all__ = ["failure_of", "given_up_of", "show_in"]

_LONGEST_ERROR = 500
_read = msgspec.json.Decoder(list[GivenUp]).decode


def failure_of(error: str, failures: int, now: int, due: int) -> dict[str, Any]:
    """The columns of a failure, the `failures`-th in a row, that is tried again at `due`."""
    return {"failed": now, "error": error[:_LONGEST_ERROR], "failures": failures, "due": due}


def show_in(tx: Tx, told: Told, now: int) -> None:
    """Tells the live pages of the subscription's space that its delivery has come further, or failed."""
    if told.space:
        tell(tx, "subscriptions", told.doc.id, now, {}, told.space)


def given_up_of(
    row: RowMapping, what: str, delivery: str, error: str, now: int, earlier: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The columns when something is not tried any more; `earlier` are those of another thing at the same time."""
    before = earlier or row
    one = GivenUp(what=what, delivery_id=delivery, given_up=iso_of(now), error=error[:_LONGEST_ERROR])
    kept = [*_read(before["last_given_up"]), one][-MOST_GIVEN_UP:]
    return {
        "given_up": int(before["given_up"]) + 1,
        "last_given_up": msgspec.json.encode(kept).decode(),
    }
