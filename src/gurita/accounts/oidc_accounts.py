"""Accounts that sign in with a token this server issues, without a secret of their own."""

from __future__ import annotations

from msgspec import field

from gurita.accounts.account_base import AccountBase, Text

__all__ = ["AwsOidcAccount", "AzureOidcAccount", "GenericOidcAccount", "GoogleOidcAccount", "OidcAccount"]


class OidcAccount(AccountBase):
    """What they share: for whom the token is, and of what its subject is made, use by use."""

    audience: Text = ""
    deployment_subject_keys: list[str] | None = field(default_factory=list)
    health_check_subject_keys: list[str] | None = field(default_factory=list)
    account_test_subject_keys: list[str] | None = field(default_factory=list)
    custom_claims: dict[str, str] | None = field(default_factory=dict)


class AwsOidcAccount(OidcAccount, tag="AmazonWebServicesOidcAccount"):
    """A role of AWS. `session_duration` is seconds."""

    role_arn: str = ""
    session_duration: str | int | None = "3600"
    region: Text = None


class AzureOidcAccount(OidcAccount, tag="AzureOidc"):
    """An application of Azure with a federated credential."""

    subscription_number: str = ""
    client_id: str = ""
    tenant_id: str = ""
    azure_environment: Text = ""
    active_directory_endpoint_base_uri: Text = ""
    resource_management_endpoint_base_uri: Text = ""


class GoogleOidcAccount(OidcAccount, tag="GoogleCloudOidcAccount"):
    """A workload identity of Google Cloud."""


class GenericOidcAccount(OidcAccount, tag="GenericOidcAccount"):
    """Anything else that takes such tokens."""
