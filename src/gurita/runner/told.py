"""What the conventions tell: lines with a level and service messages, on the same stdout the scripts write to."""

from __future__ import annotations

import os

from gurita.formats.service_messages import encode_message

__all__ = ["Told"]


class Told:
    """Writes to a handle. Masking is the launcher's: a secret in a path is hidden there."""

    def __init__(self, handle: int = 1) -> None:
        self._handle = handle

    def info(self, text: str) -> None:
        """An ordinary line."""
        self.raw(_line(text))

    def verbose(self, text: str) -> None:
        """A line for those who look closely."""
        self._at("verbose", text)

    def warning(self, text: str) -> None:
        """A line that asks for attention."""
        self._at("warning", text)

    def error(self, text: str) -> None:
        """A line that says what failed."""
        self._at("error", text)

    def output(self, name: str, value: str) -> None:
        """An output variable of the action."""
        self.message("setVariable", name=name, value=value)

    def message(self, kind: str, **attributes: str) -> None:
        """A service message."""
        self.raw(encode_message(kind, attributes).encode() + b"\n")

    def raw(self, data: bytes) -> None:
        """Bytes as they are."""
        view = memoryview(data)
        while view:
            view = view[os.write(self._handle, view) :]

    def _at(self, level: str, text: str) -> None:
        self.raw(
            f"##octopus[stdout-{level}]\n".encode() + _line(text) + b"##octopus[stdout-default]\n",
        )


def _line(text: str) -> bytes:
    return text.replace("##octopus", "##_octopus").encode("utf-8", "replace") + b"\n"
