"""What the form of a step type is made of: the one source of the portal's editor, the API, and the tables in docs/steps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

__all__ = ["FormChoice", "FormCondition", "FormField", "FormSection", "StepForm", "table"]

Kind = Literal[
    "text", "lines", "number", "code", "checkbox", "select", "feature", "package", "packages", "stage"
]
"""How a field is filled in.

`lines` has an entry a line; `checkbox` is True or False; `feature` is a name in `Octopus.Action.EnabledFeatures`; `package` is the
primary package and `packages` are the further ones, both kept in the action's `Packages`; `stage` is a script for each of its
choices, in properties of the field's name with a dot and the choice's value.
"""


class FormChoice(msgspec.Struct, rename="pascal", kw_only=True, frozen=True):
    """One of several values."""

    value: str
    title: str


class FormCondition(msgspec.Struct, rename="pascal", kw_only=True, frozen=True):
    """Whether a field is shown: another one (by name; a feature counts as True or False) has one of these values, in any case."""

    name: str
    values: list[str]


class FormField(msgspec.Struct, rename="pascal", kw_only=True, frozen=True):
    """One setting of an action. `name` is its property, `help` is short Markdown (code in backticks, nothing else)."""

    name: str
    label: str
    help: str
    kind: Kind = "text"
    default: str = ""
    required: bool = False
    choices: list[FormChoice] = []
    language: str = ""
    language_from: str = ""
    least: int = 0
    most: int = 0
    shown_when: list[FormCondition] = []
    """All of them must hold."""


class FormSection(msgspec.Struct, rename="pascal", kw_only=True, frozen=True):
    """Fields that belong together under a heading."""

    name: str
    title: str
    summary: str
    fields: list[FormField]


class StepForm(msgspec.Struct, rename="pascal", kw_only=True, frozen=True):
    """A step type as people choose it and fill it in."""

    name: str
    title: str
    summary: str
    category: str
    server_only: bool = False
    has_primary_package: bool = False
    sections: list[FormSection]

    def fields(self) -> Iterator[FormField]:
        """All fields in their order."""
        for section in self.sections:
            yield from section.fields


def table(form: StepForm) -> str:
    """The fields of a form as a Markdown table, as docs/steps has it."""
    rows = ["| setting | property | meaning |", "|---|---|---|"]
    rows += [f"| {each.label} | {_property(each)} | {each.help} |" for each in form.fields()]
    return "\n".join(rows)


def _property(field: FormField) -> str:
    if field.kind == "packages":
        return "`Packages`"
    if field.kind == "stage":
        return f"`{field.name}.` " + ", ".join(f"`{each.value}`" for each in field.choices)
    return f"`{field.name}`"
