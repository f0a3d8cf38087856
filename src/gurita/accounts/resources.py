"""Accounts: what a machine or a step signs in with (api.md 8)."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import field

from gurita.catalog.resource import NamedResource
from gurita.http.sensitive_value import SensitiveValue
from gurita.http.wire import Wire

__all__ = [
    "Account",
    "AccountBase",
    "AccountUsages",
    "SshKeyPairAccount",
    "TokenAccount",
    "Usage",
    "UsernamePasswordAccount",
]


class AccountBase(NamedResource, tag_field="AccountType"):
    """What all accounts share. Empty `environment_ids` mean: usable in all environments."""

    environment_ids: list[str] = field(default_factory=list)
    tenant_ids: list[str] = field(default_factory=list)
    tenant_tags: list[str] = field(default_factory=list)
    tenanted_deployment_participation: Literal["Untenanted", "TenantedOrUntenanted", "Tenanted"] = (
        "Untenanted"
    )


class SshKeyPairAccount(AccountBase, tag="SshKeyPair"):
    """A user name and a private key. The key is sent as its text (PEM or OpenSSH), or that in base64."""

    username: str = ""
    private_key_file: SensitiveValue = field(default_factory=SensitiveValue)
    private_key_passphrase: SensitiveValue = field(default_factory=SensitiveValue)


class UsernamePasswordAccount(AccountBase, tag="UsernamePassword"):
    """A user name and a password."""

    username: str = ""
    password: SensitiveValue = field(default_factory=SensitiveValue)


class TokenAccount(AccountBase, tag="Token"):
    """A token."""

    token: SensitiveValue = field(default_factory=SensitiveValue)


Account: TypeAlias = SshKeyPairAccount | TokenAccount | UsernamePasswordAccount


class Usage(Wire):
    """One thing that uses an account."""

    id: str
    name: str = ""


class AccountUsages(Wire):
    """Who uses an account."""

    targets: list[Usage] = field(default_factory=list)
    deployment_processes: list[Usage] = field(default_factory=list)
    library_variable_sets: list[Usage] = field(default_factory=list)
    project_variable_sets: list[Usage] = field(default_factory=list)
    runbook_processes: list[Usage] = field(default_factory=list)
    others: list[Usage] = field(default_factory=list)
