"""`gurita audit`: checking that the audit trail is as it was written, without a server."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from gurita.cli.errors import Misused

if TYPE_CHECKING:
    from gurita.audit.trail.offline import Outside
    from gurita.audit.trail.verifying import Result

__all__ = ["app"]

app = App(name="audit", help="The audit trail: what was done, by whom.")


@app.command
def verify(
    *,
    data: Path | None = None,
    database: str | None = None,
    export: Annotated[list[Path] | None, Parameter(negative="")] = None,
    public_key: str | None = None,
    head: Annotated[list[Path] | None, Parameter(negative="")] = None,
) -> int:
    """Check the audit trail, offline, and name every event that is not as it was sealed. Exit code 0 only if all is well.

    Parameters
    ----------
    data
        The server's data folder (gurita-data): its database, the archives in it, and the newest head the server wrote there.
    database
        postgresql://… or sqlite:///path, where the database is elsewhere. With a password: GURITA_DATABASE.
    export
        A file from `GET /api/gurita/audit/export` or an archive, instead of a database. Several go on where the one before ends.
    public_key
        The key heads must be signed with, 64 hexadecimal digits or a file with them; else the data folder's, else the one found.
    head
        A file with heads that were published (JSON, one a line): the trail must pass through each.
    """
    from gurita.audit.trail.offline import verify_database, verify_file

    folder = data or (None if export or database else Path("gurita-data"))
    outside = _outside(folder, public_key or "", head or [])
    if export:
        if data or database:
            raise Misused("Give either --export or a database, not both.")
        result = None
        for file in export:
            result = verify_file(file, outside, result)
    else:
        url = database or os.environ.get("GURITA_DATABASE") or f"sqlite:///{(folder or Path()) / 'gurita.db'}"
        result = verify_database(url, outside, None if folder is None else folder / "blobs")
    return _told(result, known=bool(outside.key or outside.heads)) if result is not None else 1


def _outside(folder: Path | None, key: str, files: list[Path]) -> Outside:
    import msgspec

    from gurita.audit.trail.chain import Head
    from gurita.audit.trail.head_file import heads_in_folder
    from gurita.audit.trail.offline import Outside

    if key and not _is_key(key):
        try:
            key = Path(key).read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise Misused(
                f"--public-key {key} is neither a key of 64 hexadecimal digits nor a file: {error}."
            ) from None
        if not _is_key(key):
            raise Misused("--public-key: the file does not hold a key of 64 hexadecimal digits.")
    heads = [] if folder is None else list(heads_in_folder(folder))
    for file in files:
        try:
            lines = file.read_bytes().splitlines()
            heads += [(file.name, msgspec.json.decode(line, type=Head)) for line in lines if line.strip()]
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise Misused(f"--head {file} holds no heads: {error}.") from None
    return Outside(key.lower(), tuple(heads))


def _is_key(text: str) -> bool:
    try:
        return len(bytes.fromhex(text)) * 2 == len(text) == 64
    except ValueError:
        return False


def _told(result: Result, *, known: bool) -> int:
    from datetime import UTC, datetime

    from gurita.audit.trail.chain import fingerprint

    for finding in result.findings:
        print(finding)
    if result.findings:
        print(
            f"The audit trail is NOT as it was written: {len(result.findings)} findings, the first is {result.findings[0].about}."
        )
        return 1
    if result.head is None:
        print("Nothing was sealed yet.")
        return 0
    at = datetime.fromtimestamp(result.head.sealed / 1000, UTC).isoformat(timespec="seconds")
    print(
        f"The audit trail is as it was written: {result.head.count} events in {result.head.seal} seals, the last of {at}."
    )
    print(f"Signed with {fingerprint(result.head.key)}.")
    if result.unsealed:
        print(f"{result.unsealed} events came after the last seal and are not sealed yet.")
    if not known:
        print(
            "Nothing from outside was compared: a whole trail made anew, or an end cut off, would not show. See --head, --public-key."
        )
    return 0
