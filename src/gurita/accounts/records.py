"""How accounts are stored: all types in one table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Text

from gurita.accounts.resources import ACCOUNT_TYPES, AccountBase
from gurita.accounts.rules import kind_of
from gurita.catalog.visibility import Lying, Many
from gurita.store.codec import JsonCodec
from gurita.store.documents import DocumentKind, Indexed, Reference

__all__ = ["ACCOUNTS"]


class _Type(msgspec.Struct, rename="pascal"):
    account_type: str


_type = msgspec.json.Decoder(_Type)


class _AccountCodec(JsonCodec):
    """Reads an account as the struct of its type."""

    def read(self, text: str, kind: type[Any]) -> Any:
        return super().read(text, ACCOUNT_TYPES[_type.decode(text).account_type])


def _references(account: AccountBase) -> Iterator[Reference]:
    for place, id in enumerate(account.environment_ids):
        yield Reference(f"EnvironmentIds[{place}]", "Environments", id)
    for place, id in enumerate(account.tenant_ids):
        yield Reference(f"TenantIds[{place}]", "Tenants", id)


ACCOUNTS = DocumentKind(
    "Accounts",
    AccountBase,
    title="account",
    table="account",
    columns=[Indexed("account_type", Text, kind_of)],
    references=_references,
    visible=Lying("AccountView", environments=Many("EnvironmentIds")),
    codec=_AccountCodec(),
)
