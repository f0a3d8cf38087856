"""Keys and tokens: how they look, how they are found again, and names as they are compared."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from gurita.kernel.ids import folded

__all__ = ["API_KEY", "REGISTRATION", "digest", "hint", "name_key"]

API_KEY = re.compile(r"API-[A-Z0-9]{16,}")
"""An API key: capitals and digits. Those made here have 32 of them, 165 bits."""

REGISTRATION = "REGISTER-"
"""How a registration token begins."""

_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


def digest(secret: str) -> str:
    """What is stored of a secret with 160 bits or more: its SHA-256 in hex. Never for passwords."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


def hint(key: str) -> str:
    """What a list shows of a key: `API-ABC`."""
    return key[:7]


def name_key(username: str) -> str:
    """How usernames are compared: folded, without characters nobody sees, so that no variant is another user."""
    seen = "".join(one for one in username if one.isspace() or unicodedata.category(one) not in _UNSEEN)
    return folded(seen)
