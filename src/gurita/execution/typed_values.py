"""Variables that stand for an account, a certificate or a worker pool: what they are when a deployment begins.

A release freezes which document a variable names, never what the document says: an old release uses the account's new password.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from gurita.accounts import service as accounts
from gurita.certificates import service as certificates
from gurita.kernel.errors import GuritaError, NotFound
from gurita.kernel.sensitive import Sensitive
from gurita.machines.pools import service as pools
from gurita.variables.rules import REFERENCING, is_reference

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["Expanded", "expanded_in"]

Expanded = Mapping[str, str | Sensitive]
"""The properties of a document by the name they have after the variable's: `Username`, `Password`."""


def expanded_in(
    tx: Tx, ctx: Context, named: Iterable[tuple[str, str, str]], environment: tuple[str, str]
) -> tuple[dict[str, Expanded], list[str]]:
    """What each document named by variables (name, type, value) is, by its id; and why some are nothing here.

    `environment` is id and name of the one that is deployed to: what is kept for others is not given to it.
    """
    found: dict[str, Expanded] = {}
    problems: dict[str, None] = {}
    for name, kind, id in named:
        if id in found or not is_reference(kind, id):
            continue
        try:
            found[id] = _expanded_in(tx, ctx, kind, id, environment)
        except NotFound:
            problems[f"The variable {name} stands for '{id}', which is gone; only its id is known."] = None
        except GuritaError as error:
            problems[f"The variable {name} stands for '{id}', of which only the id is known: {error}"] = None
    return found, list(problems)


class _NotHere(GuritaError):
    """A document is kept for other environments."""


def _expanded_in(tx: Tx, ctx: Context, kind: str, id: str, environment: tuple[str, str]) -> Expanded:
    if REFERENCING[kind] == "WorkerPools":
        return {"Name": pools.get_in(tx, ctx, id).name}
    if REFERENCING[kind] == "Certificates":
        certificate = certificates.get_in(tx, ctx, id)
        _must_be_for(certificate, environment)
        return certificates.expanded_in(tx, ctx, certificate)
    account = accounts.get_in(tx, ctx, id)
    _must_be_for(account, environment)
    return accounts.expanded_in(tx, ctx, account)


def _must_be_for(doc: Any, environment: tuple[str, str]) -> None:
    id, name = environment
    if doc.environment_ids and id not in doc.environment_ids:
        raise _NotHere(
            f"'{doc.name}' may not be used in {name}. Add the environment to it, or scope the variable."
        )
