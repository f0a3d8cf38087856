"""Secrets in documents: kept by id on the way in, hidden on the way out. Kinds without any cost nothing."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import inspect as shapes

from gurita.http.sensitive_value import SensitiveValue

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["holds_secrets", "keep_in", "shown"]

D = TypeVar("D")


@cache
def holds_secrets(kind: Any) -> bool:
    """Whether a document of this type may hold a SensitiveValue."""
    return _holds(shapes.type_info(kind), set())


def _holds(info: Any, seen: set[type]) -> bool:
    match info:
        case shapes.StructType(cls=cls, fields=fields):
            if cls is SensitiveValue:
                return True
            if cls in seen:
                return False
            seen.add(cls)
            return any(_holds(field.type, seen) for field in fields)
        case shapes.Metadata(type=inner):
            return _holds(inner, seen)
        case shapes.ListType(item_type=inner) | shapes.DictType(value_type=inner):
            return _holds(inner, seen)
        case shapes.UnionType(types=types):
            return any(_holds(one, seen) for one in types)
    return False


def _type(doc: object) -> Any:
    return type(doc)


def keep_in(tx: Tx, ctx: Context, before: D | None, after: D) -> D:
    """The document with its new secrets stored, and those kept that a client did not send again."""
    if not holds_secrets(_type(after)):
        return after
    from gurita.secrets.service import keep_in

    kept: D = keep_in(tx, ctx.services.secrets, ctx.space, before, after)
    return kept


def shown(doc: D) -> D:
    """The document as clients see it: whether there are secrets, never which."""
    if not holds_secrets(_type(doc)):
        return doc
    from gurita.secrets.service import hide

    hidden: D = hide(doc)
    return hidden
