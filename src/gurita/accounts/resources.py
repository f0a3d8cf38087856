"""Accounts: what a machine or a step signs in with (api.md 8)."""

from __future__ import annotations

from typing import TypeAlias, get_args

from msgspec import field

from gurita.accounts.account_base import AccountBase, Secret, Text
from gurita.accounts.oidc_accounts import (
    AwsOidcAccount,
    AzureOidcAccount,
    GenericOidcAccount,
    GoogleOidcAccount,
    OidcAccount,
)
from gurita.accounts.usage_resources import AccountUsages, TargetUsage
from gurita.http.sensitive_value import SensitiveValue
from gurita.http.wire import Wire

__all__ = [
    "ACCOUNT_TYPES",
    "Account",
    "AccountBase",
    "AccountUsages",
    "AwsAccount",
    "AwsOidcAccount",
    "AzureEnvironment",
    "AzureOidcAccount",
    "AzurePrincipalAccount",
    "AzureSubscriptionAccount",
    "GenericOidcAccount",
    "GoogleAccount",
    "GoogleOidcAccount",
    "NoAccount",
    "OidcAccount",
    "SshKeyPairAccount",
    "TargetUsage",
    "TokenAccount",
    "UsernamePasswordAccount",
]


class NoAccount(AccountBase, tag="None"):
    """An account without anything to sign in with."""


class SshKeyPairAccount(AccountBase, tag="SshKeyPair"):
    """A user name and a private key. The key is sent as its text (PEM or OpenSSH), or that in base64."""

    username: str = ""
    private_key_file: Secret = field(default_factory=SensitiveValue)
    private_key_passphrase: Secret = field(default_factory=SensitiveValue)


class UsernamePasswordAccount(AccountBase, tag="UsernamePassword"):
    """A user name and a password."""

    username: str = ""
    password: Secret = field(default_factory=SensitiveValue)


class TokenAccount(AccountBase, tag="Token"):
    """A token."""

    token: Secret = field(default_factory=SensitiveValue)


class AwsAccount(AccountBase, tag="AmazonWebServicesAccount"):
    """An access key of AWS."""

    access_key: str = ""
    secret_key: Secret = field(default_factory=SensitiveValue)
    region: Text = None


class AzurePrincipalAccount(AccountBase, tag="AzureServicePrincipal"):
    """A service principal of Azure, with its password."""

    subscription_number: str = ""
    client_id: str = ""
    tenant_id: str = ""
    password: Secret = field(default_factory=SensitiveValue)
    azure_environment: Text = ""
    active_directory_endpoint_base_uri: Text = ""
    resource_management_endpoint_base_uri: Text = ""


class AzureSubscriptionAccount(AccountBase, tag="AzureSubscription"):
    """A subscription of Azure, with a management certificate (PKCS #12 in base64)."""

    subscription_number: str = ""
    certificate_bytes: Secret = field(default_factory=SensitiveValue)
    certificate_thumbprint: Text = None
    azure_environment: Text = ""
    service_management_endpoint_base_uri: Text = ""
    service_management_endpoint_suffix: Text = ""


class GoogleAccount(AccountBase, tag="GoogleCloudAccount"):
    """A service account of Google Cloud: its key as JSON, in base64."""

    json_key: Secret = field(default_factory=SensitiveValue)


Account: TypeAlias = (
    NoAccount
    | SshKeyPairAccount
    | TokenAccount
    | UsernamePasswordAccount
    | AwsAccount
    | AwsOidcAccount
    | AzurePrincipalAccount
    | AzureSubscriptionAccount
    | AzureOidcAccount
    | GoogleAccount
    | GoogleOidcAccount
    | GenericOidcAccount
)

ACCOUNT_TYPES = {str(one.__struct_config__.tag): one for one in get_args(Account)}
"""The struct of every `AccountType`."""


class AzureEnvironment(Wire):
    """A cloud of Azure and its addresses."""

    name: str
    display_name: str
    authentication_endpoint: str
    resource_manager_endpoint: str
    graph_endpoint: str
    management_endpoint: str
    storage_endpoint_suffix: str
