"""From a message that makes a target to the machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from gurita.accounts import service as accounts
from gurita.accounts.rules import kind_of
from gurita.certificates import service as certificates
from gurita.execution.wishes import Wish, WishRefused
from gurita.http.sensitive_value import SensitiveValue
from gurita.http.wire import read
from gurita.kernel.errors import Invalid, NotFound
from gurita.kernel.sensitive import Sensitive
from gurita.machines.pools import service as pools
from gurita.machines.resources import USABLE, Endpoint, Machine, UnusableEndpoint
from gurita.machines.resources.other_endpoints import (
    AwsEcsEndpoint,
    AzureCloudServiceEndpoint,
    AzureWebAppEndpoint,
    KubernetesEndpoint,
    ServiceFabricEndpoint,
    StepPackageEndpoint,
)
from gurita.secrets.opening import reveal

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["TARGET_MESSAGES", "target_of"]


def target_of(tx: Tx, ctx: Context, wish: Wish, place: Mapping[str, Any]) -> Machine:
    """The machine a message describes, in that place. Raises WishRefused and Invalid."""
    roles = [role.strip() for role in wish.needed("octopusRoles").split(",") if role.strip()]
    name = wish.needed("label")
    endpoint = TARGET_MESSAGES[wish.kind.lower()](_Reading(tx, ctx, wish, place["environment_ids"][0]))
    seen = isinstance(endpoint, UnusableEndpoint)
    return Machine(name=name, endpoint=endpoint, roles=roles, skip_initial_health_check=seen, **place)


class _Reading:
    """A message whose names of accounts, certificates and pools are looked up."""

    def __init__(self, tx: Tx, ctx: Context, wish: Wish, environment: str) -> None:
        self.wish = wish
        self._tx, self._ctx, self._environment = tx, ctx, environment

    def account(self, *, prefix: str = "", asked: str = "") -> tuple[str, str]:
        """Id and type of the named account; of one whose type begins with `prefix`. Raises WishRefused."""
        wanted = asked or self.wish.needed("octopusAccountIdOrName")
        try:
            account = accounts.get_in(self._tx, self._ctx, wanted)
        except NotFound:
            raise WishRefused(f"there is no account '{wanted}'.") from None
        kind = kind_of(account)
        if not kind.startswith(prefix):
            raise WishRefused(f"the account '{account.name}' is of type {kind}, which does not fit.")
        if account.environment_ids and self._environment not in account.environment_ids:
            raise WishRefused(f"the account '{account.name}' may not be used in this environment.")
        return account.id, kind

    def certificate(self, name: str) -> str | None:
        """The id of the certificate an attribute names; None without one. Raises WishRefused."""
        wanted = self.wish.text(name)
        try:
            return certificates.get_in(self._tx, self._ctx, wanted).id if wanted else None
        except NotFound:
            raise WishRefused(f"there is no certificate '{wanted}'.") from None

    @property
    def pool(self) -> str | None:
        """The id of the worker pool; None without one. Raises WishRefused."""
        wanted = self.wish.text("octopusDefaultWorkerPoolIdOrName")
        try:
            return pools.get_in(self._tx, self._ctx, wanted).id if wanted else None
        except NotFound:
            raise WishRefused(f"there is no worker pool '{wanted}'.") from None


def _web_app(reading: _Reading) -> Endpoint:
    wish = reading.wish
    return AzureWebAppEndpoint(
        account_id=reading.account(prefix="Azure")[0],
        web_app_name=wish.needed("azureWebApp", "webAppName"),
        web_app_slot_name=wish.text("azureWebAppSlot", "azureDeploymentSlot", "webAppSlotName") or None,
        resource_group_name=wish.needed("azureResourceGroupName", "resourceGroupName"),
        default_worker_pool_id=reading.pool,
    )


def _cloud_service(reading: _Reading) -> Endpoint:
    wish = reading.wish
    slot = wish.text("azureDeploymentSlot").strip().lower()
    return AzureCloudServiceEndpoint(
        account_id=reading.account(prefix="AzureSubscription")[0],
        cloud_service_name=wish.needed("azureCloudServiceName"),
        storage_account_name=wish.needed("azureStorageAccount"),
        slot="Production" if slot == "production" else "Staging",
        swap_if_possible=wish.text("swap").strip().lower() != "deploy",
        use_current_instance_count=wish.text("instanceCount").strip().lower() != "configuration",
        default_worker_pool_id=reading.pool,
    )


_SECURITY = {
    **dict.fromkeys(("unsecure",), "Unsecure"),
    **dict.fromkeys(
        ("certificate", "clientcertificate", "secureclientcertificate"), "SecureClientCertificate"
    ),
    **dict.fromkeys(("aad", "azureactivedirectory", "secureazuread"), "SecureAzureAD"),
}
"""Modes by the words for them (octopus.com/docs: create Azure Service Fabric target command)."""


def _service_fabric(reading: _Reading) -> Endpoint:
    wish = reading.wish
    mode = _SECURITY.get(wish.needed("azureSecurityMode").lower())
    if mode is None:
        raise WishRefused(
            f"azureSecurityMode is '{wish.text('azureSecurityMode')}'. Use unsecure, certificate or aad."
        )
    password = wish.values.get("azureactivedirectorypassword")
    secret = SensitiveValue()
    if mode == "SecureAzureAD" and isinstance(password, Sensitive) and password:
        secret = SensitiveValue(has_value=True, new_value=reveal(password))
    return ServiceFabricEndpoint(
        connection_endpoint=wish.needed("azureConnectionEndpoint"),
        security_mode=msgspec.convert(mode, _field(ServiceFabricEndpoint, "security_mode")),
        server_cert_thumbprint=wish.text("azureCertificateThumbprint") or None,
        client_cert_variable=reading.certificate("octopusCertificateIdOrName"),
        certificate_store_location=wish.text("certificateStoreLocation") or None,
        certificate_store_name=wish.text("certificateStoreName") or None,
        aad_credential_type="UserCredential" if mode == "SecureAzureAD" else None,
        aad_user_credential_username=wish.text("azureActiveDirectoryUsername") or None,
        aad_user_credential_password=secret,
        default_worker_pool_id=reading.pool,
    )


def _field(kind: type[msgspec.Struct], name: str) -> Any:
    return next(one.type for one in msgspec.structs.fields(kind) if one.name == name)


def _kubernetes(reading: _Reading) -> Endpoint:
    wish = reading.wish
    authentication = _authentication(reading)
    if not wish.text("clusterUrl") and not wish.text("clusterName"):
        raise WishRefused("clusterUrl is empty, and so is clusterName.")
    return KubernetesEndpoint(
        cluster_url=wish.text("clusterUrl") or None,
        namespace=wish.text("namespace") or None,
        cluster_certificate=reading.certificate("octopusServerCertificateIdOrName"),
        skip_tls_verification=str(wish.flag("skipTlsVerification")),
        authentication=authentication,
        default_worker_pool_id=reading.pool,
    )


_CLOUDS = {"Azure": "KubernetesAzure", "Amazon": "KubernetesAws", "Google": "KubernetesGoogleCloud"}
_OF_CLOUD = {
    "KubernetesAzure": {"ClusterResourceGroup": "clusterResourceGroup", "AdminLogin": "clusterAdminLogin"},
    "KubernetesAws": {
        "UseInstanceRole": "awsUseWorkerCredentials",
        "AssumedRoleArn": "awsAssumeRoleArn",
        "AssumedRoleSession": "awsAssumeRoleSession",
        "AssumeRoleSessionDurationSeconds": "awsAssumeRoleSessionDurationSeconds",
        "AssumeRoleExternalId": "awsAssumeRoleExternalId",
    },
    "KubernetesGoogleCloud": {
        "Project": "clusterProject",
        "Region": "clusterRegion",
        "Zone": "clusterZone",
        "ImpersonateServiceAccount": "clusterImpersonateServiceAccount",
        "ServiceAccountEmails": "clusterServiceAccountEmails",
        "UseVmServiceAccount": "clusterUseVmServiceAccount",
    },
}


def _authentication(reading: _Reading) -> dict[str, Any]:
    """How to sign in to a cluster: by a certificate, an account, or what a worker of AWS has anyway."""
    wish = reading.wish
    if certificate := reading.certificate("octopusClientCertificateIdOrName"):
        return {"AuthenticationType": "KubernetesCertificate", "ClientCertificate": certificate}
    id, type_ = "", "Amazon"
    if not wish.flag("awsUseWorkerCredentials") or wish.text("octopusAccountIdOrName"):
        id, type_ = reading.account()
    style = next((value for begin, value in _CLOUDS.items() if type_.startswith(begin)), "KubernetesStandard")
    found: dict[str, Any] = {"AuthenticationType": style}
    if id:
        found["AccountId"] = id
    if style != "KubernetesStandard":
        found["ClusterName"] = wish.needed("clusterName")
    found |= {member: wish.text(name) for member, name in _OF_CLOUD.get(style, {}).items() if wish.text(name)}
    if "AssumedRoleArn" in found:
        found["AssumeRole"] = True
    return found


def _ecs(reading: _Reading) -> Endpoint:
    wish = reading.wish
    return AwsEcsEndpoint(
        cluster_name=wish.needed("clusterName"),
        region=wish.needed("region", "awsRegion"),
        account_id=reading.account(prefix="Amazon")[0],
        default_worker_pool_id=reading.pool,
    )


def _by_inputs(reading: _Reading) -> Endpoint:
    """A target by its identifier and inputs: one of a step package, or a style this server reaches itself."""
    wish = reading.wish
    identifier = wish.needed("targetId")
    try:
        inputs = msgspec.json.decode(wish.text("inputs") or "{}")
    except msgspec.MsgspecError as error:
        raise WishRefused(f"inputs is not JSON: {error}.") from None
    if not isinstance(inputs, dict):
        raise WishRefused("inputs is not a JSON object.")
    style = next((one for one in USABLE[1:] if one.lower() == identifier.lower()), "")
    if style:
        return _reached(reading, style, inputs)
    return StepPackageEndpoint(
        deployment_target_type_id=identifier,
        step_package_id=identifier,
        inputs=inputs,
        default_worker_pool_id=reading.pool,
    )


def _reached(reading: _Reading, style: str, inputs: dict[str, Any]) -> Endpoint:
    """An endpoint of a style this server reaches: `inputs` are its members; an account may be named."""
    members = {name: value for name, value in inputs.items() if name.lower() not in {"account", "accountid"}}
    asked = next((str(inputs[name]) for name in inputs if name.lower() in {"account", "accountid"}), "")
    if asked:
        members["AccountId"] = reading.account(asked=asked)[0]
    try:
        found: Endpoint = read(msgspec.json.encode({**members, "CommunicationStyle": style}), Endpoint)
    except Invalid as error:
        raise WishRefused(f"inputs: {' '.join(error.errors)}") from None
    return found


TARGET_MESSAGES: dict[str, Callable[[_Reading], Endpoint]] = {
    "create-azurewebapptarget": _web_app,
    "create-azurecloudservicetarget": _cloud_service,
    "create-azureservicefabrictarget": _service_fabric,
    "create-kubernetestarget": _kubernetes,
    "create-aws-ecs-target": _ecs,
    "createsteppackagetarget": _by_inputs,
}
"""How each message describes an endpoint."""
