"""Links of tasks, as the field's clients look for them."""

from __future__ import annotations

from gurita.http.api import Call
from gurita.http.links import with_links
from gurita.http.wire import write
from gurita.tasks.resources import Artifact, Interruption, Task

__all__ = ["artifact_body", "interruption_body", "task_body", "task_links"]


def task_links(call: Call, task: Task) -> dict[str, str]:
    """Below the task's own space, however the request named it."""
    space = task.space_id

    def link(template: str) -> str:
        return call.links.space(template, space) if space else call.links.system(template)

    own = f"tasks/{task.id}"
    links = {
        "Self": link(own),
        "Web": call.links.web(f"{space}/{own}" if space else own),
        "Raw": link(f"{own}/raw"),
        "Log": link(f"{own}/log{{?first,take,tail}}"),
        "LogEvents": link(f"{own}/log/events{{?tail}}"),
        "LogMap": link(f"{own}/log/map{{?node,first}}"),
        "LogSearch": link(f"{own}/log/search{{?text,level,node,first,take,context}}"),
        "Details": link(f"{own}/details{{?verbose,tail,ranges}}"),
        "Explain": link(f"{own}/explain"),
        "BlockedBy": link(f"{own}/blocked-by{{?skip,take}}"),
        "QueuedBehind": link(f"{own}/queued-behind{{?skip,take}}"),
        "StatusMessages": link(f"{own}/status/messages"),
        "State": link(f"{own}/state"),
    }
    if space:
        links["Artifacts"] = link(f"artifacts?regarding={task.id}")
        links["Interruptions"] = link(f"interruptions?regarding={task.id}")
    if task.can_rerun:
        links["Rerun"] = link(f"tasks/rerun/{task.id}")
    if not task.is_completed:
        links["Cancel"] = link(f"{own}/cancel")
    if task.state == "Queued":
        links["Prioritize"] = link(f"{own}/prioritize")
    return links


def task_body(call: Call, task: Task) -> bytes:
    """A task as JSON with its links."""
    return with_links(write(task), task_links(call, task))


def interruption_body(call: Call, interruption: Interruption) -> bytes:
    """An interruption as JSON with its links."""
    own = call.links.space(f"interruptions/{interruption.id}")
    links = {
        "Self": own,
        "Submit": f"{own}/submit",
        "Responsible": f"{own}/responsible",
        "Task": call.links.space(f"tasks/{interruption.task_id}"),
    }
    return with_links(write(interruption), links)


def artifact_body(call: Call, artifact: Artifact) -> bytes:
    """An artifact as JSON with its links."""
    own = call.links.space(f"artifacts/{artifact.id}")
    return with_links(write(artifact), {"Self": own, "Content": f"{own}/content"})
