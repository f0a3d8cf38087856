"""The one place where a `Sensitive` is opened."""

from __future__ import annotations

from gurita.kernel.sensitive import Sensitive

__all__ = ["reveal"]


def reveal(value: Sensitive) -> str:
    """The clear text. Give it to what needs it and to nothing else: no log, no message, no document."""
    return value._text  # noqa: SLF001 - the only reader, see `Sensitive`
