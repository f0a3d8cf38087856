"""Endpoints: how a machine is reached, told apart by `CommunicationStyle` (api.md 8)."""

from __future__ import annotations

from typing import TypeAlias, get_args

from msgspec import field

from gurita.http.wire import Wire
from gurita.machines.resources.endpoint_base import EndpointBase
from gurita.machines.resources.other_endpoints import (
    AwsEcsEndpoint,
    AzureCloudServiceEndpoint,
    AzureWebAppEndpoint,
    FtpEndpoint,
    KubernetesAgentEndpoint,
    KubernetesEndpoint,
    OfflineDropEndpoint,
    ServiceFabricEndpoint,
    StepPackageEndpoint,
)

__all__ = [
    "STYLES",
    "USABLE",
    "AgentVersion",
    "Endpoint",
    "ListeningEndpoint",
    "NoEndpoint",
    "PollingEndpoint",
    "SshEndpoint",
    "UnusableEndpoint",
]


class AgentVersion(Wire):
    """The agent's version, and whether it should or must be upgraded. Read only."""

    version: str | None = None
    upgrade_locked: bool = False
    upgrade_suggested: bool = False
    upgrade_required: bool = False
    upgrade_available: bool = False


class NoEndpoint(EndpointBase, tag="None"):
    """Nothing to connect to: a region in the cloud, whose steps run on the server."""

    default_worker_pool_id: str | None = None


class ListeningEndpoint(EndpointBase, tag="TentaclePassive"):
    """An agent the server dials: `https://host:port`, known by the fingerprint of its key."""

    uri: str | None = ""
    thumbprint: str | None = ""
    proxy_id: str | None = None
    tentacle_version_details: AgentVersion = field(default_factory=AgentVersion)
    certificate_signature_algorithm: str | None = None


class PollingEndpoint(EndpointBase, tag="TentacleActive"):
    """An agent that dials the server: `poll://subscription/`, known by the fingerprint of its key."""

    uri: str | None = ""
    thumbprint: str | None = ""
    tentacle_version_details: AgentVersion = field(default_factory=AgentVersion)
    certificate_signature_algorithm: str | None = None


class SshEndpoint(EndpointBase, tag="Ssh"):
    """A host reached through its own SSH server. Several fingerprints, joined by commas, allow for rotation."""

    account_id: str = ""
    host: str | None = ""
    port: int = 22
    fingerprint: str | None = ""
    uri: str | None = ""
    proxy_id: str | None = None
    dot_net_core_platform: str | None = None
    host_key_algorithm: str | None = None


UnusableEndpoint: TypeAlias = (
    OfflineDropEndpoint
    | AzureWebAppEndpoint
    | AzureCloudServiceEndpoint
    | ServiceFabricEndpoint
    | KubernetesEndpoint
    | KubernetesAgentEndpoint
    | StepPackageEndpoint
    | AwsEcsEndpoint
    | FtpEndpoint
)
"""Endpoints that are kept and cannot be reached from here."""

Endpoint: TypeAlias = NoEndpoint | ListeningEndpoint | PollingEndpoint | SshEndpoint | UnusableEndpoint

STYLES = tuple(sorted(str(one.__struct_config__.tag) for one in get_args(Endpoint)))
"""The communication styles a machine may have."""

USABLE = ("None", "Ssh", "TentacleActive", "TentaclePassive")
"""Those this server can reach."""
