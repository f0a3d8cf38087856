"""The raw log of a host without Python as records: messages parsed, lines with levels (the runner's own code)."""

from __future__ import annotations

from typing import Any

from gurita.formats.masking import Masker
from gurita.formats.records import MESSAGE, STDOUT
from gurita.formats.script_log import Lines, Parsed, ScriptLog, Secret
from gurita.kernel.sensitive import Sensitive
from gurita.transport.errors import TransportError
from gurita.transport.tickets import Record

__all__ = ["BareLog"]


class BareLog:
    """Turns bytes into records. `state` can be stored with the offset whenever it is not empty.

    The values of sensitive outputs are part of their message as a Sensitive: there is no runner to keep them. `masker`
    knows the secrets; those that messages name are added to it.
    """

    def __init__(self, state: bytes, masker: Masker | None = None) -> None:
        try:
            self._log = ScriptLog.resumed(state, masker=masker) if state else ScriptLog(masker=masker)
        except (ValueError, KeyError, TypeError, IndexError):
            raise TransportError("the stored state of a log cannot be read") from None

    def feed(self, data: bytes, time_ms: int) -> list[Record]:
        """The records completed by `data`."""
        return [_record(each, time_ms) for each in self._log.feed(STDOUT, data)]

    def idle(self, time_ms: int) -> list[Record]:
        """Nothing came for a while: lines that are held only because they end like a secret begins."""
        return [_record(each, time_ms) for each in self._log.idle()]

    def finish(self, time_ms: int) -> list[Record]:
        """The rest, at the end of the log."""
        return [_record(each, time_ms) for each in self._log.finish(STDOUT)]

    def state(self) -> bytes:
        """What the next `BareLog` needs to go on here; empty in the middle of a message or a possible secret."""
        return self._log.state() if self._log.settled else b""


def _record(output: Lines | Parsed, time_ms: int) -> Record:
    if isinstance(output, Lines):
        return Record(output.kind, output.level, time_ms, output.data.decode("utf-8", "replace"), None)
    message: dict[str, Any] = {"name": output.name}
    for name, value in output.values.items():
        if isinstance(value, Secret):
            message |= {name: Sensitive(value.value), "sensitive": True}
        else:
            message[name] = value
    return Record(MESSAGE, 1, time_ms, None, message)
