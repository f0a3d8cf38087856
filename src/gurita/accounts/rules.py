"""What an account must be like."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gurita.accounts.resources import (
    Account,
    AccountBase,
    AwsAccount,
    AwsOidcAccount,
    AzureOidcAccount,
    AzurePrincipalAccount,
    AzureSubscriptionAccount,
    GoogleAccount,
    OidcAccount,
    SshKeyPairAccount,
    TokenAccount,
    UsernamePasswordAccount,
)
from gurita.catalog.rules import LONGEST_NAME, list_problems, name_problems, slug_problems, text_problems
from gurita.http.sensitive_value import SensitiveValue

__all__ = ["NEEDED", "kind_of", "problems", "secrets"]

LONGEST_SECRET = 64_000
MOST_CLAIMS = 50

SUBJECT_KEYS = {
    "deployment_subject_keys": "space environment project tenant runbook account type feed",
    "health_check_subject_keys": "space account target type",
    "account_test_subject_keys": "space account type",
}
"""Of what the subject of a token may be made, use by use."""

NEEDED: dict[type[AccountBase], str] = {
    TokenAccount: "token",
    AwsAccount: "secret_key",
    AzurePrincipalAccount: "password",
    GoogleAccount: "json_key",
}
"""The secret an account of the type cannot be without, besides the key of an SSH key pair."""

_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_ARN = re.compile(r"arn:[a-z-]+:iam::\d{12}:role/.{1,600}")


def problems(account: Account) -> list[str]:
    """Every fault of an account a client sends, except what needs the secrets already stored."""
    found = [
        *name_problems(account.name),
        *slug_problems(account.slug),
        *text_problems(account.description),
        *list_problems(account.environment_ids, "EnvironmentIds"),
        *list_problems(account.tenant_tags, "TenantTags"),
    ]
    if isinstance(account, SshKeyPairAccount | UsernamePasswordAccount):
        found += name_problems(account.username, "Username", LONGEST_NAME)
    elif isinstance(account, AwsAccount):
        found += name_problems(account.access_key, "AccessKey", LONGEST_NAME)
    elif isinstance(account, AzurePrincipalAccount | AzureOidcAccount | AzureSubscriptionAccount):
        found += _azure_problems(account)
    if isinstance(account, OidcAccount):
        found += _token_problems(account)
    return found + [
        f"{member}: has {len(value.new_value)} characters. Use at most {LONGEST_SECRET}."
        for _, member, value in secrets(account)
        if value.new_value and len(value.new_value) > LONGEST_SECRET
    ]


def _azure_problems(
    account: AzurePrincipalAccount | AzureOidcAccount | AzureSubscriptionAccount,
) -> Iterator[str]:
    members = [("SubscriptionNumber", account.subscription_number)]
    if not isinstance(account, AzureSubscriptionAccount):
        members += [("ClientId", account.client_id), ("TenantId", account.tenant_id)]
    for member, value in members:
        if not _GUID.fullmatch(value.strip()):
            yield f"{member}: '{value[:60]}' is not an id of Azure. Write 8-4-4-4-12 hexadecimal digits."


def _token_problems(account: OidcAccount) -> Iterator[str]:
    for name, words in SUBJECT_KEYS.items():
        member = "".join(part.capitalize() for part in name.split("_"))
        for key in getattr(account, name) or ():
            if key.lower() not in words.split():
                yield f"{member}: '{key[:60]}' is not known. Use some of {', '.join(words.split())}."
    claims = account.custom_claims or {}
    if len(claims) > MOST_CLAIMS or any(len(name) + len(value) > 4000 for name, value in claims.items()):
        yield f"CustomClaims: use at most {MOST_CLAIMS} claims of at most 4000 characters."
    if isinstance(account, AwsOidcAccount):
        if not _ARN.fullmatch(account.role_arn.strip()):
            yield f"RoleArn: '{account.role_arn[:80]}' is not a role. Write arn:aws:iam::123456789012:role/name."
        seconds = str(account.session_duration or "3600")
        if not (seconds.isdecimal() and 900 <= int(seconds[:9]) <= 43_200):
            yield f"SessionDuration: '{seconds[:20]}' is not from 900 to 43200 seconds."


def secrets(account: AccountBase) -> Iterator[tuple[str, str, SensitiveValue]]:
    """The secrets of an account: name, name as clients read it, value."""
    for name in account.__struct_fields__:
        value = getattr(account, name)
        if isinstance(value, SensitiveValue):
            yield name, "".join(part.capitalize() for part in name.split("_")), value


def kind_of(account: AccountBase) -> str:
    """The account's `AccountType`."""
    return str(type(account).__struct_config__.tag)
