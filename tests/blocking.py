"""Calls that stop until a test lets them go: what is done beside the event loop stops only itself."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import pytest

__all__ = ["Stopped", "stop"]

_PATIENCE = 100


@dataclass
class Stopped:
    """`inside` counts the calls that have begun. A call nobody lets go fails."""

    inside: int = 0
    go: threading.Event = field(default_factory=threading.Event)

    def wait(self) -> None:
        self.inside += 1
        assert self.go.wait(_PATIENCE), "the event loop waits for this call itself"


def stop(patch: pytest.MonkeyPatch, module: ModuleType, name: str) -> Stopped:
    """From now on a module's function waits before it does anything."""
    stopped, function = Stopped(), getattr(module, name)

    def waiting(*arguments: Any, **named: Any) -> Any:
        stopped.wait()
        return function(*arguments, **named)

    patch.setattr(module, name, waiting)
    return stopped
