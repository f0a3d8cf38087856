"""What an account is as variables: `Name.Username`, `Name.Password`… (the field's pages on account variables)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gurita.accounts.resources import Account
from gurita.accounts.rules import kind_of
from gurita.http.sensitive_value import SensitiveValue
from gurita.kernel.sensitive import Sensitive

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["expanded_in", "plain_of"]

_MEMBERS = {
    "username": "Username",
    "password": "Password",
    "private_key_file": "PrivateKeyFile",
    "private_key_passphrase": "PrivateKeyPassphrase",
    "token": "Token",
    "access_key": "AccessKey",
    "secret_key": "SecretKey",
    "region": "Region",
    "role_arn": "RoleArn",
    "session_duration": "SessionDuration",
    "subscription_number": "SubscriptionNumber",
    "client_id": "Client",
    "tenant_id": "TenantId",
    "azure_environment": "AzureEnvironment",
    "active_directory_endpoint_base_uri": "ActiveDirectoryEndpointBaseUri",
    "resource_management_endpoint_base_uri": "ResourceManagementEndpointBaseUri",
    "certificate_bytes": "CertificateBytes",
    "certificate_thumbprint": "CertificateThumbprint",
    "service_management_endpoint_base_uri": "ServiceManagementEndpointBaseUri",
    "service_management_endpoint_suffix": "ServiceManagementEndpointSuffix",
    "json_key": "JsonKey",
    "audience": "Audience",
}
"""Members of accounts and what they are called in variables. What an account does not have is not set."""


def expanded_in(tx: Tx, ctx: Context, account: Account) -> dict[str, str | Sensitive]:
    """The account's properties by the name they have after the variable's; secrets opened."""
    found: dict[str, str | Sensitive] = {"AccountType": kind_of(account), "Name": account.name}
    found.update(_members(tx, ctx, account))
    return found


def plain_of(account: Account) -> dict[str, str]:
    """The same without the secrets."""
    return {"AccountType": kind_of(account), "Name": account.name, **dict(_plain(account))}


def _members(tx: Tx, ctx: Context, account: Account) -> Iterator[tuple[str, str | Sensitive]]:
    yield from _plain(account)
    for member, name in _MEMBERS.items():
        value = getattr(account, member, None)
        if isinstance(value, SensitiveValue) and value.has_value and isinstance(value.secret_id, str):
            yield name, ctx.services.secrets.open_in(tx, ctx.space, value.secret_id)


def _plain(account: Account) -> Iterator[tuple[str, str]]:
    for member, name in _MEMBERS.items():
        value = getattr(account, member, None)
        if not isinstance(value, SensitiveValue) and value not in (None, ""):
            yield name, str(value)
