"""Fingerprints of host keys, and the older thumbprints of certificates."""

from __future__ import annotations

import re

__all__ = ["fingerprint_problems", "split_fingerprints"]

_SHA256 = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")
_HEX = re.compile(r"[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64}")
_PAIRS = re.compile(r"(?:[0-9A-Fa-f]{2}:){15,31}[0-9A-Fa-f]{2}")


def split_fingerprints(text: str | None) -> tuple[str, ...]:
    """The fingerprints in a member: one, or several during a rotation, joined by commas or blanks."""
    return tuple(re.split(r"[,\s]+", text.strip())) if text and text.strip() else ()


def fingerprint_problems(text: str | None, member: str) -> list[str]:
    """What is wrong with a fingerprint a client gives. Hexadecimal ones are kept, but never match a key."""
    found = split_fingerprints(text)
    if not found:
        return [
            (
                f"{member}: must not be empty. Give the fingerprint of the host's key as SHA256:…; "
                "machines/discover shows it."
            )
        ]
    return [
        f"{member}: '{one[:80]}' is not a fingerprint. Write SHA256: and 43 characters of base64, "
        "as `ssh-keygen -l` prints it, or 40 or 64 hexadecimal digits."
        for one in found
        if not (_SHA256.fullmatch(one) or _HEX.fullmatch(one) or _PAIRS.fullmatch(one))
    ]
