"""Matching and replacing with .NET's regular expressions, in bounded time.

On a server the engine stops after a time and lets other threads go on meanwhile. A target has Python's own engine only: there an
expression is refused that could run away, and the others are stopped by a timer.
"""

from __future__ import annotations

import contextlib
import functools
import re
import signal
import threading
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional

from gurita.formats.templates.dotnet.regex_reading import Translated, translated
from gurita.formats.templates.errors import FilterFailed, TooLong

_engine: Any = None
with contextlib.suppress(ImportError):
    import regex as _engine  # rules: travels-light -- a target has none, and takes Python's own

__all__ = ["Expression", "expression"]

TIMEOUT = 2.0
"""Seconds an expression may take on one text."""

_LONGEST = 16 * 1024 * 1024
_MOST_STEPS = 3_000_000_000
_REPLACEMENT = re.compile(r"\$(?:(\$)|(&)|(`)|(')|(\+)|(_)|(\d{1,9})|\{(\w{1,100})\})")

Piece = Callable[[Any], str]


class Expression(NamedTuple):
    """A regular expression, ready for use."""

    read: Translated
    compiled: Any

    def found_in(self, text: str) -> bool:
        """Whether it matches anywhere. Raises FilterFailed when that takes too long."""
        with self._bounded(text) as more:
            return self.compiled.search(text, **more) is not None

    def replaced(self, text: str, replacement: str) -> str:
        """Every match replaced. `$1`, `${name}`, `$&` and the like mean what they mean in .NET. Raises FilterFailed, TooLong."""
        pieces = self._pieces(replacement)
        made = 0

        def one(match: Any) -> str:
            nonlocal made
            found = "".join([piece(match) for piece in pieces])
            made += len(found)
            if made > _LONGEST:
                raise TooLong(f"The filter Replace makes more than {_LONGEST} characters")
            return found

        with self._bounded(text) as more:
            return str(self.compiled.sub(one, text, **more))

    @contextlib.contextmanager
    def _bounded(self, text: str) -> Iterator[Dict[str, Any]]:
        try:
            if _engine is not None:
                yield {"timeout": TIMEOUT, "concurrent": True}
            else:
                with _stopped_in_time(self.read, len(text)):
                    yield {}
        except TimeoutError:
            raise FilterFailed(f"the regular expression takes more than {TIMEOUT:g} s on this text") from None
        except (RecursionError, MemoryError):
            raise FilterFailed("the regular expression takes more memory than it may have") from None

    def _pieces(self, replacement: str) -> List[Piece]:
        """As .NET documentation, "substitutions in regular expressions", has it."""
        pieces: List[Piece] = []
        at = 0
        for found in _REPLACEMENT.finditer(replacement):
            pieces.append(_literal(replacement[at : found.start()]))
            pieces.append(self._piece(found))
            at = found.end()
        return [*pieces, _literal(replacement[at:])]

    def _piece(self, found: "re.Match[str]") -> Piece:
        name = found.group(7) or found.group(8)
        if name:
            indexes = self._indexes(name)
            return _literal(found.group()) if indexes is None else functools.partial(_group, indexes)
        return _SIGNS[found.group()[1]]

    def _indexes(self, name: str) -> Optional[List[int]]:
        """The groups that a number or name means; None when there is none, and the text stands for itself."""
        if not name.isdigit():
            return self.read.names.get(name)
        return [0] if int(name) == 0 else self.read.numbers.get(int(name))


def _literal(text: str) -> Piece:
    return lambda match: text


def _group(indexes: List[int], match: Any) -> str:
    return next((match.group(at) for at in reversed(indexes) if match.group(at) is not None), "")


def _last_group(match: Any) -> str:
    return match.group(match.re.groups) or ""


_SIGNS: Dict[str, Piece] = {
    "$": _literal("$"),
    "&": lambda match: str(match.group()),
    "`": lambda match: str(match.string[: match.start()]),
    "'": lambda match: str(match.string[match.end() :]),
    "+": _last_group,
    "_": lambda match: str(match.string),
}


_FAULTS = (re.error, re.error if _engine is None else _engine.error, OverflowError, RecursionError)


@functools.lru_cache(maxsize=256)
def expression(text: str) -> Expression:
    """The expression of a text. Raises FilterFailed when it is none, or none that may be used here."""
    read = translated(text)
    if _engine is None and read.nests:
        raise FilterFailed(
            "the regular expression repeats what repeats already, which could run away on this machine"
        )
    try:
        compiled = re.compile(read.text) if _engine is None else _engine.compile(read.text, _engine.VERSION0)
    except _FAULTS as error:
        raise FilterFailed(f"the regular expression cannot be used: {error}") from None
    return Expression(read, compiled)


@contextlib.contextmanager
def _stopped_in_time(read: Translated, length: int) -> Iterator[None]:
    """A timer where there can be one, in the main thread; elsewhere an estimate of the steps."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        if (length + 1) ** (read.loops + 1) > _MOST_STEPS:
            raise FilterFailed("the text is too long for a regular expression with so many repetitions")
        yield
        return

    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, TIMEOUT)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
