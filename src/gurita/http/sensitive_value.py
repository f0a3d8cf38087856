"""A secret as the API shows it: whether there is one, never which."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from gurita.http.wire import Wire

__all__ = ["SensitiveValue"]


class SensitiveValue(Wire):
    """In: `{HasValue: true, NewValue: "x"}` sets, `{HasValue: true, NewValue: null}` keeps, `{HasValue: false}` clears.

    Out: `NewValue` is always null. `secret_id` exists only in the stored document; one from a client is ignored.
    """

    has_value: bool = False
    new_value: str | None = None
    hint: str | None = None
    secret_id: str | UnsetType = UNSET

    def __repr__(self) -> str:
        return f"SensitiveValue(has_value={self.has_value})"
