"""From the raw output of a script to what its log holds: messages parsed, secrets masked, whole lines with a level.

The launcher uses it before it writes records; the server uses it for hosts without Python, where the log is raw bytes.
"""

from __future__ import annotations

import json
from typing import Callable, Dict, FrozenSet, Iterable, List, NamedTuple, Sequence, Tuple, Union

from gurita.formats.mask_search import Span
from gurita.formats.masking import Masker, mask_text
from gurita.formats.records import BLOCK, STDERR, STDOUT
from gurita.formats.seam import Seam
from gurita.formats.service_messages import ERROR, IGNORE, WARNING, Event, Levels, Message, Parser, Text
from gurita.formats.splits import Splits

__all__ = ["SECRET_ATTRIBUTES", "Lines", "Parsed", "ScriptLog", "Secret"]

SECRET_ATTRIBUTES: FrozenSet[str] = frozenset(
    {"token", "password", "secretkey", "azurepassword", "azureactivedirectorypassword"}
)
"""Attributes of messages that make accounts and targets (create-tokenaccount …) whose value is a secret."""


class Lines(NamedTuple):
    r"""Whole lines of one stream and level, masked, UTF-8, `\n` between them and none at the end; at most 64 KiB."""

    kind: int
    level: int
    data: bytes


class Secret(NamedTuple):
    """A value in a message that must not be seen."""

    value: str


class Parsed(NamedTuple):
    """A message the server must see. `values` are masked texts, or `Secret`s; the attribute `name` is renamed."""

    name: str
    values: Dict[str, Union[str, Secret]]


Output = Union[Lines, Parsed]


