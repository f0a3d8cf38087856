"""Finding the route of a path: by lower-case segment, a literal wins over a parameter, a dead end turns back.

A last parameter `{name*}` takes one or more segments: whatever nothing else takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gurita.http.routes import Route
from gurita.kernel.errors import NotFound, Refused

__all__ = ["Found", "MethodNotAllowed", "Tree", "Trees"]


class MethodNotAllowed(Refused):
    """The path is right, the method is not. `allowed` are those that are."""

    status = 405

    def __init__(self, method: str, allowed: Iterable[str]) -> None:
        self.allowed = ", ".join(sorted(allowed))
        super().__init__(f"Allowed: {self.allowed}", message=f"The method {method} is not allowed here.")


class Found(NamedTuple):
    """A route, its path values in order, and the space the path names (None: none)."""

    route: Route
    values: tuple[str, ...]
    space: str | None
    in_space: bool


Reading = tuple[dict[str, Route], tuple[str, ...]]


class Tree:
    """Routes by path segment."""

    __slots__ = ("literals", "methods", "parameter", "rest")

    def __init__(self) -> None:
        self.literals: dict[str, Tree] = {}
        self.parameter: Tree | None = None
        self.methods: dict[str, Route] = {}
        self.rest: dict[str, Route] = {}

    def add(self, route: Route) -> None:
        """Raises ValueError when the same method and path are taken."""
        node, methods = self, self.methods
        for segment in route.path.split("/"):
            if segment.endswith("*}"):
                methods = node.rest
                break
            if segment.startswith("{"):
                node.parameter = node = node.parameter or Tree()
            elif segment:
                node = node.literals.setdefault(segment.lower(), Tree())
            methods = node.methods
        if (other := methods.setdefault(route.method, route)) is not route:
            raise ValueError(f"{route.method} {route.path} is also {other.handler.__qualname__}")

    def find(self, segments: list[str], at: int = 0) -> Iterator[Reading]:
        """Every node the segments lead to. Parameter values keep their case."""
        if at == len(segments):
            if self.methods:
                yield self.methods, ()
            return
        segment = segments[at]
        if literal := self.literals.get(segment.lower()):
            yield from literal.find(segments, at + 1)
        if self.parameter:
            for methods, values in self.parameter.find(segments, at + 1):
                yield methods, (segment, *values)
        if self.rest:
            yield self.rest, ("/".join(segments[at:]),)


class Trees:
    """All routes of an application, below a space, below /api and below nothing."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self.space, self.system, self.root, self.beside = Tree(), Tree(), Tree(), Tree()
        for route in routes:
            if route.level in ("space", "mixed"):
                self.space.add(route)
            if route.level in ("system", "mixed"):
                self.system.add(route)
            if route.level == "root":
                self.root.add(route)
            if route.level == "beside":
                self.beside.add(route)

    def readings(self, segments: list[str]) -> Iterator[tuple[Reading, str | None, bool]]:
        """Every reading of a path, the likeliest first: what it leads to, the space named, whether in a space."""
        if segments and segments[0].lower() == "api":
            rest = segments[1:]
            for found in self.system.find(rest):  # /api/users, /api/spaces/{id}/search
                yield found, None, False
            if rest:
                for found in self.space.find(rest):  # /api/x: the default space
                    yield found, None, True
            if len(rest) > 2 and rest[0].lower() == "spaces":
                for found in self.space.find(rest[2:]):  # /api/spaces/S/x
                    yield found, rest[1], True
            if rest:
                for found in self.space.find(rest[1:]):  # /api/S/x and /api/S
                    yield found, rest[0], True
        yield from self._outside(segments)

    def _outside(self, segments: list[str]) -> Iterator[tuple[Reading, str | None, bool]]:
        for found in self.root.find(segments):
            yield found, None, False
        for found in self.beside.find(segments):  # /nuget/packages: the default space
            yield found, None, True
        for found in self.beside.find(segments[1:]):  # /S/nuget/packages
            yield found, segments[0], True

    def find(self, method: str, segments: list[str]) -> Found:
        """The first reading that has the method. Raises MethodNotAllowed or NotFound."""
        allowed: set[str] = set()
        for (methods, values), space, in_space in self.readings(segments):
            if route := methods.get(method):
                return Found(route, values, space, in_space)
            allowed.update(methods)
        allowed.discard("WEBSOCKET")
        if allowed and method != "WEBSOCKET":
            raise MethodNotAllowed(method, allowed | ({"HEAD"} if "GET" in allowed else set()))
        raise NotFound("/" + "/".join(segments))
