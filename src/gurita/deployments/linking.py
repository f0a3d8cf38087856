"""Links of deployments, as the field's clients look for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET
from msgspec.structs import replace

from gurita.http.links import with_links
from gurita.http.wire import write

if TYPE_CHECKING:
    from gurita.deployments.resources import Deployment
    from gurita.http.call import Call

__all__ = ["deployment_body"]


def deployment_body(call: Call, deployment: Deployment) -> bytes:
    """A deployment as JSON with its links."""
    place = call.links.space
    links = {
        "Self": place(f"deployments/{deployment.id}"),
        "Release": place(f"releases/{deployment.release_id}"),
        "Environment": place(f"environments/{deployment.environment_id}"),
        "Project": place(f"projects/{deployment.project_id}"),
        "Task": call.links.system(f"tasks/{deployment.task_id}"),
        "TaskDetails": call.links.system(f"tasks/{deployment.task_id}/details{{?verbose,tail}}"),
        "Artifacts": place(f"artifacts?regarding={deployment.id}"),
        "Interruptions": place(f"interruptions?regarding={deployment.id}"),
        "Variables": place(f"variables/{deployment.manifest_variable_set_id}"),
        "Web": call.links.web(f"{call.space}/deployments/{deployment.id}"),
    }
    if deployment.tenant_id:
        links["Tenant"] = place(f"tenants/{deployment.tenant_id}")
    return with_links(write(replace(deployment, form_secrets=UNSET)), links)
