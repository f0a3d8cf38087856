"""What an account must be like."""

from __future__ import annotations

from gurita.accounts.resources import (
    Account,
    AccountBase,
    SshKeyPairAccount,
    TokenAccount,
    UsernamePasswordAccount,
)
from gurita.catalog.rules import LONGEST_NAME, list_problems, name_problems, slug_problems, text_problems
from gurita.http.sensitive_value import SensitiveValue

__all__ = ["kind_of", "problems"]

LONGEST_SECRET = 64_000


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
    return found + [
        f"{member}: has {len(value.new_value)} characters. Use at most {LONGEST_SECRET}."
        for member, value in _secrets(account)
        if value.new_value and len(value.new_value) > LONGEST_SECRET
    ]


def _secrets(account: Account) -> tuple[tuple[str, SensitiveValue], ...]:
    if isinstance(account, SshKeyPairAccount):
        return (
            ("PrivateKeyFile", account.private_key_file),
            ("PrivateKeyPassphrase", account.private_key_passphrase),
        )
    if isinstance(account, TokenAccount):
        return (("Token", account.token),)
    return (("Password", account.password),)


def kind_of(account: AccountBase) -> str:
    """The account's `AccountType`."""
    return str(type(account).__struct_config__.tag)
