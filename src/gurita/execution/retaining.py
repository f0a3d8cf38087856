"""How much of a deployment's installations stays on its targets: the lifecycle's word, or the space's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gurita.lifecycles.retention import service as policies
from gurita.runner.package_work import Retained

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.lifecycles.resources import Retention
    from gurita.store.tx import Tx

__all__ = ["retained_in"]


def retained_in(tx: Tx, ctx: Context, said: Retention | None) -> Retained:
    """What a deployment has frozen; `Default` is what the space's policy for files on targets says now."""
    if said is None:
        return Retained()
    strategy, quantity, unit = said.strategy, said.quantity_to_keep, said.unit
    if strategy == "Default":
        policy = policies.of_kind_in(tx, ctx, "LifecycleTentacle")
        strategy, quantity, unit = policy.strategy, policy.quantity_to_keep, policy.unit
    elif strategy is None:
        strategy = "Forever" if said.should_keep_forever else "Count"
    if strategy != "Count" or not quantity:
        return Retained()
    return Retained(items=quantity) if unit == "Items" else Retained(days=quantity)
