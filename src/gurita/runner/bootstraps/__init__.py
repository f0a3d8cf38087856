"""Files that go beside a script: helpers in the script's own language. Nothing here is imported by the runner."""

from __future__ import annotations

__all__: list[str] = []
