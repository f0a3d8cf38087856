"""Counting what is asked of databases: statements through any `Tx`, whoever's thread runs them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import patch

from sqlalchemy.dialects import registry

from gurita.store.prepared import Prepared
from gurita.store.tx import Tx

__all__ = ["statements"]


@contextlib.contextmanager
def statements() -> Iterator[list[str]]:
    """The statements asked for inside, as text, in their order."""
    asked: list[str] = []

    def noting(method: Callable[..., Any]) -> Callable[..., Any]:
        def noted(tx: Tx, statement: Any, *rest: Any, **named: Any) -> Any:
            asked.append(
                _words(statement.statement if isinstance(statement, Prepared) else statement, tx.dialect)
            )
            return method(tx, statement, *rest, **named)

        return noted

    with contextlib.ExitStack() as stack:
        for name in ("run", "one", "all", "scalar"):
            stack.enter_context(patch.object(Tx, name, noting(getattr(Tx, name))))
        yield asked


def _words(statement: Any, dialect: str) -> str:
    return str(statement.compile(dialect=registry.load(dialect)()))
