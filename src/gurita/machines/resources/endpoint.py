"""Endpoints: how a machine is reached, told apart by `CommunicationStyle` (api.md 8)."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import field

from gurita.http.wire import Wire

__all__ = [
    "STYLES",
    "AgentVersion",
    "Endpoint",
    "ListeningEndpoint",
    "NoEndpoint",
    "PollingEndpoint",
    "SshEndpoint",
]


class AgentVersion(Wire):
    """The agent's version, and whether it should or must be upgraded. Read only."""

    version: str | None = None
    upgrade_locked: bool = False
    upgrade_suggested: bool = False
    upgrade_required: bool = False
    upgrade_available: bool = False


class _Endpoint(Wire, tag_field="CommunicationStyle"):
    """What all endpoints share. `id` and `space_id` are sent by older clients and mean nothing."""

    id: str | None = None
    space_id: str | None = None


class NoEndpoint(_Endpoint, tag="None"):
    """Nothing to connect to: a region in the cloud, whose steps run on the server."""

    default_worker_pool_id: str | None = None


class ListeningEndpoint(_Endpoint, tag="TentaclePassive"):
    """An agent the server dials: `https://host:port`, known by the fingerprint of its key."""

    uri: str | None = ""
    thumbprint: str | None = ""
    proxy_id: str | None = None
    tentacle_version_details: AgentVersion = field(default_factory=AgentVersion)
    certificate_signature_algorithm: str | None = None


class PollingEndpoint(_Endpoint, tag="TentacleActive"):
    """An agent that dials the server: `poll://subscription/`, known by the fingerprint of its key."""

    uri: str | None = ""
    thumbprint: str | None = ""
    tentacle_version_details: AgentVersion = field(default_factory=AgentVersion)
    certificate_signature_algorithm: str | None = None


class SshEndpoint(_Endpoint, tag="Ssh"):
    """A host reached through its own SSH server. Several fingerprints, joined by commas, allow for rotation."""

    account_id: str = ""
    host: str | None = ""
    port: int = 22
    fingerprint: str | None = ""
    uri: str | None = ""
    proxy_id: str | None = None
    dot_net_core_platform: str | None = None
    host_key_algorithm: str | None = None


Endpoint: TypeAlias = NoEndpoint | ListeningEndpoint | PollingEndpoint | SshEndpoint

STYLES = ("None", "Ssh", "TentacleActive", "TentaclePassive")
"""The communication styles a machine may have."""
