"""How a private key may be sent, and what is wrong with one."""

from __future__ import annotations

import base64
import binascii

import asyncssh

from gurita.kernel.errors import Invalid

__all__ = ["key_problem", "key_text", "public_key"]


def key_text(sent: str) -> str:
    """The text of a private key that was sent as it is (PEM, OpenSSH) or in base64."""
    text = sent.strip()
    if not text.startswith("-----"):
        try:
            text = base64.b64decode("".join(text.split()), validate=True).decode("ascii").strip()
        except (binascii.Error, UnicodeDecodeError):
            return sent
    return text.replace("\r\n", "\n") + "\n"


def key_problem(key: str, passphrase: str | None) -> str | None:
    """What is wrong with a private key, or None. Never repeats the key."""
    try:
        asyncssh.import_private_key(key, passphrase or None)
    except (asyncssh.KeyEncryptionError, asyncssh.KeyImportError) as error:
        if "bcrypt" in str(error):
            return (
                "PrivateKeyFile: the key is encrypted in OpenSSH's own format, which this server cannot open. "
                "Convert it with `ssh-keygen -p -m PKCS8 -f FILE` and send it again."
            )
        if not _is_encrypted(key):
            return (
                "PrivateKeyFile: is not a private key that can be read. Send the text of an OpenSSH or PEM private "
                "key, beginning with -----BEGIN, or that text in base64."
            )
        if not passphrase:
            return "PrivateKeyFile: the key is encrypted. Send its passphrase in PrivateKeyPassphrase."
        return "PrivateKeyPassphrase: does not open the key. Send the passphrase the key was made with."
    return None


def public_key(key: str, passphrase: str | None) -> str:
    """The public half of a private key, as a line for `authorized_keys`. Raises Invalid where there is no key."""
    if not key:
        raise Invalid("AccountType: this account has no key pair. Ask for one of type SshKeyPair.")
    return asyncssh.import_private_key(key, passphrase or None).export_public_key().decode()


def _is_encrypted(key: str) -> bool:
    try:
        asyncssh.import_private_key(key)
    except (asyncssh.KeyEncryptionError, asyncssh.KeyImportError) as error:
        return "passphrase" in str(error).lower()
    return False
