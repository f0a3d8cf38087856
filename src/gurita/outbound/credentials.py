"""How a request proves who asks. The only place of this package that opens a `Sensitive`."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from gurita.kernel.sensitive import Sensitive
from gurita.secrets.opening import reveal

__all__ = ["Basic", "Bearer", "Credential", "Key", "header_of"]


@dataclass(frozen=True, slots=True)
class Basic:
    """A user name and a password (RFC 7617)."""

    username: str
    password: Sensitive


@dataclass(frozen=True, slots=True)
class Bearer:
    """A token (RFC 6750)."""

    token: Sensitive


@dataclass(frozen=True, slots=True)
class Key:
    """A key in a header of its own, such as `X-NuGet-ApiKey`."""

    header: str
    value: Sensitive


Credential = Basic | Bearer | Key


def header_of(credential: Credential) -> tuple[str, str]:
    """The header, in clear text: for the request and nothing else."""
    match credential:
        case Basic(username, password):
            pair = f"{username}:{reveal(password)}".encode()
            return "Authorization", f"Basic {base64.b64encode(pair).decode()}"
        case Bearer(token):
            return "Authorization", f"Bearer {reveal(token)}"
        case Key(header, value):
            return header, reveal(value)
