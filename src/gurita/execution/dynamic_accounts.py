"""From a message that makes an account to the account."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gurita.accounts.resources import (
    Account,
    AwsAccount,
    AzurePrincipalAccount,
    TokenAccount,
    UsernamePasswordAccount,
)
from gurita.execution.wishes import Wish
from gurita.http.sensitive_value import SensitiveValue
from gurita.secrets.opening import reveal

__all__ = ["ACCOUNT_MESSAGES", "account_of"]


def account_of(wish: Wish, place: Mapping[str, Any]) -> Account:
    """The account a message describes, in that place. Raises WishRefused for what is missing."""
    return ACCOUNT_MESSAGES[wish.kind.lower()](wish, {"name": wish.needed("label"), **place})


def _secret(wish: Wish, name: str) -> SensitiveValue:
    return SensitiveValue(has_value=True, new_value=reveal(wish.secret(name)))


def _token(wish: Wish, shared: dict[str, Any]) -> Account:
    return TokenAccount(token=_secret(wish, "token"), **shared)


def _user(wish: Wish, shared: dict[str, Any]) -> Account:
    username = wish.needed("username")
    return UsernamePasswordAccount(username=username, password=_secret(wish, "password"), **shared)


def _aws(wish: Wish, shared: dict[str, Any]) -> Account:
    return AwsAccount(access_key=wish.needed("accessKey"), secret_key=_secret(wish, "secretKey"), **shared)


def _azure(wish: Wish, shared: dict[str, Any]) -> Account:
    return AzurePrincipalAccount(
        subscription_number=wish.needed("azureSubscriptionId"),
        client_id=wish.needed("azureApplicationId"),
        tenant_id=wish.needed("azureTenantId"),
        password=_secret(wish, "azurePassword"),
        azure_environment=wish.text("azureEnvironment"),
        active_directory_endpoint_base_uri=wish.text("azureBaseUri"),
        resource_management_endpoint_base_uri=wish.text("azureResourceManagementBaseUri"),
        **shared,
    )


ACCOUNT_MESSAGES: dict[str, Callable[[Wish, dict[str, Any]], Account]] = {
    "create-tokenaccount": _token,
    "create-userpassaccount": _user,
    "create-awsaccount": _aws,
    "create-azureaccount": _azure,
}
"""How each message describes an account."""
