"""Reading event streams (server-sent events of the HTML standard), over lost connections too."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from gurita.cli.client import Client
from gurita.cli.errors import ApiRefused, ServerAway

__all__ = ["Event", "events_of", "followed"]

_PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0)
_WORTH_WAITING = frozenset({502, 503, 504})


@dataclass(frozen=True, slots=True)
class Event:
    """What the server told. `id` is what to come back with, "" when it gave none."""

    kind: str
    data: Any
    id: str = ""


def events_of(lines: Iterable[str]) -> Iterator[Event]:
    """The whole events among a stream's lines; one that was cut off is no event."""
    kind, id = "", ""
    data: list[str] = []
    for line in lines:
        if not line:
            if data:
                yield Event(kind or "message", json.loads("\n".join(data)), id)
            kind, id, data = "", "", []
        elif not line.startswith(":"):
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if name == "data":
                data.append(value)
            elif name == "event":
                kind = value
            elif name == "id":
                id = value


def followed(
    client: Client,
    task: str,
    *,
    patience: float = 300.0,
    lost: Callable[[str], None] = lambda _text: None,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Event]:
    """A task's events up to and with `end`: no line twice and none left out, however often the connection is lost.

    Raises ServerAway when the server stays away for `patience` seconds, ApiRefused when it says no.
    """
    last, tries, heard = "", 0, time.monotonic()
    while True:
        try:
            with client.stream(f"tasks/{task}/log/events", last) as lines:
                for event in events_of(lines):
                    tries, heard = 0, time.monotonic()
                    if event.kind == "beat":
                        continue
                    yield event
                    last = event.id or last
                    if event.kind == "end":
                        return
            reason = "the stream ended"
        except (ServerAway, ApiRefused) as error:
            if isinstance(error, ApiRefused) and error.status not in _WORTH_WAITING:
                raise
            if time.monotonic() - heard > patience:
                raise
            reason = str(error)
        if tries == 0:
            lost(f"Connection lost ({reason}); trying again.")
        sleep(_PAUSES[min(tries, len(_PAUSES) - 1)])
        tries += 1
