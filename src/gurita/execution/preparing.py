"""From an action of a deployment and what a target said of itself to the work that is begun there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gurita.deployments.rules import packages_at
from gurita.engine.plan import PlanAction
from gurita.engine.walk import Start
from gurita.execution.aside import aside
from gurita.execution.job import Prepared
from gurita.execution.scenery import Scenery
from gurita.execution.supplying import NotSupplied, Supplies, as_package, quiet
from gurita.execution.values import Values
from gurita.runner.package_work import InstalledAs
from gurita.secrets.opening import reveal
from gurita.steps.registry import STEP_TYPES
from gurita.steps.step_type import NotHere, PackagedWork, ScriptWork, StepContext, StepPackage, StepType
from gurita.transport.tickets import Private, Spec, Tickets

__all__ = ["prepare"]

_GRACE = 3.0
_PACKAGE = "package"


async def prepare(
    scenery: Scenery,
    start: Start,
    values: Values,
    supplies: Supplies,
    tickets: Tickets,
    *,
    asked: bool,
    acquired: bool,
) -> Prepared:
    """The work, its packages fetched by the server. Raises NotHere, VariableError.

    What an earlier step has `acquired` is neither told again nor asked of its feed by force. Of what was `asked` for before, nobody needs the packages unless it turns out not to have begun: so that a package which is gone
    by now does not keep its result from being taken.
    """
    wanted = [each for each in packages_at(start.action) if each.acquired]
    if wanted and not tickets.has_runner:
        raise NotHere("Packages need Python 3.8 or newer on the target, and this one has none.")
    lines: list[tuple[int, str]] = []
    say = quiet if acquired else lambda category, text: lines.append((category, text))
    force = scenery.deployment.force_package_download and not acquired
    try:
        found = await _packages(start, supplies, say, force=force)
    except NotSupplied as error:
        if not asked:
            raise NotHere(str(error)) from error
        return _without(start, values, error)
    context = _context(scenery, start, values, tickets, found)
    prepared = await aside(lambda: _prepared(start, values, context))
    if not wanted:
        return prepared

    async def bring(to: Tickets, say: Callable[[int, str], None]) -> None:
        for category, text in lines:
            say(category, text)
        lines.clear()
        await supplies.bring(to, wanted, start.target.name, say)

    return replace(prepared, bring=bring)


def _kind(action: PlanAction) -> StepType:
    """The action's type. A step that had no target when it was planned was not looked at then. Raises NotHere."""
    found = STEP_TYPES.get(action.type.lower())
    if found is None:
        raise NotHere(f"This server cannot run actions of type '{action.type}'.")
    problems = found.check(action.properties)
    if problems:
        raise NotHere(" ".join(problems))
    return found


def _prepared(start: Start, values: Values, context: StepContext) -> Prepared:
    """The work with all its texts evaluated."""
    work = _kind(start.action).work(context)
    return Prepared(_spec(work, start), _private(work, values), values.secrets, work.warnings)


def _without(start: Start, values: Values, error: NotSupplied) -> Prepared:
    async def refuse(_to: Tickets, _say: Callable[[int, str], None]) -> None:
        raise error

    spec = Spec(_PACKAGE, name=start.action.name)
    return Prepared(spec, Private(""), values.secrets, bring=refuse)


async def _packages(
    start: Start, supplies: Supplies, say: Callable[[int, str], None], *, force: bool
) -> tuple[StepPackage, ...]:
    found = []
    for each in packages_at(start.action):
        brought = as_package(each, await supplies.fetch(each, say, force=force)) if each.acquired else None
        found.append(StepPackage(each.name, each.package_id, each.version, each.extract, brought))
    return tuple(found)


def _context(
    scenery: Scenery, start: Start, values: Values, tickets: Tickets, packages: tuple[StepPackage, ...]
) -> StepContext:
    deployment, facts = scenery.deployment, tickets.facts
    tenant = deployment.tenant_id or ""
    ids = (scenery.environment.id, tenant, scenery.project.id)
    return StepContext(
        start.action.name,
        start.action.properties,
        values.variables,
        facts.shells,
        tickets.has_runner,
        packages,
        environment=scenery.environment.name,
        installed_as=InstalledAs(*ids, "/".join((*ids, start.action.id, start.target.id))),
        skip_if_installed=scenery.project.default_to_skip_if_already_installed,
        redeploy=deployment.force_package_redeployment,
        retained=scenery.retained,
    )


def _spec(work: ScriptWork | PackagedWork, start: Start) -> Spec:
    action = start.action
    if isinstance(work, PackagedWork):
        return Spec(_PACKAGE, timeout=action.timeout, grace=_GRACE, name=action.name)
    return Spec(
        work.interpreter,
        work.arguments,
        timeout=action.timeout,
        grace=_GRACE,
        name=action.name,
        fail_on_stderr=work.fail_on_stderr,
    )


def _private(work: ScriptWork | PackagedWork, values: Values) -> Private:
    texts: dict[str, str] = {}
    templates: dict[str, str] = {}
    for name in values.variables:
        written = values.variables[name]
        try:
            value = values.variables.value(name)
        except ValueError:
            value = written
        texts[name] = value or ""
        if "#{" in written and (value is None or "#{" in value):
            templates[name] = written
    return Private(
        script="" if isinstance(work, PackagedWork) else work.script,
        variables=texts,
        sensitive=tuple(sorted(values.sensitive)),
        masks=tuple(reveal(each) for each in values.secrets),
        package=work.document.as_json() if isinstance(work, PackagedWork) else None,
        templates=templates if isinstance(work, PackagedWork) else {},
    )
