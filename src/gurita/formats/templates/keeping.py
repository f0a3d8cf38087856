"""What was read stays read, within bounds."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Generic, Hashable, Optional, Tuple, TypeVar

__all__ = ["Kept"]

T = TypeVar("T")


class Kept(Generic[T]):
    """Values by key, the least recently used ones dropped when their sizes sum up to more than `most`."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = 0
        self._found: OrderedDict[Hashable, Tuple[T, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Optional[T]:
        """A value, or None."""
        with self._lock:
            found = self._found.get(key)
            if found is None:
                return None
            self._found.move_to_end(key)
            return found[0]

    def put(self, key: Hashable, value: T, size: int) -> T:
        """Keeps a value, unless it is larger than all may be together."""
        with self._lock:
            if size <= self.most and key not in self._found:
                self._found[key] = (value, size)
                self.size += size
                while self.size > self.most:
                    self.size -= self._found.popitem(last=False)[1][1]
        return value

    def clear(self) -> None:
        """Keeps nothing any more."""
        with self._lock:
            self._found.clear()
            self.size = 0
