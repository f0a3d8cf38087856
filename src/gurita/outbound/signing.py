"""Proving to a receiver that a request is from this server and not from yesterday."""

from __future__ import annotations

import hashlib
import hmac

__all__ = ["signature"]


def signature(secret: str, moment: int, body: bytes) -> str:
    """The header that proves a delivery: its time (seconds) and the HMAC-SHA-256 of `time.body`."""
    proof = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={proof}"
