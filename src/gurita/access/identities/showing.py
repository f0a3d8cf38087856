"""Identities as users show them, and changing them by hand, inside a unit."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import UnsetType
from msgspec.structs import replace
from sqlalchemy import RowMapping

from gurita.access import users
from gurita.access.identities.linking import forget_in, identities_in, link_in
from gurita.access.identities.person import LONGEST, ExternalPerson
from gurita.access.providers.records import IDENTITY_PROVIDERS
from gurita.access.resources import Identity, IdentityClaim, User
from gurita.http.context import Context
from gurita.kernel.errors import Conflict, Forbidden, Invalid
from gurita.store.tx import Tx

__all__ = ["change_identities_in", "shown_in"]

_SUBJECT = "sub"
_MOST = 20


def shown_in(tx: Tx, found: Sequence[User]) -> list[User]:
    """Users with their identities filled in."""
    numbers = [number for one in found if (number := users.number_of(one.id)) is not None]
    known = identities_in(tx, numbers)
    names = {doc.id: doc.name for doc in IDENTITY_PROVIDERS.open(tx, "").all()} if known else {}
    return [
        replace(one, identities=[_shown(row, names) for row in known.get(users.number_of(one.id) or 0, ())])
        for one in found
    ]


def _shown(row: RowMapping, names: dict[str, str]) -> Identity:
    said = {"username": row["username"], "email": row["email"], "displayName": row["display_name"]}
    claims = {name: IdentityClaim(value=value) for name, value in said.items() if value}
    subject = IdentityClaim(value=row["subject"], is_identifying_claim=True)
    return Identity(
        identity_provider_name=names.get(row["provider"], row["provider"]),
        claims={_SUBJECT: subject, **claims},
    )


def change_identities_in(
    tx: Tx, ctx: Context, row: RowMapping, wanted: Sequence[Identity] | UnsetType, now: int
) -> bool:
    """Gives a user the identities a client sends, and says whether there was anything to change.

    Only the subject counts. Taking one away ends the user's sessions. Raises Invalid, Conflict, Forbidden.
    """
    if isinstance(wanted, UnsetType):
        return False
    present = {
        (one["provider"], one["subject"]): one
        for one in identities_in(tx, [row["number"]]).get(row["number"], ())
    }
    asked = {_asked(tx, one, place): one for place, one in enumerate(wanted[:_MOST])}
    added = [pair for pair in asked if pair not in present]
    gone = [known for pair, known in present.items() if pair not in asked]
    if added and not ctx.viewer.may("UserEdit", ""):
        raise Forbidden("UserEdit", "Add an identity to yourself by signing in with its provider.", space="")
    if added and row["is_service"]:
        raise Conflict("Identities: a service account does not sign in; give it OIDC identities instead.")
    if added and users.is_guest(row):
        raise Conflict("Identities: anybody may be the guest, who is nobody elsewhere.")
    for known in gone:
        forget_in(tx, known["number"])
    for provider, subject in added:
        link_in(tx, row["number"], provider, ExternalPerson(subject, ""), now)
    return bool(added or gone)


def _asked(tx: Tx, identity: Identity, place: int) -> tuple[str, str]:
    provider = IDENTITY_PROVIDERS.open(tx, "").find(identity.identity_provider_name)
    if provider is None:
        raise Invalid(
            f"Identities[{place}].IdentityProviderName: there is no provider '{identity.identity_provider_name}'."
        )
    claim = identity.claims.get(_SUBJECT)
    if (
        claim is None
        or not claim.value.strip()
        or len(claim.value) > LONGEST
        or not claim.value.isprintable()
    ):
        raise Invalid(
            f"Identities[{place}].Claims.sub: must be the subject at the provider. Names and addresses do not identify."
        )
    return provider.id, claim.value
