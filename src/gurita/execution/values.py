"""The variables an action sees: scoped values, prompted ones, output variables, system variables (runtime formats 1).

Later ones win: scoped values below prompted ones, output variables on top; the server's own names are never
taken from a variable set. A variable that stands for an account or a certificate brings its properties along.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, or_, select

from gurita.engine.plan import PlanAction, PlanStep, Target
from gurita.engine.tables import action, output_variable
from gurita.execution.moving_values import action_values
from gurita.execution.scenery import Scenery
from gurita.formats.variables import Variables
from gurita.kernel.sensitive import Sensitive
from gurita.secrets.opening import reveal
from gurita.secrets.vault import Secrets
from gurita.store.prepared import Prepared
from gurita.store.tx import Tx
from gurita.variables.rules import REFERENCING, ScopedVariable, SecretRef, here

__all__ = ["Output", "Values", "outputs_in", "values_for"]


_OUTPUTS = Prepared(
    select(output_variable)
    .join(action, action.c.number == output_variable.c.action_row)
    .where(
        output_variable.c.task == bindparam("task"),
        or_(action.c.state == "success", action.c.resolution == "ignore"),
    )
    .order_by(output_variable.c.number)
)


@dataclass(frozen=True, slots=True)
class Output:
    """An output variable of an action that has ended. `sensitive` is set instead of `value` for a secret."""

    step_name: str
    target: str
    target_name: str
    name: str
    value: str
    sensitive: Sensitive | None = None


@dataclass(frozen=True, slots=True)
class Values:
    """What an action sees: names and texts (secrets in clear, never to be shown), and which are secret.

    `tied` are names of which only the order of the rows decided.
    """

    variables: Variables
    sensitive: frozenset[str]
    secrets: tuple[Sensitive, ...]
    tied: tuple[str, ...] = ()


def outputs_in(tx: Tx, task: int, space: str, secrets: Secrets) -> list[Output]:
    """What the ended actions of a task have set, in the order it was set. Only accepted attempts count."""
    rows = tx.all(_OUTPUTS, {"task": task})
    opened = secrets.open_all_in(tx, space, [row["secret"] for row in rows if row["secret"]])
    return [
        Output(
            row["step_name"],
            row["target"],
            row["target_name"],
            row["name"],
            row["value"] or "",
            opened.get(row["secret"]),
        )
        for row in rows
    ]


def values_for(
    scenery: Scenery,
    step: PlanStep,
    planned: PlanAction,
    target: Target,
    outputs: Iterable[Output],
    more: Mapping[str, str | Sensitive] = {},
) -> Values:
    """The variables of one action on one target. `more` are system variables that tell of packages, of images and how to
    fetch them, and of how far it all is."""
    at = here(
        environment=scenery.environment.id,
        machine=target.id,
        machine_roles=target.roles,
        step_roles=step.roles,
        action=planned.id,
        channel=scenery.channel.id,
        process=scenery.project.id,
    )
    made = _Made(scenery)
    chosen, tied = scenery.book.at(at)
    for name, variable in chosen.items():
        made.put(name, variable)
    made.put_answers()
    for values in (scenery.system, action_values(step, planned, target)):
        for name, value in values.items():
            made.variables.set(name, value)
    made.put_more(more)
    for output in outputs:
        made.put_output(output, target.id)
    secrets = tuple(each for each in scenery.secrets.values() if each)
    return Values(made.variables, frozenset(made.sensitive), (*secrets, *made.secrets), tuple(tied))


class _Made:
    """Variables in the making."""

    def __init__(self, scenery: Scenery) -> None:
        self.variables = Variables()
        self.sensitive: set[str] = set()
        self.secrets: list[Sensitive] = []
        self._scenery = scenery
        self._own: set[str] = set()
        self._answered = {name.casefold() for name in scenery.prompted.texts}

    def put(self, name: str, variable: ScopedVariable) -> None:
        if isinstance(variable.value, SecretRef):
            self.variables.set(name, reveal(self._scenery.secrets[variable.value.id]))
        else:
            self.variables.set(name, variable.value)
            if name.casefold() not in self._answered:
                self._expand(name, variable.value, variable.type)
        if variable.is_sensitive:
            self.sensitive.add(name)

    def put_more(self, values: Mapping[str, str | Sensitive]) -> None:
        """System variables, some of them secret."""
        for name, value in values.items():
            self.variables.set(name, reveal(value) if isinstance(value, Sensitive) else value)
            if isinstance(value, Sensitive):
                self.sensitive.add(name)
                self.secrets.append(value)

    def put_answers(self) -> None:
        """Prompted values. One for a sensitive variable is as secret as the variable, whoever asked for it and when."""
        answered = self._scenery.prompted
        hidden = {each.casefold() for each in self.sensitive}
        for name, value in answered.texts.items():
            self.variables.set(name, value)
            self._expand(name, value, answered.references.get(name, "String"))
            if name.casefold() in hidden and value:
                self.secrets.append(Sensitive(value))
        for name, secret in answered.secrets.items():
            self.variables.set(name, reveal(self._scenery.secrets[secret]))
            self.sensitive.add(name)

    def _expand(self, name: str, value: str, kind: str) -> None:
        """The properties of the document a value stands for."""
        if kind not in REFERENCING:
            return
        for member, found in self._scenery.expanded.get(value, {}).items():
            whole = f"{name}.{member}"
            self.variables.set(whole, found if isinstance(found, str) else reveal(found))
            if not isinstance(found, str):
                self.sensitive.add(whole)
                self.secrets.append(found)

    def put_output(self, output: Output, target: str) -> None:
        """Under the machine's name always; without it, an action's own machine wins over the last one."""
        text = output.value if output.sensitive is None else reveal(output.sensitive)
        plain = f"Octopus.Action[{output.step_name}].Output.{output.name}"
        named = [f"Octopus.Action[{output.step_name}].Output[{output.target_name}].{output.name}"]
        if plain.casefold() not in self._own:
            named.append(plain)
        if output.target == target:
            self._own.add(plain.casefold())
        for name in named:
            self.variables.set(name, text)
            if output.sensitive is not None:
                self.sensitive.add(name)
        if output.sensitive is not None:
            self.secrets.append(output.sensitive)
