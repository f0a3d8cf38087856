"""How a filter is written down."""

from __future__ import annotations

from typing import Callable, Dict, NamedTuple, Optional, Sequence

__all__ = ["Call", "Filter", "any_filter", "named", "text_filter"]

Call = Callable[[Optional[str], Sequence[str]], Optional[str]]
"""A filter: an input, None when the variable is missing, and options; it answers None when it has no result."""

TextCall = Callable[[str, Sequence[str]], Optional[str]]


class Filter(NamedTuple):
    """A filter. `same` says that it gives the same result for the same input at any time."""

    call: Call
    same: bool = True


named: Dict[str, Filter] = {}


def text_filter(*names: str, least: int = 0, most: int = 0) -> Callable[[TextCall], TextCall]:
    """Registers a filter that needs an input, and from `least` to `most` options."""

    def register(call: TextCall) -> TextCall:
        def checked(value: Optional[str], options: Sequence[str]) -> Optional[str]:
            return None if value is None or not least <= len(options) <= most else call(value, options)

        named.update((name.lower(), Filter(checked)) for name in names)
        return call

    return register


def any_filter(name: str, *, same: bool = True) -> Callable[[Call], Call]:
    """Registers a filter that looks after its input and options itself."""

    def register(call: Call) -> Call:
        named[name.lower()] = Filter(call, same)
        return call

    return register
