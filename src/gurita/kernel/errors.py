"""The one tree of exceptions.

    GuritaError
    ├── Refused                 a request that changes nothing; carries what the caller is told
    │   ├── Invalid        400  the request itself is wrong; `errors` name field, problem and way out
    │   ├── Unauthenticated 401
    │   ├── Forbidden      403  names the missing permission
    │   ├── NotFound       404
    │   ├── Conflict       409  stale version, duplicate, in use
    │   ├── TooLarge       413
    │   └── Unavailable    503  maintenance, draining, no space left; worth another try
    ├── Retryable               the same call may succeed later (mixed into other errors)
    ├── Terminal                trying again cannot help
    └── Fenced                  this node no longer owns the task; its work is discarded

`gurita.http.errors` maps the `Refused` branch to HTTP, and nothing else does.
"""

from __future__ import annotations

from gurita.kernel.places import ANYWHERE, Place

__all__ = [
    "Conflict",
    "Fenced",
    "Forbidden",
    "GuritaError",
    "Invalid",
    "NotFound",
    "Refused",
    "Retryable",
    "Terminal",
    "TooLarge",
    "Unauthenticated",
    "Unavailable",
]


class GuritaError(Exception):
    """Base of every error this product raises on purpose."""


class Retryable(GuritaError):
    """The same call may succeed later."""


class Terminal(GuritaError):
    """Trying again cannot help."""


class Fenced(GuritaError):
    """Another owner has taken the task over; whatever this node still wanted to write is refused."""


class Refused(GuritaError):
    """A refused request. `message` is the headline, `errors` one sentence a problem, `details` free data."""

    status = 400
    headline = "There was a problem with your request."

    def __init__(self, *errors: str, message: str | None = None, details: object = None) -> None:
        self.errors = list(errors)
        self.message = message or self.headline
        self.details = details
        super().__init__("; ".join([self.message, *errors]))


class Invalid(Refused):
    """The request itself is wrong. Each error names the field, what is wrong with it, and the way out."""


class Unauthenticated(Refused):
    """Nobody, or a key that is not valid."""

    status = 401
    headline = (
        "You must be logged in to request this resource. "
        "Send an API key in the X-Octopus-ApiKey header, or sign in first."
    )

    def __init__(self, *errors: str, challenge: bool = False) -> None:
        """`challenge` asks for a name and password in the way of HTTP: some clients send none unless asked."""
        self.challenge = challenge
        super().__init__(*errors)


class Forbidden(Refused):
    """The viewer lacks a permission."""

    status = 403
    headline = "You do not have permission to perform this action. Please contact your administrator."

    def __init__(
        self, permission: str, *errors: str, space: str | None = None, place: Place = ANYWHERE
    ) -> None:
        """`space` and `place` say where it is missing; with them, the answer can say who has it there."""
        self.permission, self.space, self.place = permission, space, place
        super().__init__(f"Missing permission: {permission}", *errors)


class NotFound(Refused):
    """Unknown here. Another space's id is answered exactly like one that never existed."""

    status = 404

    def __init__(self, what: str) -> None:
        super().__init__(message=f"The resource '{what}' was not found.")


class Conflict(Refused):
    """The request is fine, but not in the present state: stale version, duplicate, still in use."""

    status = 409


class TooLarge(Refused):
    """The body exceeds what this route takes."""

    status = 413
    headline = "The request body is too large."


class Unavailable(Refused, Retryable):
    """Not now: maintenance, draining, storage full."""

    status = 503
    headline = "The server cannot do this right now. Try again in a moment."
