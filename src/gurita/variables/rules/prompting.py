"""Variables whoever deploys is asked for (product.md 3.4.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gurita.deployments.resources import Form, FormElement
from gurita.variables.resources import Prompt
from gurita.variables.rules.choosing import ScopedVariable

__all__ = ["answers", "form", "missing_answers"]


def form(variables: Iterable[ScopedVariable]) -> Form:
    """The questions of a deployment, sorted by label. `variables` are those that may apply to it.

    An element carries the variable's id as its name; two values of one name are asked for once.
    """
    asked: dict[str, tuple[ScopedVariable, Prompt]] = {}
    for variable in variables:
        if variable.prompt is not None:
            asked.setdefault(variable.name.casefold(), (variable, variable.prompt))
    elements = sorted(
        (_element(v, p) for v, p in asked.values()), key=lambda e: (e.control["Label"].casefold(), e.name)
    )
    values: dict[str, str | None] = {
        v.id: v.value for v, _ in asked.values() if isinstance(v.value, str) and not v.is_sensitive
    }
    return Form(values=values, elements=elements)


def _element(variable: ScopedVariable, prompt: Prompt) -> FormElement:
    control = {
        "Type": "VariableValue",
        "Name": variable.name,
        "Label": prompt.label or variable.name,
        "Description": prompt.description or "",
        "IsSecure": variable.is_sensitive,
        "DisplaySettings": prompt.display_settings or {},
    }
    return FormElement(name=variable.id, control=control, is_value_required=prompt.required)


def answers(asked: Form, given: Mapping[str, str | None]) -> dict[str, str]:
    """Values by variable name. Answers come by element or by variable name, in any case; others do not count."""
    by_key = {key.casefold(): value for key, value in given.items() if value is not None}
    found: dict[str, str] = {}
    for element in asked.elements:
        name = element.control["Name"]
        value = by_key.get(element.name.casefold(), by_key.get(name.casefold()))
        if value is not None:
            found[name] = value
    return found


def missing_answers(asked: Form, given: Mapping[str, str | None]) -> list[str]:
    """What must be answered and is not: neither an answer nor a value to start with."""
    known = answers(asked, given)
    return [
        f"FormValues[{element.name}]: '{element.control['Label']}' must be given."
        for element in asked.elements
        if element.is_value_required
        and not (known.get(element.control["Name"], asked.values.get(element.name)) or "").strip()
    ]
