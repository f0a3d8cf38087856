"""Waiting for tasks from a command: the right way to show them, and the exit code."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from gurita.cli.client import Client
from gurita.cli.output import note
from gurita.cli.progress import Lines, person_text, result_text
from gurita.cli.watching import Watch, exit_code, watch

__all__ = ["wait_for"]


def wait_for(
    client: Client, tasks: Mapping[str, str], *, wait_for_person: bool = True, verbose: bool = False
) -> int:
    """Shows tasks (id to name) until they end and answers the exit code.

    Live on a terminal, as lines otherwise; with `--output json` the lines go to stderr and the tasks to stdout.
    """
    json = client.options.output == "json"
    try:
        watched = _watched(client, tasks, wait_for_person, verbose, json=json)
    except KeyboardInterrupt:
        ids = " ".join(tasks)
        note(
            f"\nNot waiting any longer; the work goes on. `gurita task wait {ids}` waits again, `task cancel` ends it."
        )
        return 130
    if json:
        _print_json(watched)
    for each in watched:
        told = person_text(client, each.task) if each.waits else result_text(each.task)
        if not _live(client) or each.task.get("ErrorMessage"):
            print(told, file=sys.stderr if json else sys.stdout)
    return exit_code(watched)


def _live(client: Client) -> bool:
    """Whether there is a terminal to draw on, which then shows the results already."""
    return sys.stdout.isatty() and client.options.output != "json"


def _watched(
    client: Client, tasks: Mapping[str, str], wait_for_person: bool, verbose: bool, *, json: bool
) -> list[Watch]:
    ids = list(tasks)
    if _live(client):
        from gurita.cli.live import Live

        with Live(client, tasks, verbose=verbose) as live:
            return watch(client, ids, live, wait_for_person=wait_for_person)
    lines = Lines(client, tasks if len(ids) > 1 else {}, verbose=verbose, out=sys.stderr if json else None)
    return watch(client, ids, lines, wait_for_person=wait_for_person)


def _print_json(watched: list[Watch]) -> None:
    import json

    print(json.dumps([each.task for each in watched], indent=2, ensure_ascii=False))
