"""Interruptions and artifacts as people see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from gurita.catalog.form import Form, FormElement
from gurita.kernel.errors import Invalid
from gurita.tasks.resources.people import Answer, Artifact, Interruption
from gurita.tasks.rules.ids import ROOT, node_id, task_id
from gurita.tasks.rules.words import moment_of

__all__ = ["artifact_of", "chosen", "form_of", "interruption_of"]

Row = Mapping[str, Any]

_CONFIRMED = {"Abort", "Exclude", "Fail"}


def _element(kind: str) -> str:
    """The name of the element that holds the decision."""
    return "Guidance" if kind == "GuidedFailure" else "Result"


def form_of(kind: str, stored: Mapping[str, Any], result: Mapping[str, str] | None) -> Form:
    """The questions of an interruption: what it is about, notes, and buttons; with the answer if there is one."""
    decision = _element(kind)
    buttons = [
        {"Text": one, "Value": one, "RequiresConfirmation": one in _CONFIRMED} for one in stored["Buttons"]
    ]
    given = result or {}
    text = {"Type": "Paragraph", "Text": stored.get("Text", ""), "ResolveLinks": False}
    return Form(
        values={"Instructions": None, "Notes": given.get("Notes"), decision: given.get(decision)},
        elements=[
            FormElement(name="Instructions", control=text),
            FormElement(name="Notes", control={"Type": "TextArea", "Label": "Notes"}),
            FormElement(name=decision, control={"Type": "SubmitButtonGroup", "Buttons": buttons}),
        ],
    )


def chosen(kind: str, stored: Mapping[str, Any], answer: Answer) -> str:
    """The button that was meant, as it is spelled. Raises Invalid naming the buttons."""
    decision = _element(kind)
    given = answer.guidance or answer.result or ""
    for button in stored["Buttons"]:
        if button.lower() == given.strip().lower():
            return str(button)
    known = ", ".join(stored["Buttons"])
    what = f"'{given[:40]}' is not among the answers" if given else "is missing"
    raise Invalid(f"{decision}: {what}. Known: {known}.")


def interruption_of(row: Row, *, user: str, may_submit: bool) -> Interruption:
    """The resource of a row of `interruption` joined with its task's and action's columns.

    Nobody answers for a task that has ended: `task_open` says that it has not.
    """
    pending = bool(row["pending"] and row["task_open"])
    result = None if row["result"] is None else msgspec.json.decode(row["result"])
    place = ROOT
    if row["step"] >= 0:
        place = (row["step"], -1, "", 0)
    if row["action_row"] is not None:
        place = (row["step"], row["action"], row["target"], row["attempt"])
    submitted = row["submitted"]
    return Interruption(
        id=f"Interruptions-{row['number']}",
        title=row["title"],
        type=row["kind"],
        created=moment_of(row["created"]),
        is_pending=pending,
        form=form_of(row["kind"], msgspec.json.decode(row["form"]), result),
        task_id=task_id(row["task"]),
        correlation_id=node_id(row["task"], place),
        space_id=row["space"],
        related_document_ids=_related(row),
        responsible_user_id=row["responsible"],
        can_take_responsibility=pending and may_submit,
        has_responsibility=row["responsible"] == user and user != "",
        submitted=None if submitted is None else moment_of(submitted),
    )


def _related(row: Row) -> list[str]:
    arguments = msgspec.json.decode(row["arguments"])
    owner = arguments.get("DeploymentId") or arguments.get("RunbookRunId")
    documents = (task_id(row["task"]), owner, row["project"], row["environment"], row["tenant"])
    return [one for one in documents if isinstance(one, str) and one]


def artifact_of(row: Row) -> Artifact:
    """The resource of a row of `artifact` joined with its action's columns."""
    place = ROOT
    if row["step"] is not None:
        place = (row["step"], row["action"], row["target"], row["attempt"])
    return Artifact(
        id=f"Artifacts-{row['number']}",
        filename=row["name"],
        server_task_id=task_id(row["task"]),
        created=moment_of(row["created"]),
        space_id=row["space"],
        source=row["source"],
        log_correlation_id=node_id(row["task"], place),
        size=row["size"],
    )
