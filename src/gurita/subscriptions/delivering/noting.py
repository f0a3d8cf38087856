"""What is written of failures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from gurita.subscriptions.positions import MOST_GIVEN_UP, moment
from gurita.subscriptions.resources import GivenUp

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

__all__ = ["failure_of", "given_up_of"]

_LONGEST_ERROR = 500
_read = msgspec.json.Decoder(list[GivenUp]).decode


def failure_of(error: str, failures: int, now: int, due: int) -> dict[str, Any]:
    """The columns of a failure, the `failures`-th in a row, that is tried again at `due`."""
    return {"failed": now, "error": error[:_LONGEST_ERROR], "failures": failures, "due": due}


def given_up_of(
    row: RowMapping, what: str, delivery: str, error: str, now: int, earlier: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The columns when something is not tried any more; `earlier` are those of another thing at the same time."""
    before = earlier or row
    one = GivenUp(what=what, delivery_id=delivery, given_up=moment(now), error=error[:_LONGEST_ERROR])
    kept = [*_read(before["last_given_up"]), one][-MOST_GIVEN_UP:]
    return {
        "given_up": int(before["given_up"]) + 1,
        "last_given_up": msgspec.json.encode(kept).decode(),
    }
