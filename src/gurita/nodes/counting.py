"""How much of everything there is, over all spaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from gurita.nodes.resources import DocumentCounts
from gurita.store.kinds import KINDS
from gurita.store.tables import metadata

if TYPE_CHECKING:
    from gurita.store.tx import Tx

__all__ = ["counts_in"]

_GROUPS = {
    "infrastructure": {
        "Environments": "Environments",
        "Tenants": "Tenants",
        "DeploymentTargets": "Machines",
        "Workers": "Workers",
        "WorkerPools": "WorkerPools",
    },
    "project": {
        "Projects": "Projects",
        "Releases": "Releases",
        "Deployments": "Deployments",
        "Runbooks": "Runbooks",
        "RunbookRuns": "RunbookRuns",
    },
    "library": {
        "Certificates": "Certificates",
        "VariableSets": "LibraryVariableSets",
        "Packages": "Packages",
    },
}
_TABLES = {"Users": "user_account", "Packages": "package"}


def counts_in(tx: Tx) -> DocumentCounts:
    """Counts by what clients call things; 0 for what this server does not have yet."""
    found = {
        group: {shown: _count(tx, kind) for shown, kind in names.items()} for group, names in _GROUPS.items()
    }
    whole = {"Spaces": _count(tx, "Spaces"), "Users": _count(tx, "Users"), "Teams": 0}
    return DocumentCounts(
        global_=whole,
        infrastructure=found["infrastructure"],
        project=found["project"],
        library=found["library"],
    )


def _count(tx: Tx, kind: str) -> int:
    known = KINDS.get(kind)
    table = known.table if known is not None else metadata.tables.get(_TABLES.get(kind, ""))
    return 0 if table is None else int(tx.scalar(select(func.count()).select_from(table)))
