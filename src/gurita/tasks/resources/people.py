"""What tasks ask of people, and what they leave for them."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, field

from gurita.catalog.form import Form
from gurita.http.wire import Moment, Wire

__all__ = ["Answer", "Artifact", "ArtifactBody", "Interruption", "Responsible"]


class Interruption(Wire):
    """A question to people. `correlation_id` is the id of the activity that asks."""

    id: str
    title: str
    type: str
    created: Moment
    is_pending: bool
    form: Form
    task_id: str
    correlation_id: str
    space_id: str
    related_document_ids: list[str] = field(default_factory=list)
    responsible_team_ids: list[str] = field(default_factory=list)
    responsible_user_id: str | None = None
    can_take_responsibility: bool = False
    has_responsibility: bool = False
    is_linked_to_other_interruption: bool = False
    submitted: Moment | None = None


class Answer(Wire):
    """An answer. `guidance` for a guided failure, `result` for a manual step; either will do."""

    guidance: str | None = None
    result: str | None = None
    notes: Annotated[str, Meta(max_length=20_000)] | None = None


class Responsible(Wire):
    """Who has taken an interruption on."""

    id: str
    username: str | None = None
    display_name: str | None = None


class Artifact(Wire):
    """A file a task left. `size` is in bytes; 0 and no content link while it has not been collected."""

    id: str
    filename: str
    server_task_id: str
    created: Moment
    space_id: str
    source: str = ""
    log_correlation_id: str = ""
    size: int = 0


class ArtifactBody(Wire):
    """A file somebody gives to a task, or another name for it. Its content is sent to `artifacts/{id}/content`.

    `log_correlation_id` is the id of the activity it belongs to; without one it belongs to the whole task.
    """

    filename: Annotated[str, Meta(min_length=1, max_length=400)]
    server_task_id: str = ""
    source: Annotated[str, Meta(max_length=400)] | None = ""
    log_correlation_id: str | None = ""
