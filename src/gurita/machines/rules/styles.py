"""The `CommunicationStyle` of endpoints."""

from __future__ import annotations

from gurita.machines.resources import Endpoint

__all__ = ["style_of"]


def style_of(endpoint: Endpoint) -> str:
    """The word for how a machine is reached, such as `Ssh`."""
    return str(endpoint.__struct_config__.tag)
