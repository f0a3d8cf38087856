"""Variables whoever deploys is asked for (product.md 3.4.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from gurita.catalog.form import Form, FormElement
from gurita.variables.resources import Prompt
from gurita.variables.rules.choosing import ScopedVariable
from gurita.variables.rules.saving import control_of, options_of
from gurita.variables.rules.typing import REFERENCING

__all__ = ["Question", "answers", "form", "missing_answers", "questions", "wrong_answers"]


def form(variables: Iterable[ScopedVariable]) -> Form:
    """The questions of a deployment, sorted by label. `variables` are those that may apply to it.

    An element carries the variable's id as its name; two values of one name are asked for once.
    """
    asked = questions(variables)
    elements = sorted(
        (_element(each) for each in asked), key=lambda e: (e.control["Label"].casefold(), e.name)
    )
    values: dict[str, str | None] = {
        each.variable.id: each.variable.value
        for each in asked
        if isinstance(each.variable.value, str) and not each.is_secret
    }
    return Form(values=values, elements=elements)


@dataclass(frozen=True, slots=True)
class Question:
    """A prompted variable. `control` is how it is asked for, by its prompt or else by its type."""

    variable: ScopedVariable
    prompt: Prompt
    control: str

    @property
    def is_secret(self) -> bool:
        """Whether nobody may see the answer."""
        return self.variable.is_sensitive or self.control == "Sensitive"


def questions(variables: Iterable[ScopedVariable]) -> list[Question]:
    """The prompted variables, one a name."""
    asked: dict[str, Question] = {}
    for variable in variables:
        if variable.prompt is not None:
            by_type = variable.type if variable.type in (*REFERENCING, "Sensitive") else "SingleLineText"
            control = control_of(variable.prompt) or by_type
            asked.setdefault(variable.name.casefold(), Question(variable, variable.prompt, control))
    return list(asked.values())


def _element(question: Question) -> FormElement:
    variable, prompt = question.variable, question.prompt
    control = {
        "Type": "VariableValue",
        "Name": variable.name,
        "Label": prompt.label or variable.name,
        "Description": prompt.description or "",
        "IsSecure": question.is_secret,
        "Required": prompt.required,
        "DisplaySettings": {"Octopus.ControlType": question.control, **(prompt.display_settings or {})},
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


def wrong_answers(
    asked: Iterable[Question], given: Mapping[str, str], kinds: Mapping[str, str]
) -> Iterator[str]:
    """Answers (by variable name) that their control does not allow. `kinds` says of what kind the ids among them are."""
    for question in asked:
        answer = given.get(question.variable.name, "")
        if not answer.strip() or "#{" in answer:
            continue
        shown = "what was given" if question.is_secret else f"'{answer[:60]}'"
        where = f"FormValues[{question.variable.id}]: {shown} is"
        name = question.prompt.label or question.variable.name
        options = options_of(question.prompt)
        if question.control == "Select" and options and answer not in options:
            yield f"{where} none of the choices of '{name}'. Use {', '.join(options)}."
        elif question.control == "Checkbox" and answer.lower() not in ("true", "false"):
            yield f"{where} neither True nor False, which '{name}' takes."
        elif question.control in REFERENCING and kinds.get(answer) != REFERENCING[question.control]:
            yield f"{where} no id of {REFERENCING[question.control].lower()} of this space, which '{name}' takes."


def missing_answers(asked: Form, given: Mapping[str, str | None], secret: Iterable[str] = ()) -> list[str]:
    """What must be answered and is not: neither an answer nor a value to start with. `secret`: names of variables that
    are answered where nobody sees it, or have a sensitive value to start with."""
    known = answers(asked, given)
    hidden = {name.casefold() for name in secret}
    return [
        f"FormValues[{element.name}]: '{element.control['Label']}' must be given."
        for element in asked.elements
        if element.is_value_required
        and element.control["Name"].casefold() not in hidden
        and not (known.get(element.control["Name"], asked.values.get(element.name)) or "").strip()
    ]
