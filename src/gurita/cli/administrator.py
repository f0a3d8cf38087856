"""`gurita administrator`: the way back in when nobody can administer any more. Only for whoever has the host."""

from __future__ import annotations

import asyncio
import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from gurita.cli.server import ServerOptions

__all__ = ["administrator"]


def administrator(
    username: str,
    /,
    *,
    password_file: Annotated[Path | None, Parameter(allow_leading_hyphen=True)] = None,
    options: ServerOptions | None = None,
) -> int:
    """Make somebody an administrator with a new password. For when nobody can sign in any more; the server must be stopped.

    The user may be one there is, who is enabled again, or a new one. The audit trail tells of it.

    Parameters
    ----------
    username
        Who administers from now on.
    password_file
        File with the new password, `-` for standard input. Without it one is drawn and printed once.
    """
    from gurita.access.service import let_back_in
    from gurita.cli.texts import read_text
    from gurita.secrets.opening import reveal
    from gurita.server.offline import offline
    from gurita.server.settings import read_settings

    given = read_text(password_file).removesuffix("\n") if password_file else ""
    settings = read_settings(asdict(options or ServerOptions()))

    async def work() -> None:
        async with offline(settings, dict(os.environ)) as system:
            made = await let_back_in(system, username, given)
        print(f"{made.username} is {'a new' if made.is_new else 'an'} administrator. Start the server again.")
        if made.password is not None:
            print(f"Password, told only now: {reveal(made.password)}")

    asyncio.run(work())
    return 0
