"""The root key: where it comes from, and what is refused as one."""

from __future__ import annotations

import base64
import binascii
import contextlib
import os
import re
import secrets
import stat
import tempfile
from collections.abc import Mapping, MutableMapping
from pathlib import Path

from gurita.secrets.errors import KeyFileRefused
from gurita.secrets.vault import Secrets

__all__ = ["KEY_BYTES", "open_secrets", "read_key"]

KEY_BYTES = 32

_HEX = re.compile(r"[0-9a-fA-F]{64}")
_WAY_OUT = "A root key is 32 random bytes in base64 (44 characters) or 64 hexadecimal digits."


def open_secrets(data_dir: str | Path, env: Mapping[str, str]) -> Secrets:
    """The secrets under `GURITA_ROOT_KEY`, else the file `GURITA_ROOT_KEY_FILE`, else `data_dir/root.key`.

    That last file is made when it is missing. `GURITA_ROOT_KEY_PREVIOUS` holds former keys, by commas, while
    one is being replaced. Key variables are removed from `env` when it can be changed, so that no child process
    inherits them. Raises KeyFileRefused. `Secrets.check_in` compares the key with the database.
    """
    former = [
        read_key(text, "GURITA_ROOT_KEY_PREVIOUS")
        for text in _taken(env, "GURITA_ROOT_KEY_PREVIOUS").split(",")
        if text
    ]
    if text := _taken(env, "GURITA_ROOT_KEY"):
        return Secrets(read_key(text, "GURITA_ROOT_KEY"), former, source="GURITA_ROOT_KEY")
    if given := env.get("GURITA_ROOT_KEY_FILE"):
        return Secrets(_key_of(Path(given)), former, source=given)
    file = Path(data_dir) / "root.key"
    if not file.exists():
        _make(file)
    return Secrets(_key_of(file), former, source=str(file))


def read_key(text: str, source: str) -> bytes:
    """The key a text holds. Raises KeyFileRefused naming where it is from, and never the text."""
    plain = text.strip()
    if _HEX.fullmatch(plain):
        return bytes.fromhex(plain)
    try:
        key = base64.b64decode(plain, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyFileRefused(f"{source} does not hold a root key. {_WAY_OUT}")
    return key


def _taken(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "")
    if value and isinstance(env, MutableMapping):
        del env[name]
    return value


def _key_of(file: Path) -> bytes:
    try:
        handle = os.open(file, os.O_RDONLY)
    except OSError as error:
        raise KeyFileRefused(f"The root key file {file} cannot be read: {error.strerror}.") from error
    with os.fdopen(handle, "r", encoding="ascii", errors="replace") as opened:
        status = os.fstat(opened.fileno())
        if stat.S_IMODE(status.st_mode) & 0o077:
            raise KeyFileRefused(f"Others can read the root key file {file}. Run: chmod 600 {file}")
        if status.st_uid not in {os.geteuid(), 0}:
            raise KeyFileRefused(
                f"The root key file {file} belongs to another user (uid {status.st_uid}). "
                f"Run: chown {os.geteuid()} {file}"
            )
        return read_key(opened.read(4096), str(file))


def _make(file: Path) -> None:
    """Writes a new key aside and gives it its name, whole; another process that was quicker wins."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, aside = tempfile.mkstemp(dir=file.parent, prefix=".root.key.")  # mkstemp: mode 0600
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
            opened.flush()
            os.fsync(opened.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(aside, file)
    finally:
        Path(aside).unlink()
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
