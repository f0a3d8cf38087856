"""SSH keys of our own: made, read, named by fingerprint."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import asyncssh

__all__ = ["authorized_line", "fingerprint", "key_at", "new_key"]


def new_key(comment: str = "gurita") -> bytes:
    """A new Ed25519 private key in OpenSSH's format, unencrypted."""
    return bytes(asyncssh.generate_private_key("ssh-ed25519", comment=comment).export_private_key())


def fingerprint(key: asyncssh.SSHKey) -> str:
    """`SHA256:` and the unpadded base64 of the public key's hash, as `ssh-keygen -l` prints it."""
    return key.get_fingerprint("sha256")


def authorized_line(key: asyncssh.SSHKey) -> str:
    """The public key as one line for `authorized_keys`."""
    return key.export_public_key().decode().strip()


def key_at(path: Path, comment: str = "gurita") -> asyncssh.SSHKey:
    """The key in a file, made with mode 0600 when there is none. Two who make it at once end with the same key.

    Raises PermissionError when others may read the file.
    """
    if not path.exists():
        aside = path.with_name(f"{path.name}.{os.getpid()}")
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(new_key(comment))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(aside, path)
        aside.unlink()
    if path.stat().st_mode & 0o077:
        raise PermissionError(f"{path} may be read by others; make it private with chmod 600")
    return asyncssh.import_private_key(path.read_bytes())
