"""The SSH algorithms offered, best first. Nothing is left to defaults of a library version.

AES-GCM comes first: it costs a fraction of ChaCha20 on processors with AES instructions. The hybrid key exchange with
ML-KEM is taken wherever both sides can. SHA-1, CBC, DSA and finite-field groups under 2048 bits are never offered.
"""

from __future__ import annotations

__all__ = ["CIPHERS", "HOST_KEY_FAMILIES", "KEY_EXCHANGES", "MACS", "SIGNATURES"]

KEY_EXCHANGES = (
    "mlkem768x25519-sha256",
    "curve25519-sha256",
    "curve25519-sha256@libssh.org",
    "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp521",
    "diffie-hellman-group-exchange-sha256",
    "diffie-hellman-group16-sha512",
    "diffie-hellman-group14-sha256",
)
CIPHERS = (
    "aes128-gcm@openssh.com",
    "aes256-gcm@openssh.com",
    "chacha20-poly1305@openssh.com",
    "aes128-ctr",
    "aes256-ctr",
)
MACS = (
    "hmac-sha2-256-etm@openssh.com",
    "hmac-sha2-512-etm@openssh.com",
    "hmac-sha2-256",
    "hmac-sha2-512",
)
HOST_KEY_FAMILIES = (
    ("ssh-ed25519",),
    ("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"),
    ("rsa-sha2-512", "rsa-sha2-256"),
)
SIGNATURES = tuple(name for family in HOST_KEY_FAMILIES for name in family)
