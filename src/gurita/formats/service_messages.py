"""Streaming parser of service messages: `##octopus[name attr='base64' …]` (runtime formats, section 3).

Text is given back as it came; a message is collected up to its `]`, also across lines; one line break right behind a message belongs
to it. What cannot be read comes back as `Unparsable`. Works on bytes, in any chunks, with the same result.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import ClassVar, Dict, List, NamedTuple, Optional, Union

__all__ = [
    "ERROR",
    "HIGHLIGHT",
    "IGNORE",
    "INFO",
    "LONGEST",
    "VERBOSE",
    "WAIT",
    "WARNING",
    "Event",
    "Levels",
    "Message",
    "Parser",
    "Text",
    "Unparsable",
    "encode_message",
]

VERBOSE, INFO, HIGHLIGHT, WAIT, WARNING, ERROR = range(6)
IGNORE = 255
LONGEST = 10 * 1024 * 1024
"""Bytes a message may have; a longer one is no message and comes back as text."""

_OPEN = b"##octopus["
_NAME = re.compile(r"\s*([^\s=\"']+)")
_ATTRIBUTE = re.compile(r"\s+([^\s=\"']+)\s*=\s*(?:'([^']*)'|\"([^\"]*)\")")


class Text(NamedTuple):
    """Bytes that are no message."""

    data: bytes


class Message(NamedTuple):
    """A message by name; attribute names in lower case, values decoded."""

    name: str
    attributes: Dict[str, str]


class Unparsable(NamedTuple):
    """What looked like a message and is none; `warning` is the sentence for the log."""

    warning: str


Event = Union[Text, Message, Unparsable]


class Levels:
    """Which level the next lines of stdout and stderr have; messages switch it."""

    _STDOUT: ClassVar[Dict[str, int]] = {
        "stdout-default": INFO,
        "stdout-verbose": VERBOSE,
        "stdout-highlight": HIGHLIGHT,
        "stdout-wait": WAIT,
        "stdout-warning": WARNING,
        "stdout-error": ERROR,
        "stdout-ignore": IGNORE,
    }
    _STDERR: ClassVar[Dict[str, int]] = {
        "stderr-default": ERROR,
        "stderr-error": ERROR,
        "stderr-progress": VERBOSE,
        "stderr-ignore": IGNORE,
    }

    def __init__(self, stdout: int = INFO, stderr: int = ERROR) -> None:
        self.stdout = stdout
        self.stderr = stderr

    def apply(self, name: str) -> bool:
        """Switch if `name` is a level switch, and tell whether it was one."""
        if name in self._STDOUT:
            self.stdout = self._STDOUT[name]
        elif name in self._STDERR:
            self.stderr = self._STDERR[name]
        else:
            return False
        return True


class Parser:
    """Splits one stream into text and messages. `state()` and `Parser.resumed` carry it over to another process."""

    def __init__(self) -> None:
        self._pending = b""
        self._collected: Optional[List[bytes]] = None
        self._size = 0
        self._swallow = False

    @property
    def settled(self) -> bool:
        """Whether nothing is held: no begun message and no text that may begin one."""
        return self._collected is None and not self._pending

    def feed(self, data: bytes) -> List[Event]:
        """Take the next bytes; give back what they complete."""
        events: List[Event] = []
        data = self._pending + data if self._pending else data
        self._pending = b""
        at = 0
        while at < len(data):
            if self._collected is not None:
                at = self._collect(self._collected, data, at, events)
            elif self._swallow:
                at = self._after_message(data, at)
                if at < 0:
                    break
            else:
                at = self._plain(data, at, events)
        return events

    def finish(self) -> List[Event]:
        """The stream ended: what was held is text after all."""
        rest = self._pending
        if self._collected is not None:
            rest = _OPEN + b"".join(self._collected)
        self.__init__()  # type: ignore[misc]
        return [Text(rest)] if rest else []

    def state(self) -> bytes:
        """All the parser holds, as JSON. It may hold a part of a message with a secret: see `settled`."""
        collected = None if self._collected is None else b"".join(self._collected)
        return json.dumps(
            {
                "pending": self._pending.decode("latin-1"),
                "collected": None if collected is None else collected.decode("latin-1"),
                "swallow": self._swallow,
            }
        ).encode()

    @classmethod
    def resumed(cls, state: bytes) -> Parser:
        """The parser whose `state()` this is."""
        read = json.loads(state.decode())
        parser = cls()
        parser._pending = read["pending"].encode("latin-1")
        parser._swallow = read["swallow"]
        if read["collected"] is not None:
            parser._collected = [read["collected"].encode("latin-1")]
            parser._size = len(parser._collected[0])
        return parser

    def _plain(self, data: bytes, at: int, events: List[Event]) -> int:
        found = data.find(_OPEN, at)
        if found < 0:
            end = len(data) - _partial(data, at)
            self._pending = data[end:]
            if end > at:
                events.append(Text(data[at:end] if at or end < len(data) else data))
            return len(data)
        if found > at:
            events.append(Text(data[at:found]))
        self._collected, self._size = [], 0
        return found + len(_OPEN)

    def _collect(self, collected: List[bytes], data: bytes, at: int, events: List[Event]) -> int:
        end = data.find(b"]", at)
        part = data[at : end if end >= 0 else len(data)]
        self._size += len(part)
        collected.append(part)
        if self._size > LONGEST:
            events.append(Text(_OPEN + b"".join(collected)))
            self._collected = None
            return at + len(part)
        if end < 0:
            return len(data)
        events.append(_read(b"".join(collected)))
        self._collected, self._swallow = None, True
        return end + 1

    def _after_message(self, data: bytes, at: int) -> int:
        """Pass over one line break; -1 when a lone CR must wait for what follows."""
        if data[at : at + 1] == b"\r" and at + 1 == len(data):
            self._pending = data[at:]
            return -1
        self._swallow = False
        if data[at : at + 2] == b"\r\n":
            return at + 2
        return at + 1 if data[at : at + 1] == b"\n" else at


def encode_message(name: str, attributes: Dict[str, str]) -> str:
    """The line that carries a message, without its line break."""
    coded = "".join(
        f" {key}='{base64.b64encode(value.encode()).decode()}'" for key, value in attributes.items()
    )
    return f"##octopus[{name}{coded}]"


def _partial(data: bytes, at: int) -> int:
    """How many bytes at the end of `data` may begin a message."""
    for size in range(min(len(_OPEN) - 1, len(data) - at), 0, -1):
        if data.endswith(_OPEN[:size]):
            return size
    return 0


def _read(raw: bytes) -> Event:
    text = raw.translate(None, b"\r\n").decode("utf-8", "replace")
    name = _NAME.match(text)
    attributes: Dict[str, str] = {}
    at = name.end() if name else 0
    while name:
        found = _ATTRIBUTE.match(text, at)
        if not found:
            break
        key = found.group(1).lower()
        value = _decoded(found.group(2) if found.group(2) is not None else found.group(3))
        if value is None or key in attributes:
            break
        attributes[key] = value
        at = found.end()
    if not name or text[at:].strip():
        return Unparsable(f"Could not parse '##octopus[{text}]'")
    return Message(name.group(1), attributes)


def _decoded(value: str) -> Optional[str]:
    try:
        return base64.b64decode("".join(value.split()), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None
