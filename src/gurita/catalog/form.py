"""Questions people are asked: prompted variables of a deployment, and what a waiting task wants to know."""

from __future__ import annotations

from typing import Any

from msgspec import field

from gurita.http.wire import Wire

__all__ = ["Form", "FormElement"]


class FormElement(Wire):
    """A question. `control` says how it is asked: `{Type, Name, Label, …}`."""

    name: str
    control: dict[str, Any]
    is_value_required: bool = False


class Form(Wire):
    """Questions and the values they start with, by element name."""

    values: dict[str, str | None] = field(default_factory=dict)
    elements: list[FormElement] = field(default_factory=list)
