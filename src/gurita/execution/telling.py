"""From a target's records to what one unit stores: log entries, outputs, artifacts, masks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gurita.engine.journal import Declared, Output, Progress
from gurita.engine.logs import LogEntry
from gurita.engine.rows import ActionRow
from gurita.execution.job import Job
from gurita.execution.wishes import Wish, is_wish
from gurita.formats.masking import Masker, mask_text
from gurita.kernel.sensitive import Sensitive
from gurita.transport.tickets import Record

__all__ = ["Asked", "Teller"]

_WARNING, _MESSAGE = 4, 2
_MOST_TEXT = 64 * 1024


@dataclass(frozen=True, slots=True)
class Asked:
    """A message that asks for a target or account, as it came: a value is text, a secret, or names the secret to fetch."""

    kind: str
    values: dict[str, Any]
    at: int


class Teller:
    """Collects what an action tells until it is stored. The masker knows every secret the action may show.

    `secrets` are sensitive outputs still to be fetched, by number; `values` those that came with their message. `asked` are
    targets and accounts to make or remove, with what of them must still be fetched; `wishes` those that are complete.
    """

    def __init__(self, row: ActionRow, job: Job, masker: Masker) -> None:
        self.masker = masker
        self.secrets: list[tuple[str, int]] = []
        self.values: list[tuple[str, Sensitive]] = []
        self.asked: list[Asked] = []
        self.wishes: list[Wish] = []
        self.failure: str | None = None
        self._number, self._place, self._space = row.number, job.place, job.space
        self._step_name, self._target_name = job.step_name, job.target_name
        self._entries: list[LogEntry] = []
        self._outputs: list[Output] = []
        self._artifacts: list[Declared] = []
        self._size = 0

    @property
    def full(self) -> bool:
        """Whether it is time to store."""
        return self._size >= _MOST_TEXT

    @property
    def empty(self) -> bool:
        """Whether there is nothing to store."""
        return not (self._entries or self._outputs or self._artifacts or self.wishes)

    def hear(self, records: Sequence[Record]) -> None:
        """Takes records in order."""
        for record in records:
            if record.kind == _MESSAGE and record.message is not None:
                self._message(record.message, record.time_ms)
            elif record.text is not None:
                self.say(record.level, record.text, record.time_ms)

    def say(self, category: int, text: str, time_ms: int) -> None:
        """Adds log lines."""
        masked = mask_text(text, self.masker)
        self._entries.append(LogEntry(time_ms, category, masked.removesuffix("\n")))
        self._size += len(masked)

    @property
    def declared(self) -> bool:
        """Whether files were declared that are not stored yet."""
        return bool(self._artifacts)

    def output(self, name: str, value: str) -> Output:
        """An output variable of this action."""
        return Output(self._step_name, self._place.target, self._target_name, name, value)

    def secret_output(self, name: str, secret: str) -> Output:
        """A sensitive output variable whose value is the secret of that id."""
        return Output(self._step_name, self._place.target, self._target_name, name, None, secret)

    def take(self, offset: int | None, parser: bytes | None) -> Progress:
        """What was collected, to be stored with the offset it goes up to."""
        told = Progress(
            self._number, self._place, self._entries, offset, parser, self._outputs, self._artifacts
        )
        self.drop()
        return told

    def drop(self) -> None:
        """Forgets what was not stored; it will be told again."""
        self._entries, self._outputs, self._artifacts, self._size = [], [], [], 0
        self.secrets, self.values = [], []
        self.asked, self.wishes = [], []

    def _message(self, message: dict[str, Any], time_ms: int) -> None:
        name = str(message.get("name", ""))
        if name == "setVariable":
            self._set_variable(message, time_ms)
        elif name == "createArtifact":
            path = str(message.get("path", ""))
            name = str(message.get("label", "")) or path.rsplit("/", 1)[-1]
            name = mask_text(name, self.masker)
            self._artifacts.append(Declared(self._space, name, self._target_name, path))
        elif name == "resultMessage":
            self.failure = mask_text(str(message.get("message", "")), self.masker)
        elif name == "progress":
            text = f"{message.get('percentage', '')}% {message.get('message', '')}".strip()
            self.say(0, text, time_ms)
        elif name == "set-environmentstate":
            self._environment_state(message, time_ms)
        elif is_wish(name):
            values = {
                key.lower(): value for key, value in message.items() if key not in ("name", "sensitive")
            }
            self.asked.append(Asked(name, values, len(self._entries)))

    def _environment_state(self, message: dict[str, Any], time_ms: int) -> None:
        """No environment of this server keeps facts of its own: they are shown, unless they are secret."""
        key, value = str(message.get("key", "")), message.get("value", "")
        if isinstance(value, str):
            self.say(0, f"Environment {str(message.get('type', 'State')).lower()} {key}: {value}", time_ms)
        else:
            self.say(0, f"Environment state {key} was set.", time_ms)

    def _set_variable(self, message: dict[str, Any], time_ms: int) -> None:
        variable = str(message.get("variable", ""))
        given = message.get("value")
        if not variable.strip():
            self.say(_WARNING, "An output variable without a name was set, and is dropped.", time_ms)
            return
        if isinstance(given, Sensitive):
            self.values.append((variable, given))
        elif message.get("sensitive"):
            self.secrets.append((variable, int(message.get("secret", 0))))
        else:
            value = str(given or "")
            if self.masker.reveals(value):
                self.values.append((variable, Sensitive(value)))
                return
            self._outputs.append(self.output(variable, value))
