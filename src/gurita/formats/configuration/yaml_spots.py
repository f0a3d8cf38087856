"""YAML with places: every value with its name and the characters it stands on. Aliases are named, never expanded."""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from gurita.formats.configuration.errors import Unreadable

__all__ = ["ALIAS", "MAP", "SCALAR", "SEQUENCE", "Spot", "Yaml", "read_yaml"]

SCALAR, MAP, SEQUENCE, ALIAS = "scalar", "mapping", "sequence", "alias"
DEEPEST = 200
MOST = 2_000_000
"""Events in a file."""


class Spot(NamedTuple):
    """A value. `place` joins keys and positions with `:`; None for what has no name, as a key or what is below one.

    `start` and `end` enclose the value without its anchor and tag; `style` is empty for plain scalars and block containers,
    else the first character of it. `parent` is the column of the container around, -1 for a root; `in_flow` says that container is
    of flow style. `open` says that a value without text has its `:` or `-`, so that one can be put there; `before` is where what
    stands before it ends.
    """

    place: Optional[str]
    kind: str
    start: int
    end: int
    style: str = ""
    value: str = ""
    tag: Optional[str] = None
    anchor: Optional[str] = None
    parent: int = -1
    in_flow: bool = False
    open: bool = True
    before: int = 0
    column: int = 0


class Yaml(NamedTuple):
    """A stream: its values in their order, containers before what is in them; `documents` counts, `bare` says that no
    document has a marker or directive."""

    text: str
    spots: List[Spot]
    documents: int
    bare: bool


class _Frame:
    """A container under way."""

    def __init__(self, kind: str, number: int, spot: Optional[Spot]) -> None:
        self.kind = kind
        self.number = number
        self.place = spot.place if spot else ""
        self.column = spot.column if spot else -1
        self.flow = bool(spot and spot.style)
        self.outermost = False
        self.items = 0
        self.key: Optional[str] = None
        self.at_key = kind == MAP

    def inside(self) -> Optional[str]:
        """The place of the value that comes."""
        if self.place is None or self.at_key or (self.kind == MAP and self.key is None):
            return None
        name = self.key if self.kind == MAP else str(self.items)
        if self.column < 0:
            return ""
        return name if self.outermost else f"{self.place}:{name}"


def read_yaml(text: str) -> Yaml:
    """Read a stream of documents. Raises Unreadable with line and column."""
    import yaml

    try:
        return _Reader(text).read()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise Unreadable(f"{where}{error.problem or error.context or 'it cannot be read'}") from None
    except yaml.YAMLError as error:
        raise Unreadable(" ".join(str(error).split())) from None


def _events(text: str) -> Any:
    """PyYAML's own reader, scanner and parser, keeping the token a value came from."""
    import yaml

    class Events(yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser):  # type: ignore[misc, unused-ignore]
        """Events, with the last scalar, indicator and end seen."""

        def __init__(self) -> None:
            yaml.reader.Reader.__init__(self, text)
            yaml.scanner.Scanner.__init__(self)
            yaml.parser.Parser.__init__(self)
            self.scalar: Any = None
            self.indicator = -1

        def get_token(self) -> Any:
            token = super().get_token()  # type: ignore[no-untyped-call]
            if isinstance(token, yaml.ScalarToken):
                self.scalar = token
            elif isinstance(token, (yaml.ValueToken, yaml.BlockEntryToken)):
                self.indicator = token.end_mark.index
            return token

    return Events()


class _Reader:
    def __init__(self, text: str) -> None:
        self._source = text
        self._spots: List[Spot] = []
        self._frames: List[_Frame] = []
        self._last = 0

    def read(self) -> Yaml:
        """All documents."""
        import yaml

        events = _events(self._source)
        count = documents = 0
        bare = True
        while events.check_event():
            event = events.get_event()
            count += 1
            if count > MOST:
                raise Unreadable(f"it has more than {MOST} values")
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                bare = bare and not event.explicit
                self._frames = [_Frame(SEQUENCE, -1, None)]
                self._last = event.end_mark.index if event.end_mark else 0
            elif isinstance(event, yaml.NodeEvent):
                self._node(events, event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._close(event)
        return Yaml(self._source, self._spots, documents, bare)

    def _node(self, events: Any, event: Any) -> None:
        import yaml

        frame = self._frames[-1]
        start, end, kind = event.start_mark.index, event.end_mark.index, ALIAS
        more: Dict[str, Any] = {}
        if isinstance(event, yaml.ScalarEvent):
            kind = SCALAR
            start, end, more = self._scalar(events, event)
        elif isinstance(event, yaml.CollectionStartEvent):
            kind = MAP if isinstance(event, yaml.MappingStartEvent) else SEQUENCE
            indentless = events.state == events.parse_indentless_sequence_entry
            start = end - 1 if event.flow_style or indentless else end
            more = {"style": self._source[start] if event.flow_style else "", "tag": event.tag}
        spot = Spot(
            frame.inside(), kind, start, end, parent=frame.column, in_flow=frame.flow, before=self._last,
            anchor=event.anchor, column=start - self._source.rfind("\n", 0, start) - 1, **more,
        )  # fmt: skip
        spot = spot._replace(before=max(spot.before, events.indicator if events.indicator <= start else 0))
        self._spots.append(spot)
        if kind in (MAP, SEQUENCE):
            self._frames.append(_Frame(kind, len(self._spots) - 1, spot))
            self._frames[-1].outermost = len(self._frames) == 2
            self._last = start + len(spot.style)
            if len(self._frames) > DEEPEST:
                raise Unreadable(f"it is nested more than {DEEPEST} deep")
            return
        self._last = end
        self._done(spot.value if kind == SCALAR else None)

    def _scalar(self, events: Any, event: Any) -> Tuple[int, int, Dict[str, Any]]:
        token, end = events.scalar, event.end_mark.index
        more = {"value": event.value, "tag": event.tag, "style": event.style or ""}
        if token is None or token.end_mark.index != end or token.start_mark.index < event.start_mark.index:
            with_properties = event.anchor is not None or event.tag is not None
            return end, end, {**more, "open": with_properties or events.indicator == end}
        if event.style in ("|", ">"):
            whole = self._source[token.start_mark.index : end]
            end = token.start_mark.index + len(whole.rstrip(" \t\r\n"))
        return token.start_mark.index, end, more

    def _close(self, event: Any) -> None:
        frame = self._frames.pop()
        spot = self._spots[frame.number]
        end = event.end_mark.index if spot.style else max(self._last, spot.start)
        self._spots[frame.number] = spot._replace(end=end)
        self._last = max(self._last, end)
        self._done(None)

    def _done(self, key: Optional[str]) -> None:
        """A value is over: the key of a mapping, or what belongs to one."""
        frame = self._frames[-1]
        if frame.kind == MAP and frame.at_key:
            frame.key, frame.at_key = key, False
            return
        frame.items += 1
        frame.at_key = frame.kind == MAP
