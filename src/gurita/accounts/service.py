"""Accounts: the common behaviour, and signing in with one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from msgspec import UNSET, field
from msgspec.structs import replace
from sqlalchemy import ColumnElement

from gurita.accounts.expanding import expanded_in, plain_of
from gurita.accounts.private_keys import key_problem, key_text
from gurita.accounts.records import ACCOUNTS
from gurita.accounts.resources import ACCOUNT_TYPES, Account, SshKeyPairAccount, UsernamePasswordAccount
from gurita.accounts.rules import NEEDED, kind_of, problems, secrets
from gurita.catalog.collection import Collection
from gurita.http.query import ListQuery
from gurita.kernel.errors import Invalid
from gurita.kernel.paging import Paging
from gurita.secrets.opening import reveal

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.http.sensitive_value import SensitiveValue
    from gurita.kernel.sensitive import Sensitive
    from gurita.store.tx import Tx

__all__ = [
    "AccountQuery",
    "SignIn",
    "accounts",
    "expanded_in",
    "find_in",
    "get_in",
    "plain_of",
    "sign_in_in",
    "type_of",
]


@dataclass(frozen=True, slots=True)
class SignIn:
    """What signing in to a host takes: a key, or a password."""

    username: str
    private_key: Sensitive | None = None
    passphrase: Sensitive | None = None
    password: Sensitive | None = None


class AccountQuery(ListQuery):
    """What accounts may be filtered by."""

    account_type: list[str] = field(default_factory=list)


class Accounts(Collection[Account]):
    """The accounts of a space."""

    kind, body, item, query = ACCOUNTS, Account, "Account", AccountQuery
    path, permission = "accounts", "Account"
    template = "{/id}{?skip,take,ids,partialName,accountType}"
    links = {"Usages": "accounts/{id}/usages", "PublicKey": "accounts/{id}/pk"}

    def problems(self, doc: Account) -> Sequence[str]:
        return problems(doc)

    def prepare(self, tx: Tx, ctx: Context, before: Account | None, after: Account) -> Account:
        if before is not None and type(before) is not type(after):
            raise Invalid(
                f"AccountType: '{before.name}' is a {kind_of(before)} account, which stays so. Create another account."
            )
        if isinstance(after, SshKeyPairAccount):
            return _with_key(tx, ctx, before if isinstance(before, SshKeyPairAccount) else None, after)
        if needed := NEEDED.get(type(after)):
            member = next(shown for name, shown, _ in secrets(after) if name == needed)
            _must_have(getattr(before, needed, None), getattr(after, needed), member)
        return after

    def filters(self, tx: Tx, ctx: Context, query: Any) -> Sequence[ColumnElement[bool]]:
        wanted = {each.lower() for each in query.account_type}
        types = [each for each in ACCOUNT_TYPES if each.lower() in wanted]
        return [ACCOUNTS.table.c.account_type.in_(types)] if wanted else ()


accounts = Accounts()


def _with_key(
    tx: Tx, ctx: Context, before: SshKeyPairAccount | None, after: SshKeyPairAccount
) -> SshKeyPairAccount:
    """The account with its key as text. Raises Invalid unless key and passphrase fit, whichever of them is new."""
    key, passphrase = after.private_key_file, after.private_key_passphrase
    _must_have(before.private_key_file if before else None, key, "PrivateKeyFile")
    if key.new_value:
        key = replace(key, new_value=key_text(key.new_value))
    if key.new_value or passphrase.new_value or not passphrase.has_value:
        text = _value(tx, ctx, key, before.private_key_file if before else None)
        word = _value(tx, ctx, passphrase, before.private_key_passphrase if before else None)
        if text and (problem := key_problem(text, word)):
            raise Invalid(problem)
    return replace(after, private_key_file=key)


def _must_have(former: SensitiveValue | None, sent: SensitiveValue, member: str) -> None:
    """Raises Invalid when a secret an account cannot be without is missing or cleared."""
    kept = sent.has_value and former is not None and former.has_value
    if not sent.new_value and not kept:
        raise Invalid(f"{member}: must not be empty. Send it as {{HasValue: true, NewValue: …}}.")


def _value(tx: Tx, ctx: Context, sent: SensitiveValue, former: SensitiveValue | None) -> str | None:
    """What a secret will be: the new value, or the kept one; None when there is none."""
    if sent.new_value or not sent.has_value:
        return sent.new_value or None
    kept = _secret(tx, ctx, former)
    return None if kept is None else reveal(kept)


def _secret(tx: Tx, ctx: Context, stored: SensitiveValue | None) -> Sensitive | None:
    if stored is None or not stored.has_value or stored.secret_id is UNSET:
        return None
    secret: Sensitive = ctx.services.secrets.open_in(tx, ctx.space, stored.secret_id)
    return secret


def get_in(tx: Tx, ctx: Context, id: str) -> Account:
    """An account by id, slug or name. Raises NotFound."""
    return accounts.get_in(tx, ctx, id)


def find_in(tx: Tx, ctx: Context, id: str) -> Account | None:
    """The account with exactly this id, if there is one."""
    return next(iter(accounts.open(tx, ctx).list(Paging(), ids=[id]).items), None)


def type_of(account: Account) -> str:
    """The account's `AccountType`."""
    return kind_of(account)


def sign_in_in(tx: Tx, ctx: Context, id: str) -> SignIn:
    """What signing in to a host with an account takes. Raises NotFound, or Invalid for one that cannot."""
    account = get_in(tx, ctx, id)
    if isinstance(account, SshKeyPairAccount):
        key = _secret(tx, ctx, account.private_key_file)
        return SignIn(account.username, key, _secret(tx, ctx, account.private_key_passphrase))
    if isinstance(account, UsernamePasswordAccount):
        return SignIn(account.username, password=_secret(tx, ctx, account.password))
    raise Invalid(f"The account '{account.name}' is of type {kind_of(account)} and cannot sign in to a host.")
