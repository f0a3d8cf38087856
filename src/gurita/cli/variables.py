"""`gurita variable`: what differs between environments, machines and steps, and why it is what it is."""

from __future__ import annotations

import sys
from typing import Annotated, Any
from urllib.parse import quote

from cyclopts import App, Parameter

from gurita.cli.client import Client
from gurita.cli.naming import find
from gurita.cli.options import Options
from gurita.cli.output import Columns, note, show, show_one

__all__ = ["app"]

app = App(name="variable", help="What differs between environments, machines and steps.")

_MASK = "********"
_Flag = Parameter(negative="")


def _value(each: dict[str, Any]) -> str:
    return _MASK if each["IsSensitive"] else each["Value"] or ""


_COLUMNS: Columns = {"Name": "Name", "Value": _value, "Type": "Type", "Scope": "ScopeNames"}
_EXPLAINED: Columns = {
    "Name": "Name",
    "Value": lambda each: _MASK if each["IsSensitive"] else each["Value"] or "",
    "From": "Source",
    "Why": "Sentence",
}
_CANDIDATES: Columns = {
    "Row": "Row",
    "Of": "SetName",
    "Value": _value,
    "Ranks": lambda each: ", ".join(map(str, each["Ranks"])),
    "Why": "Sentence",
}
_MENTIONED: Columns = {"Mentions": "Path", "In": "Within", "Value": _value, "Why": "Sentence"}


@app.command(name="list")
def list_(project: str, /, *, name: str = "", options: Options | None = None) -> None:
    """List the variables of a project, a row for each value.

    Parameters
    ----------
    project
        Name, slug or id.
    name
        Only those whose name contains this.
    """
    with Client(options) as client:
        found = client.get(_path(client, project))
        rows = [each for each in found["Variables"] if name.casefold() in each["Name"].casefold()]
        named = _names(found["ScopeValues"])
        show(options, [{**each, "ScopeNames": _scope(each["Scope"], named)} for each in rows], _COLUMNS)


@app.command(name="set")
def set_(
    project: str,
    name: str,
    value: str | None = None,
    /,
    *,
    environment: list[str] | None = None,
    role: list[str] | None = None,
    sensitive: Annotated[bool, _Flag] = False,
    options: Options | None = None,
) -> None:
    """Give a variable a value, in place of the one with exactly the same scope.

    Parameters
    ----------
    project
        Name, slug or id.
    name
        The variable's name.
    value
        The value; read from standard input if it is left out, as secrets should be.
    environment
        Only in this environment (name, slug or id); may be given again.
    role
        Only on machines with this target tag; may be given again.
    sensitive
        Hide the value, here and in logs.
    """
    text = sys.stdin.read().removesuffix("\n") if value is None else value
    with Client(options) as client:
        path = _path(client, project)
        found = client.get(path)
        ids = [find(client, "environments", each)["Id"] for each in environment or []]
        scope = {kind: of for kind, of in (("Environment", ids), ("Role", role or [])) if of}
        rows = [each for each in found["Variables"] if not _same(each, name, scope)]
        known = next((each for each in found["Variables"] if _same(each, name, scope)), {"Name": name})
        kind = "Sensitive" if sensitive else known.get("Type", "String")
        row = {**known, "Value": text, "Type": kind, "Scope": scope, "IsSensitive": kind == "Sensitive"}
        saved = client.put(path, {**found, "Variables": [*rows, row]})
        made = next(each for each in saved["Variables"] if _same(each, name, scope))
        named = _names(saved["ScopeValues"])
        show_one(options, {**made, "ScopeNames": _scope(made["Scope"], named)}, _COLUMNS)
        for warning in saved.get("Warnings") or ():
            print(f"gurita: {warning['Message']}", file=sys.stderr)


@app.command
def explain(  # noqa: PLR0913 - one argument an option
    project: str,
    name: str = "",
    /,
    *,
    release: str = "",
    deployment: str = "",
    environment: str = "",
    machine: str = "",
    role: list[str] | None = None,
    step: str = "",
    channel: str = "",
    as_of: str = "",
    options: Options | None = None,
) -> None:
    """Say why variables have the values they have.

    Parameters
    ----------
    project
        Name, slug or id.
    name
        One variable, with every value it might have had; all of them otherwise.
    release
        As they were frozen with the release of this version.
    deployment
        As they were in the deployment with this id, with what was asked for and what steps have set.
    environment
        Name, slug or id.
    machine
        Name, slug or id.
    role
        A target tag the step targets and the machine has; may be given again.
    step
        Name of a step.
    channel
        Name, slug or id.
    as_of
        As they were at a moment, such as 2026-07-01T12:00:00Z.
    """
    with Client(options) as client:
        id = find(client, "projects", project)["Id"]
        if release and not deployment:
            release = client.get(f"projects/{id}/releases/{quote(release, safe='')}")["Id"]
        asked: dict[str, Any] = {
            "project": id,
            "release": release,
            "deployment": deployment,
            "name": name,
            "environment": environment,
            "machine": machine,
            "role": ",".join(role or []),
            "step": step,
            "channel": channel,
            "asOf": as_of,
        }
        found = client.get("variables/explain", **{key: each for key, each in asked.items() if each})
        for gone in found["GoneSets"]:
            note(f"{gone} was included then and is deleted: its values are missing.")
        if not name or client.options.output == "json":
            show(options, found["Variables"], _EXPLAINED)
        else:
            _show_whole(options, found["Variables"][0])


def _show_whole(options: Options | None, one: dict[str, Any]) -> None:
    """One variable with every value it might have had, and what its text mentions."""
    show(options, [one], _EXPLAINED)
    for rows, columns in ((one["Candidates"], _CANDIDATES), (one["References"], _MENTIONED)):
        if rows:
            print()
            show(options, rows, columns)


def _path(client: Client, project: str) -> str:
    return f"variables/{find(client, 'projects', project)['VariableSetId']}"


def _names(scopes: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {each["Id"]: each["Name"] for known in scopes.values() for each in known}


def _scope(scope: dict[str, list[str]], names: dict[str, str]) -> str:
    """As people read it: `Environment: Dev, Test; Role: web`."""
    return "; ".join(f"{kind}: {', '.join(names.get(id, id) for id in ids)}" for kind, ids in scope.items())


def _same(row: dict[str, Any], name: str, scope: dict[str, list[str]]) -> bool:
    mine = {kind: {id.casefold() for id in ids} for kind, ids in row.get("Scope", {}).items() if ids}
    wanted = {kind: {id.casefold() for id in ids} for kind, ids in scope.items()}
    return row["Name"].casefold() == name.casefold() and mine == wanted
