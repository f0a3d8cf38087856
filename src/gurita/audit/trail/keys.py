"""The key heads are signed with: one an installation, its private half a secret under the root key."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert, select

from gurita.audit.trail.chain import public_bytes
from gurita.audit.trail.records import audit_key
from gurita.kernel.sensitive import Sensitive
from gurita.secrets.opening import reveal
from gurita.secrets.vault import Secrets
from gurita.store.tx import Tx

__all__ = ["NAME", "public_in", "signer_in"]

NAME = "head"


def signer_in(tx: Tx, secrets: Secrets) -> Ed25519PrivateKey:
    """The key, made the first time anybody asks. Two nodes that ask at once get the same one."""
    found = tx.scalar(select(audit_key.c.secret).where(audit_key.c.name == NAME))
    if found is not None:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(reveal(secrets.open_in(tx, "", found))))
    key = Ed25519PrivateKey.generate()
    kept = secrets.store_in(tx, "", Sensitive(key.private_bytes_raw().hex()))
    tx.run(insert(audit_key).values(name=NAME, secret=kept, public=public_bytes(key).hex()))
    return key


def public_in(tx: Tx) -> str:
    """The public half in hexadecimal; "" when nothing was sealed yet."""
    return tx.scalar(select(audit_key.c.public).where(audit_key.c.name == NAME)) or ""
