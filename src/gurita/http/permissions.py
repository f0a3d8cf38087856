"""What a route may ask of whoever calls it: a permission, being signed in, or nothing."""

from __future__ import annotations

from gurita.kernel.permissions import PERMISSIONS

__all__ = ["PUBLIC", "SIGNED_IN", "Inside", "known"]

PUBLIC = "public"
"""Of a route: anyone may call it, signed in or not."""

SIGNED_IN = "signed in"
"""Of a route: every user may call it; the handler decides what each of them sees."""


class Inside(str):
    """Of a route: a permission the handler asks for itself, since only it can tell where it is needed."""

    __slots__ = ()


def known(permission: str) -> bool:
    """Whether a route may name this: a permission, `PUBLIC` or `SIGNED_IN`."""
    return permission in PERMISSIONS or permission in (PUBLIC, SIGNED_IN)
