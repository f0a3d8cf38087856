"""What can be wrong with keys and secrets. None of it goes away by trying again."""

from __future__ import annotations

from gurita.kernel.errors import Terminal

__all__ = ["KeyFileRefused", "SecretDamaged", "WrongRootKey"]


class KeyFileRefused(Terminal):
    """A root key that is no key, or that others could read."""


class WrongRootKey(Terminal):
    """The root key is not the one this database's secrets were encrypted under."""


class SecretDamaged(Terminal):
    """A stored secret does not open: it was changed, or moved from where it belongs."""
