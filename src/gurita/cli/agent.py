"""`gurita agent`: the agent's own program, with the same words."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

__all__ = ["agent"]


def agent(*words: Annotated[str, Parameter(allow_leading_hyphen=True, show=False)]) -> int:
    """Make this machine a target: register, run, deregister, unit."""
    from gurita.agent.program import run

    return run(words, ("gurita", "agent"))