class ScriptLog:
    """The log of one script. Secrets it prints by message are masked from that message on, on both streams, also where
    one stream begins what the other ends, if their parts were fed one after the other.

    With a `masker` its secrets count, also those added to it later, and those of messages are added to it.
    """

    def __init__(
        self,
        secrets: Iterable[str] = (),
        levels: Union[Levels, None] = None,
        masker: Union[Masker, None] = None,
    ) -> None:
        masker = masker.sibling() if masker else Masker(secrets)
        self.levels = levels or Levels()
        self.errors_seen = False
        self._seam, self._splits = Seam(masker.forms), Splits(masker.forms)
        self._streams = {
            kind: _Stream(kind, each, self._meet)
            for kind, each in ((STDOUT, masker), (STDERR, masker.sibling()))
        }
        self._masker = masker

    def add_secret(self, value: str) -> None:
        """Mask `value` in all that was not given back yet."""
        self._masker.add(value)

    def masked(self, text: str) -> str:
        """One text with all known secrets masked."""
        return mask_text(text, self._masker)

    def feed(self, kind: int, data: bytes) -> List[Output]:
        """Take bytes of stdout or stderr (`kind` as in records); give back whole lines and messages."""
        return self._heard(kind, self._streams[kind].parser.feed(data))

    def feed_together(self, parts: Sequence[Tuple[int, bytes]]) -> List[Output]:
        """As `feed`, of streams that were ready at the same moment: nobody knows the order of what they said."""
        heard = [(kind, self._streams[kind].parser.feed(data)) for kind, data in parts]
        if len(heard) == 2:
            self._look_between(heard)
        return [output for kind, events in heard for output in self._heard(kind, events)]

    def _look_between(self, heard: Sequence[Tuple[int, List[Event]]]) -> None:
        streams = [self._streams[kind] for kind, _ in heard]
        said = [b"".join(each.data for each in events if isinstance(each, Text)) for _, events in heard]
        held = [stream.masker.tail for stream in streams]
        found = self._splits.find(held[0] + said[0], held[1] + said[1])
        for stream, tail, spans in zip(streams, held, found):
            stream.expect([(start - len(tail), stop - len(tail)) for start, stop in spans])

    def _heard(self, kind: int, events: Iterable[Event]) -> List[Output]:
        stream = self._streams[kind]
        out: List[Output] = []
        for event in events:
            if isinstance(event, Text):
                level = self._level(kind)
                if kind == STDERR and level == ERROR and event.data.strip():
                    self.errors_seen = True
                out.extend(stream.text(event.data, level))
            else:
                out.extend(stream.end_line())
                if isinstance(event, Message):
                    out.extend(self._message(event))
                else:
                    out.extend(stream.text(event.warning.encode() + b"\n", WARNING))
        return out

    def idle(self) -> List[Output]:
        """Nothing came for a while: give back whole lines that are held only by chance (see `Masker.relax`)."""
        out = self._let_go(self._seam.idle())
        return [*out, *(lines for stream in self._streams.values() for lines in stream.idle())]

    def finish(self, kind: int) -> List[Output]:
        """The stream ended: give back all the rest, an unterminated last line too."""
        stream = self._streams[kind]
        out: List[Output] = []
        for event in stream.parser.finish():
            if isinstance(event, Text):
                out.extend(stream.text(event.data, self._level(kind)))
        out.extend(stream.finish())
        return out

    @property
    def settled(self) -> bool:
        """Whether `state()` holds no secret: no message is half read and the maskers hold nothing."""
        return all(stream.parser.settled and not stream.masker.held for stream in self._streams.values())

    def state(self) -> bytes:
        """What `resumed` needs to go on at this point of the input. Only when `settled`; raises ValueError otherwise."""
        if not self.settled:
            raise ValueError("the log is in the middle of a message or of what may be a secret")
        return json.dumps(
            {
                "levels": [self.levels.stdout, self.levels.stderr],
                "errors": self.errors_seen,
                "streams": [stream.state() for stream in self._streams.values()],
            }
        ).encode()

    @classmethod
    def resumed(
        cls, state: bytes, secrets: Iterable[str] = (), masker: Union[Masker, None] = None
    ) -> ScriptLog:
        """The log whose `state()` this is. `secrets` must name again those that messages had added."""
        read = json.loads(state.decode())
        log = cls(secrets, Levels(*read["levels"]), masker)
        log.errors_seen = read["errors"]
        for stream, kept in zip(log._streams.values(), read["streams"]):
            stream.resume(kept)
        return log

    def _meet(self, masker: Masker, data: bytes) -> List[Lines]:
        """A stream goes on: what the other one gives back for that."""
        return self._let_go(self._seam.join(masker, data))

    def _let_go(self, freed: Sequence[Masker]) -> List[Lines]:
        return [
            lines
            for stream in (self._streams.values() if freed else ())
            if any(stream.masker is each for each in freed)
            for lines in stream.again()
        ]

    def _level(self, kind: int) -> int:
        return self.levels.stderr if kind == STDERR else self.levels.stdout

    def _message(self, message: Message) -> List[Output]:
        name, attributes = message
        if self.levels.apply(name):
            return []
        values: Dict[str, Union[str, Secret]] = {}
        hidden = SECRET_ATTRIBUTES
        if name == "mask":
            self.add_secret(attributes.get("value", ""))
            return [Parsed(name, {})]
        if name in ("setVariable", "set-environmentstate"):
            value = attributes.get("value", "")
            if attributes.pop("sensitive", "").lower() == "true" or self._masker.reveals(value):
                hidden = hidden.union(("value",))
        for key, value in attributes.items():
            if key in hidden:
                self.add_secret(value)
                values[key] = Secret(value)
            elif name == "setVariable" and key == "value":
                values[key] = value
        for key, value in attributes.items():
            if key not in values:
                values[_renamed(name, key)] = self.masked(value)
        return [Parsed(name, values)]


def _renamed(message: str, key: str) -> str:
    if key != "name":
        return key
    return "variable" if message == "setVariable" else "label"


