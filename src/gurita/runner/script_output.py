"""What a script puts out, on its way into the ticket's log: parsed, masked, secrets put aside, artifacts noted."""

from __future__ import annotations

import json
import os
from typing import Dict, List, Sequence, Tuple, Union

from gurita.formats.records import STDOUT, BadRecord
from gurita.formats.script_log import Lines, Parsed, ScriptLog, Secret
from gurita.formats.service_messages import WARNING
from gurita.runner.private import keep_output
from gurita.runner.record_writer import RecordWriter

__all__ = ["ScriptOutput"]


class ScriptOutput:
    """Feeds a log into records. Raises OSError when the disk does not take it."""

    def __init__(self, log: ScriptLog, writer: RecordWriter, private: str, artifacts: str) -> None:
        self._log = log
        self._writer = writer
        self._private = private
        self._artifacts = artifacts
        self._secrets = 0
        self.told_failure = ""

    @property
    def errors_seen(self) -> bool:
        """Whether the script wrote to stderr while that counts as an error."""
        return self._log.errors_seen

    def due(self) -> float:
        """When `turn` must be called, on the monotonic clock."""
        return self._writer.due()

    def take(self, parts: Sequence[Tuple[int, bytes]]) -> None:
        """Bytes of stdout, stderr or both, as they were read at one moment."""
        self._put(self._log.feed_together(parts))

    def idle(self) -> None:
        """Nothing came for a while."""
        self._put(self._log.idle())

    def end(self, kind: int) -> None:
        """One of the streams ended."""
        self._put(self._log.finish(kind))

    def turn(self) -> None:
        """Write what is due."""
        self._writer.turn()

    def flush(self) -> None:
        """Write all there is."""
        self._writer.flush()

    def _put(self, outputs: "List[Union[Lines, Parsed]]") -> None:
        for output in outputs:
            if isinstance(output, Lines):
                self._writer.lines(*output)
            else:
                self._message(output)

    def _message(self, message: Parsed) -> None:
        entry: Dict[str, object] = {"name": message.name}
        for key, value in message.values.items():
            if not isinstance(value, Secret):
                entry[key] = value
            elif message.name == "setVariable":
                entry.update(sensitive=True, secret=self._keep(value))
            else:
                entry[key] = {"secret": self._keep(value)}
        if message.name == "createArtifact":
            self._note_artifact(str(entry.get("path", "")))
        if message.name == "resultMessage":
            self.told_failure = str(entry.get("message", ""))
        try:
            self._writer.message(json.dumps(entry, ensure_ascii=False).encode("utf-8", "replace"))
        except BadRecord:
            self._writer.lines(
                STDOUT, WARNING, f"The message {message.name} is too large and was dropped.".encode()
            )

    def _keep(self, secret: Secret) -> int:
        number = self._secrets
        keep_output(self._private, number, secret.value)
        self._secrets += 1
        return number

    def _note_artifact(self, path: str) -> None:
        line = json.dumps(path).encode() + b"\n"
        handle = os.open(self._artifacts, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, line)
        finally:
            os.close(handle)
