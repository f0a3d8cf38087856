"""AES-256-GCM with a fresh random nonce before the ciphertext, bound to where it belongs."""

from __future__ import annotations

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

__all__ = ["Seal", "key_id", "self_test"]

_NONCE = 12  # bytes; NIST SP 800-38D, 8.2.2


class Seal:
    """One key in use."""

    __slots__ = ("_cipher",)

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def close(self, clear: bytes, place: str) -> bytes:
        """The text encrypted; it opens only for the same `place`."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, clear, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes | None:
        """The clear text; None for another key, another place or a changed text."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], place.encode())
        except (InvalidTag, ValueError):
            return None


def key_id(key: bytes) -> str:
    """A name for a key that tells nothing about it."""
    return hmac.new(key, b"gurita root key id", hashlib.sha256).hexdigest()[:16]


def self_test(seal: Seal) -> bool:
    """Whether encryption is what it says: not the clear text, not twice the same, and only for its place."""
    clear = b"a known text"
    first, second = seal.close(clear, "here"), seal.close(clear, "here")
    return (
        clear not in first
        and first != second
        and seal.open(first, "here") == clear
        and seal.open(first, "there") is None
        and seal.open(first[:-1] + bytes([first[-1] ^ 1]), "here") is None
    )
