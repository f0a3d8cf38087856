"""Environments: the common behaviour, their order, and what other features ask of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from gurita.catalog.collection import Collection
from gurita.catalog.visibility import must_at
from gurita.environments.records import ENVIRONMENTS
from gurita.environments.resources import Environment
from gurita.environments.rules import problems
from gurita.kernel.errors import Invalid
from gurita.kernel.paging import MOST, Paging

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["all_in", "environments", "get_in", "names_in", "sort_in"]


class Environments(Collection[Environment]):
    """The environments of a space."""

    kind, body, item = ENVIRONMENTS, Environment, "Environment"
    path, permission = "environments", "Environment"
    template = "{/id}{?name,skip,ids,take,partialName}"
    links = {
        "Machines": "environments/{id}/machines{?skip,take,partialName,roles,isDisabled,healthStatuses,commStyles,"
        "tenantIds,tenantTags,shellNames}",
        "Metadata": "environments/{id}/metadata",
        "SinglyScopedVariableDetails": "environments/{id}/singlyScopedVariableDetails",
    }

    def problems(self, doc: Environment) -> Sequence[str]:
        return problems(doc)

    def prepare(self, tx: Tx, ctx: Context, before: Environment | None, after: Environment) -> Environment:
        if before is None and after.sort_order == 0:
            last = max((one.sort_order for one in all_in(tx, ctx.whole)), default=-1)
            return replace(after, sort_order=last + 1)
        return after


environments = Environments()


def get_in(tx: Tx, ctx: Context, id: str) -> Environment:
    """An environment by id, slug or name. Raises NotFound."""
    return environments.get_in(tx, ctx, id)


def all_in(tx: Tx, ctx: Context) -> list[Environment]:
    """All environments of the space in their order."""
    found = environments.open(tx, ctx).all()
    return sorted(found, key=lambda one: (one.sort_order, one.name))


def names_in(tx: Tx, ctx: Context, ids: Iterable[str]) -> dict[str, str]:
    """The names of environments by their ids; ids of none are left out."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    found = environments.open(tx, ctx).list(Paging(0, MOST), ids=wanted).items
    return {one.id: one.name for one in found}


def sort_in(tx: Tx, ctx: Context, ids: Sequence[str]) -> None:
    """Puts environments in the order of `ids`; those not named follow in their former order. Raises Invalid, Forbidden."""
    former = {one.id: one for one in all_in(tx, ctx.whole)}
    for place, id in enumerate(ids):
        if id not in former:
            raise Invalid(
                f"[{place}]: there is no environment '{id}' in this space. Send ids such as Environments-1."
            )
    if len(set(ids)) != len(ids):
        raise Invalid("An environment stands in the list twice. Name each once.")
    order = [*ids, *(id for id in former if id not in set(ids))]
    for place, id in enumerate(order):
        if former[id].sort_order != place:
            must_at(tx, ctx, "EnvironmentEdit", ENVIRONMENTS, former[id])
            environments.save_in(tx, ctx, former[id], replace(former[id], sort_order=place))
