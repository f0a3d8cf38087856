"""Exactly one document of a group is the default."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec.structs import replace

from gurita.catalog.collection import Collection
from gurita.kernel.errors import Conflict, Invalid, NotFound

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["OneDefault", "keep_one_default", "must_not_be_default"]

D = TypeVar("D", bound=Any)


class OneDefault(Collection[D]):
    """A kind of which each space has exactly one default, which can be handed on but not deleted."""

    def prepare(self, tx: Tx, ctx: Context, before: D | None, after: D) -> D:
        others = [one for one in self.open(tx, ctx).all() if before is None or one.id != before.id]
        return keep_one_default(before, after, others, lambda a, b: self.save_in(tx, ctx, a, b), self.words)

    def deleting(self, tx: Tx, ctx: Context, doc: D) -> None:
        must_not_be_default(doc, self.words)

    def default_in(self, tx: Tx, ctx: Context) -> D:
        """The default of the space. Raises NotFound where there is none."""
        for one in self.open(tx, ctx).all():
            if one.is_default:
                return one
        raise NotFound(f"default {self.words}")


def keep_one_default(
    before: D | None, after: D, others: Iterable[D], save: Callable[[D, D], Any], words: str
) -> D:
    """The document with `is_default` settled against the others of its group.

    The first of a group becomes the default. One that becomes it takes over from the former, which `save(before,
    after)` stores. Raises Invalid when the default would give it up without another taking over.
    """
    former = [other for other in others if other.is_default]
    if after.is_default:
        for other in former:
            save(other, replace(other, is_default=False))
        return after
    if before is not None and before.is_default:
        raise Invalid(f"IsDefault: this is the default {words}. Make another {words} the default instead.")
    return after if former else replace(after, is_default=True)


def must_not_be_default(doc: Any, words: str) -> None:
    """Raises Conflict for the default of a group, which cannot be deleted."""
    if doc.is_default:
        raise Conflict(
            f"'{doc.name}' is the default {words}. Make another {words} the default, then delete this one."
        )
