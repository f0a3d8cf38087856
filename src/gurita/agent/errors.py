"""What the agent cannot go on with; each sentence names the way out."""

from __future__ import annotations

from gurita.kernel.errors import Terminal

__all__ = ["AgentError", "AlreadyRuns", "NotRegistered", "ServerRefused"]


class AgentError(Terminal):
    """Base of the agent's own errors."""


class AlreadyRuns(AgentError):
    """Another agent holds this home folder."""


class NotRegistered(AgentError):
    """There is no usable configuration in the home folder."""


class ServerRefused(AgentError):
    """The server's API answered no."""