class _Stream:
    def __init__(self, kind: int, masker: Masker, meet: Callable[[Masker, bytes], List[Lines]]) -> None:
        self.kind = kind
        self.parser = Parser()
        self.masker = masker
        self._meet = meet
        self._open_line = False
        self._level = IGNORE
        self._partial = b""
        self._expected: List[Span] = []
        self._at = 0

    def expect(self, spans: List[Span]) -> None:
        """Places to mask: those below zero in what the masker holds, the others in the text that comes."""
        for start, stop in spans:
            if start < 0:
                self.masker.cover(self.masker.read + start, self.masker.read + min(stop, 0))
        self._expected, self._at = [(max(0, start), stop) for start, stop in spans if stop > 0], 0

    def _mask_expected(self, size: int) -> None:
        """The next `size` bytes of the text are fed now."""
        for start, stop in self._expected:
            begin, end = max(start - self._at, 0), min(stop - self._at, size)
            if begin < end:
                self.masker.cover(self.masker.read + begin, self.masker.read + end)

    def text(self, data: bytes, level: int) -> List[Lines]:
        out = self.end_line() if level != self._level else []
        self._level = level
        if self._expected:
            if level != IGNORE:
                self._mask_expected(len(data))
            self._at += len(data)
            self._expected = [span for span in self._expected if span[1] > self._at]
        if level != IGNORE:
            self._open_line = not data.endswith(b"\n")
            out.extend(self._masked(data))
        return out

    def end_line(self) -> List[Lines]:
        if not self._open_line:
            return []
        self._open_line = False
        return self._masked(b"\n")

    def _masked(self, data: bytes) -> List[Lines]:
        out = self._meet(self.masker, data)
        out.extend(self._lines(self.masker.feed_tagged(data, self._level)))
        return out

    def again(self) -> List[Lines]:
        """What is held no longer than the stream's own masker wants."""
        return self._lines(self.masker.feed_tagged(b"", self._level))

    def idle(self) -> List[Lines]:
        return self._lines(self.masker.relax_tagged())

    def finish(self) -> List[Lines]:
        out = self._lines(self.masker.flush_tagged())
        if self._partial:
            out.extend(self._cut(self._partial + b"\n", self._level))
            self._partial = b""
        self._open_line = False
        return out

    def state(self) -> List[Union[str, bool, int]]:
        return [self.parser.state().decode(), self._open_line, self._level, self._partial.decode("latin-1")]

    def resume(self, kept: List[str]) -> None:
        self.parser = Parser.resumed(kept[0].encode())
        self._open_line, self._level = bool(kept[1]), int(kept[2])
        self._partial = kept[3].encode("latin-1")

    def _lines(self, pieces: List[tuple[int, bytes]]) -> List[Lines]:
        out: List[Lines] = []
        for level, piece in pieces:
            data = self._partial + piece if self._partial else piece
            end = data.rfind(b"\n") + 1
            if end:
                out.extend(self._cut(data[:end] if end < len(data) else data, level))
            self._partial = data[end:]
            while len(self._partial) > BLOCK:
                size = _boundary(self._partial, BLOCK)
                out.extend(self._cut(self._partial[:size] + b"\n", level))
                self._partial = self._partial[size:]
        return out

    def _cut(self, data: bytes, level: int) -> List[Lines]:
        """Blocks of whole lines of at most 64 KiB; a longer line is cut. `data` ends with a line break."""
        out: List[Lines] = []
        at, size = 0, len(data)
        while at < size:
            end = data.rfind(b"\n", at, at + BLOCK + 1)
            following = end + 1
            if end < 0:
                end = following = at + _boundary(data[at : at + BLOCK + 1], BLOCK)
            out.append(Lines(self.kind, level, _valid(data[at:end])))
            at = following
        return out


def _boundary(data: bytes, size: int) -> int:
    """The largest cut at or before `size` that splits no UTF-8 character."""
    for back in range(4):
        if data[size - back] & 0xC0 != 0x80:
            return size - back
    return size


def _valid(data: bytes) -> bytes:
    return data if data.isascii() else data.decode("utf-8", "replace").encode("utf-8")
