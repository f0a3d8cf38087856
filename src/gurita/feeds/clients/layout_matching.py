"""Matching a feed's layout within a limit of time."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from gurita.feeds.clients.types import NotServed
from gurita.feeds.rules.layouts import LONGEST_PATH, Layout, Named

__all__ = ["TIME", "named_by"]

TIME = 10.0
"""Seconds all paths of a repository may take together."""

_PROGRAM = Path(__file__).with_name("layout_program.py")


async def named_by(layout: Layout, paths: Sequence[str], seconds: float = TIME) -> dict[str, Named]:
    """What each path is the file of; those of another layout are left out. Raises NotServed when it takes too long."""
    short = [path for path in paths if len(path) <= LONGEST_PATH]
    question = json.dumps({"pattern": layout.pattern, "paths": [path.lstrip("/") for path in short]})
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-S",
        str(_PROGRAM),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(seconds):
            answer, _ = await process.communicate(question.encode())
    except TimeoutError:
        raise NotServed(
            f"The feed's LayoutRegex did not come to an end over {len(short)} files within {seconds:g} seconds. "
            "Write it with fewer parts that repeat, such as [^/]+ where it says .+."
        ) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    found = {short[place]: layout.name(short[place], groups) for place, groups in json.loads(answer)}
    return {path: named for path, named in found.items() if named is not None}
