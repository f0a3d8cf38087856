"""How deployments are stored: a document, with the members lists filter by in columns."""

from __future__ import annotations

from sqlalchemy import Integer, Text

from gurita.catalog.visibility import Lying
from gurita.deployments.resources import Deployment
from gurita.store.documents import DocumentKind, Indexed

__all__ = ["DEPLOYMENTS", "task_number"]


def task_number(deployment: Deployment) -> int:
    """The number of the task that carries a deployment out; 0 before there is one."""
    return int(deployment.task_id.removeprefix("ServerTasks-") or 0)


DEPLOYMENTS = DocumentKind(
    "Deployments",
    Deployment,
    label=None,
    columns=[
        Indexed("project_id", Text, lambda d: d.project_id),
        Indexed("environment_id", Text, lambda d: d.environment_id),
        Indexed("release_id", Text, lambda d: d.release_id),
        Indexed("channel_id", Text, lambda d: d.channel_id),
        Indexed("tenant_id", Text, lambda d: d.tenant_id or ""),
        Indexed("task", Integer, task_number),
    ],
    order=("-number",),
    visible=Lying("DeploymentView", project="project_id", environments="environment_id", tenants="tenant_id"),
)
"""`task` is the number of the task; its state is read from there, never copied here."""
