"""What is hashed and what is signed. Pure; whoever verifies needs only this, a public key, and the rows.

An event's *content hash* covers every column but its number. A *seal* lists the numbers and content hashes of the events it
takes in, in order; the chain goes on with each of them, `SHA-256(chain before | number | content hash)`. The *head* of the
chain after a seal (its number, time, count of events so far, chain) is signed with Ed25519 (RFC 8032).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

__all__ = [
    "BEGINNING",
    "CONTENT",
    "Anchor",
    "Head",
    "content_hash",
    "fingerprint",
    "linked",
    "public_bytes",
    "row_hash",
    "signature_holds",
    "signed",
]

CONTENT = (
    "space", "category", "document_type", "user_id", "username", "is_service", "established_with", "ip", "user_agent",
    "occurred", "message", "mentions", "related", "changes",
)  # fmt: skip
"""The columns of an event that are hashed, in this order."""

_encode = msgspec.json.Encoder().encode
_FORMAT = "gurita-audit-1"


class Anchor(msgspec.Struct, frozen=True, rename="pascal"):
    """Where a chain stands: after how many seals and events, and its value (hexadecimal)."""

    seal: int
    count: int
    chain: str


BEGINNING = Anchor(0, 0, "0" * 64)


class Head(msgspec.Struct, frozen=True, rename="pascal"):
    """A signed head. `sealed` is milliseconds since 1970; `key` the public key and `signature`, both hexadecimal."""

    installation: str
    seal: int
    sealed: int
    count: int
    chain: str
    key: str
    signature: str = ""

    @property
    def anchor(self) -> Anchor:
        """What comes after this head goes on from here."""
        return Anchor(self.seal, self.count, self.chain)


def content_hash(values: Mapping[str, Any]) -> str:
    """The hash of an event that is being written, in hexadecimal. Values are as the columns take them."""
    return hashlib.sha256(_encode([values[name] for name in CONTENT])).hexdigest()


def row_hash(row: Mapping[str, Any]) -> str:
    """The hash of an event that was read: SQLite gives a number for what was a boolean."""
    return content_hash({**row, "is_service": bool(row["is_service"])})


def linked(chain: str, members: Iterable[tuple[int, str]]) -> str:
    """The chain after these events (number and content hash each)."""
    for number, content in members:
        chain = hashlib.sha256(f"{chain}|{number}|{content}".encode()).hexdigest()
    return chain


def _said(head: Head) -> bytes:
    return _encode([_FORMAT, head.installation, head.seal, head.sealed, head.count, head.chain, head.key])


def public_bytes(key: Ed25519PrivateKey) -> bytes:
    """The public half, 32 bytes."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def signed(head: Head, key: Ed25519PrivateKey) -> Head:
    """The head with its key and signature."""
    head = msgspec.structs.replace(head, key=public_bytes(key).hex(), signature="")
    return msgspec.structs.replace(head, signature=key.sign(_said(head)).hex())


def signature_holds(head: Head) -> bool:
    """Whether the head was signed with the key it names. Whether that is the right key is for the caller to know."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(head.key)).verify(
            bytes.fromhex(head.signature), _said(head)
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(key: str) -> str:
    """A public key (hexadecimal) as people compare it: `SHA256:` and the hash in hexadecimal."""
    return f"SHA256:{hashlib.sha256(bytes.fromhex(key)).hexdigest()}"
