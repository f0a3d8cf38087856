"""What the client's commands cannot go on with."""

from __future__ import annotations

from collections.abc import Sequence

from gurita.kernel.errors import GuritaError

__all__ = ["ApiRefused", "CommandError", "Misused", "ServerAway"]


class CommandError(GuritaError):
    """A command that cannot be done as it was given; its text says what would do."""


class Misused(CommandError):
    """Words that make no sense together; the exit code is that of a command line that was not understood."""


class ServerAway(CommandError):
    """The server cannot be reached, or what answers is no Gurita server."""


class ApiRefused(CommandError):
    """The server's API answered no. `errors` are its own sentences, one a problem."""

    def __init__(self, status: int, message: str, errors: Sequence[str] = ()) -> None:
        self.status, self.message, self.errors = status, message, list(errors)
        super().__init__("\n".join([message, *(f"  {each}" for each in self.errors)]))
