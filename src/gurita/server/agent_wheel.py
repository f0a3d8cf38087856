"""The agent as a wheel, made from the very files this server runs: the same version on both sides."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
import zipfile
from functools import cache
from importlib.metadata import requires
from pathlib import Path

import gurita
from gurita import __version__

__all__ = ["WHEEL_NAME", "agent_wheel"]

_PARTS = ("kernel", "formats", "runner", "transport", "agent")
_NEEDS = ("asyncssh", "cryptography", "httpx2", "websockets")
_INFO = f"gurita_agent-{__version__}.dist-info"
_EPOCH = (2020, 1, 1, 0, 0, 0)

WHEEL_NAME = f"gurita_agent-{__version__}-py3-none-any.whl"


@cache
def agent_wheel() -> bytes:
    """The wheel's bytes; the same for the same files (format: the binary distribution format of packaging.python.org)."""
    files = dict(_sources())
    files[f"{_INFO}/METADATA"] = _metadata().encode()
    files[f"{_INFO}/WHEEL"] = (
        b"Wheel-Version: 1.0\nGenerator: gurita\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
    files[f"{_INFO}/entry_points.txt"] = b"[console_scripts]\ngurita-agent = gurita.agent.program:main\n"
    files[f"{_INFO}/RECORD"] = _record(files)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return made.getvalue()


def _sources() -> list[tuple[str, bytes]]:
    root = Path(gurita.__file__).parent
    found = [("gurita/__init__.py", (root / "__init__.py").read_bytes())]
    for part in _PARTS:
        files = (each for each in sorted((root / part).rglob("*")) if each.is_file())
        found.extend(
            (f"gurita/{file.relative_to(root).as_posix()}", file.read_bytes())
            for file in files
            if "__pycache__" not in file.parts
        )
    return found


def _metadata() -> str:
    lines = [
        "Metadata-Version: 2.1",
        "Name: gurita-agent",
        f"Version: {__version__}",
        "Requires-Python: >=3.11",
    ]
    lines.extend(
        f"Requires-Dist: {need}"
        for need in requires("gurita") or []
        if re.split(r"[^A-Za-z0-9_.-]", need, maxsplit=1)[0].lower() in _NEEDS and "extra ==" not in need
    )
    return "\n".join(lines) + "\n"


def _record(files: dict[str, bytes]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for name, data in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        writer.writerow([name, f"sha256={digest}", len(data)])
    writer.writerow([f"{_INFO}/RECORD", "", ""])
    return text.getvalue().encode()
