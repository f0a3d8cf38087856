"""Endpoints this server keeps for clients that manage them, and cannot reach (api.md 8).

A machine with one of them is found unavailable, and a deployment to it is refused in its plan.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, field

from gurita.http.sensitive_value import SensitiveValue
from gurita.http.wire import Wire
from gurita.machines.resources.endpoint_base import EndpointBase

__all__ = [
    "AwsEcsEndpoint",
    "AzureCloudServiceEndpoint",
    "AzureWebAppEndpoint",
    "DropDestination",
    "FtpEndpoint",
    "KubernetesAgentEndpoint",
    "KubernetesEndpoint",
    "OfflineDropEndpoint",
    "ServiceFabricEndpoint",
    "StepPackageEndpoint",
]

_Text = Annotated[str, Meta(max_length=20_000)] | None
_Free = Annotated[dict[str, Any], Meta(max_length=200)]


class DropDestination(Wire):
    """Where the folder of an offline drop is put."""

    destination_type: Literal["Artifact", "FileSystem"] = "Artifact"
    drop_folder_path: _Text = None


class OfflineDropEndpoint(EndpointBase, tag="OfflineDrop"):
    """A machine nobody can reach: what it needs is written to a folder that is carried there."""

    destination: DropDestination = field(default_factory=DropDestination)
    applications_directory: _Text = None
    octopus_working_directory: _Text = None
    sensitive_variables_encryption_password: SensitiveValue = field(default_factory=SensitiveValue)


class _Cloud(EndpointBase):
    """Something in a cloud, worked on from a worker of a pool."""

    default_worker_pool_id: str | None = None


class AzureWebAppEndpoint(_Cloud, tag="AzureWebApp"):
    """A web application in Azure."""

    account_id: str | None = None
    resource_group_name: _Text = None
    web_app_name: _Text = None
    web_app_slot_name: _Text = None


class AzureCloudServiceEndpoint(_Cloud, tag="AzureCloudService"):
    """A cloud service in Azure."""

    account_id: str | None = None
    cloud_service_name: _Text = None
    storage_account_name: _Text = None
    slot: str | None = None
    swap_if_possible: bool = False
    use_current_instance_count: bool = False


class ServiceFabricEndpoint(_Cloud, tag="AzureServiceFabricCluster"):
    """A Service Fabric cluster.

    The contract has `AadClientCredentialSecret` as a text. It is a secret: as a text it comes in, and never goes out.
    """

    connection_endpoint: _Text = None
    security_mode: Literal["Unsecure", "SecureClientCertificate", "SecureAzureAD"] = "Unsecure"
    server_cert_thumbprint: _Text = None
    client_cert_variable: _Text = None
    certificate_store_location: _Text = None
    certificate_store_name: _Text = None
    aad_credential_type: Literal["ClientCredential", "UserCredential"] | None = None
    aad_client_credential_secret: SensitiveValue | _Text = None
    aad_user_credential_username: _Text = None
    aad_user_credential_password: SensitiveValue = field(default_factory=SensitiveValue)

    def __post_init__(self) -> None:
        given = self.aad_client_credential_secret
        if isinstance(given, str):
            self.aad_client_credential_secret = SensitiveValue(has_value=bool(given), new_value=given or None)


class KubernetesEndpoint(_Cloud, tag="Kubernetes"):
    """A Kubernetes cluster through its API."""

    account_type: str | None = None
    authentication: _Free | None = None
    cluster_certificate: _Text = None
    cluster_certificate_path: _Text = None
    cluster_url: _Text = None
    container: _Free | None = None
    namespace: _Text = None
    proxy_id: str | None = None
    running_in_container: bool = False
    skip_tls_verification: str | bool | None = None


class KubernetesAgentEndpoint(EndpointBase, tag="KubernetesTentacle"):
    """A Kubernetes cluster through an agent inside it."""

    tentacle_endpoint_configuration: _Free | None = None
    kubernetes_agent_details: _Free | None = None
    default_namespace: _Text = None
    upgrade_locked: bool = False


class StepPackageEndpoint(_Cloud, tag="StepPackage"):
    """Something a step package knows how to work on. `inputs` are that package's own."""

    deployment_target_type_id: _Text = None
    step_package_id: _Text = None
    step_package_version: _Text = None
    inputs: _Free | None = None


class AwsEcsEndpoint(_Cloud, tag="AwsEcsCluster"):
    """An ECS cluster in AWS."""

    cluster_name: _Text = None
    region: _Text = None
    account_id: str | None = None
    inputs: _Free | None = None


class FtpEndpoint(EndpointBase, tag="Ftp"):
    """An FTP server."""

    host: _Text = None
    port: int = 21
    username: _Text = None
    password: SensitiveValue = field(default_factory=SensitiveValue)
    use_ftps: bool = False
