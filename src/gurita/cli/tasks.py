"""`gurita task`."""

from __future__ import annotations

import json
from typing import Annotated, Literal

from cyclopts import App, Parameter

from gurita.cli.client import Client
from gurita.cli.errors import CommandError
from gurita.cli.options import Options
from gurita.cli.output import Columns, note, show, show_one, when
from gurita.cli.progress import JsonLines, Lines, line_text
from gurita.cli.waiting import wait_for
from gurita.cli.watching import watch

__all__ = ["app"]

app = App(name="task", help="What the server does and did: deployments, health checks, scripts.")

_COLUMNS: Columns = {
    "Task": "Id",
    "State": lambda task: (
        f"{task['State']}, waiting for a person" if task["HasPendingInterruptions"] else task["State"]
    ),
    "Queued": when("QueueTime"),
    "Took": "Duration",
    "What": "Description",
}
_PAGE = 1000
_Flag = Parameter(negative="")


@app.command(name="list")
def list_(
    *,
    state: list[str] | None = None,
    active: Annotated[bool, _Flag] = False,
    take: int = 30,
    options: Options | None = None,
) -> None:
    """List tasks, the newest first.

    Parameters
    ----------
    state
        Only in this state (Queued, Executing, Success, Failed, …); may be given again.
    active
        Only those that have not ended.
    take
        How many at most.
    """
    with Client(options) as client:
        query = {"take": take, "states": ",".join(state or []), "active": "true" if active else ""}
        show(options, client.get("tasks", **query)["Items"], _COLUMNS)


@app.command
def log(
    id: str,
    /,
    *,
    follow: Annotated[bool, Parameter(name=["--follow", "-f"], negative="")] = False,
    tail: int = 0,
    verbose: Annotated[bool, _Flag] = False,
    options: Options | None = None,
) -> None:
    """Print a task's log.

    Parameters
    ----------
    id
        The task, such as ServerTasks-1.
    follow
        Go on until the task has ended, also over lost connections.
    tail
        Only the last lines, so many.
    verbose
        Verbose lines too.
    """
    with Client(options) as client:
        as_json = client.options.output == "json"
        if follow:
            watch(client, [id], JsonLines() if as_json else Lines(client, verbose=verbose, steps=False))
            return
        number, total = 0, 1
        query = {"tail": tail} if tail else {"first": 0}
        while number < total:
            page = client.get(f"tasks/{id}/log", take=_PAGE, **query)
            for line in page["Lines"]:
                if as_json:
                    print(json.dumps(line, ensure_ascii=False))
                elif verbose or line["Category"] != "Verbose":
                    print(line_text(line))
            number, total = page["Next"], page["Total"]
            query = {"first": number}
            if not page["Lines"]:
                return


@app.command
def wait(
    ids: Annotated[list[str], Parameter(negative_iterable="", consume_multiple=True)],
    /,
    *,
    wait_for_person: bool = True,
    verbose: Annotated[bool, _Flag] = False,
    options: Options | None = None,
) -> int:
    """Show tasks until they end. The exit code is that of `release deploy --wait`.

    Parameters
    ----------
    ids
        Tasks, such as ServerTasks-1.
    wait_for_person
        Wait also while a person has to answer.
    verbose
        Show verbose log lines too.
    """
    with Client(options) as client:
        names = {client.get(f"tasks/{id}")["Id"]: id for id in ids}
        return wait_for(client, names, wait_for_person=wait_for_person, verbose=verbose)


@app.command
def cancel(id: str, /, *, options: Options | None = None) -> None:
    """Cancel a task.

    Parameters
    ----------
    id
        The task, such as ServerTasks-1.
    """
    with Client(options) as client:
        show_one(options, client.post(f"tasks/{id}/cancel"), {"Task": "Id", "State": "State"})


@app.command
def explain(id: str, /, *, options: Options | None = None) -> None:
    """Say why a task is in its state, and what it waits for.

    Parameters
    ----------
    id
        The task, such as ServerTasks-1.
    """
    with Client(options) as client:
        told = client.get(f"tasks/{id}/explain")
        show_one(options, told, {"Task": "TaskId", "State": "State", "Because": "RuleDescription"})
        if client.options.output == "table":
            for reason in told["Reasons"]:
                print(f"  {reason['Text']}")
            if told["State"] in {"Failed", "TimedOut"}:
                _show_first_error(client, id)


def _show_first_error(client: Client, id: str) -> None:
    for line in client.get(f"tasks/{id}/log/search", level="Error", take=1)["Lines"]:
        print(f"  {line_text(line)}")
    print(f"  The whole log: gurita task log {id}")


@app.command
def answer(
    id: str,
    result: Literal["Retry", "Ignore", "Exclude", "Fail"] | None = None,
    /,
    *,
    notes: str = "",
    options: Options | None = None,
) -> None:
    """Answer the question a task waits with; without an answer, show it.

    Parameters
    ----------
    id
        The task, such as ServerTasks-1.
    result
        Try the failed action again, go on as if it had worked, go on without its machine, or fail.
    notes
        Why, for the record.
    """
    with Client(options) as client:
        pending = client.get("interruptions", regarding=id, pendingOnly="true")["Items"]
        if not pending:
            raise CommandError(f"{id} does not wait for a person.")
        if result is None:
            show(options, pending, {"Question": "Id", "Title": "Title", "Asked": when("Created")})
            note(f"Answer it with: gurita task answer {id} Retry|Ignore|Exclude|Fail")
            return
        for each in pending:
            client.put(f"interruptions/{each['Id']}/responsible", {})
            client.post(f"interruptions/{each['Id']}/submit", {"Guidance": result, "Notes": notes or None})
