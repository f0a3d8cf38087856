"""What an account must be like, and how a private key may be sent."""

from __future__ import annotations

import base64
import binascii

import asyncssh

from gurita.accounts.resources import (
    Account,
    AccountBase,
    SshKeyPairAccount,
    TokenAccount,
    UsernamePasswordAccount,
)
from gurita.catalog.rules import LONGEST_NAME, list_problems, name_problems, slug_problems, text_problems
from gurita.http.sensitive_value import SensitiveValue

__all__ = ["key_problem", "key_text", "kind_of", "problems"]

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


def key_text(sent: str) -> str:
    """The text of a private key that was sent as it is (PEM, OpenSSH) or in base64."""
    text = sent.strip()
    if not text.startswith("-----"):
        try:
            text = base64.b64decode("".join(text.split()), validate=True).decode("ascii").strip()
        except (binascii.Error, UnicodeDecodeError):
            return sent
    return text.replace("\r\n", "\n") + "\n"


def key_problem(key: str, passphrase: str | None) -> str | None:
    """What is wrong with a private key, or None. Never repeats the key."""
    try:
        asyncssh.import_private_key(key, passphrase or None)
    except asyncssh.KeyEncryptionError:
        if not passphrase:
            return "PrivateKeyFile: the key is encrypted. Send its passphrase in PrivateKeyPassphrase."
        return "PrivateKeyPassphrase: does not open the key. Send the passphrase the key was made with."
    except asyncssh.KeyImportError as error:
        if "passphrase" in str(error).lower() and not passphrase:
            return "PrivateKeyFile: the key is encrypted. Send its passphrase in PrivateKeyPassphrase."
        return (
            "PrivateKeyFile: is not a private key that can be read. Send the text of an OpenSSH or PEM private key, "
            "beginning with -----BEGIN, or that text in base64."
        )
    return None
