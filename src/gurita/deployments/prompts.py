"""What whoever deploys is asked for, and the answers: as text, or as secrets where nobody may see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msgspec import UNSET
from msgspec.structs import replace
from sqlalchemy import select

from gurita.catalog.form import Form
from gurita.deployments.resources import Deployment
from gurita.kernel.sensitive import Sensitive
from gurita.store.tables import entity
from gurita.variables import service as variables
from gurita.variables.rules import (
    Question,
    SecretRef,
    answers,
    form,
    here,
    is_reference,
    may_apply,
    missing_answers,
    questions,
    wrong_answers,
)

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.releases.resources import Release
    from gurita.store.tx import Tx

__all__ = ["Answered", "Asked", "answered_in", "asked_in", "with_answers_in"]


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions of a deployment, as rules and as clients see them."""

    questions: list[Question]
    form: Form

    @property
    def secret_names(self) -> list[str]:
        """The names of variables whose answers nobody may see."""
        return [each.variable.name for each in self.questions if each.is_secret]


@dataclass(frozen=True, slots=True)
class Answered:
    """Answers by variable name: texts, and the ids of secrets. `references` are the types of those that name a document."""

    texts: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)


def asked_in(tx: Tx, ctx: Context, release: Release, environment: str) -> Asked:
    """What a deployment of a release to an environment asks people for."""
    sets = [release.project_variable_set_snapshot_id, *release.library_variable_set_snapshot_ids]
    at = here(environment=environment, channel=release.channel_id, process=release.project_id)
    found = [each for each in variables.values_in(tx, ctx, sets) if may_apply(each, at)]
    return Asked(questions(found), form(found))


def answered_in(tx: Tx, ctx: Context, release: Release, deployment: Deployment) -> Answered:
    """The answers somebody gave."""
    asked = asked_in(tx, ctx, release, deployment.environment_id)
    texts = answers(asked.form, deployment.form_values)
    controls = {each.variable.name: each.control for each in asked.questions}
    secrets = deployment.form_secrets
    return Answered(
        texts=texts,
        secrets={} if secrets is UNSET else secrets,
        references={
            name: controls[name] for name, text in texts.items() if is_reference(controls[name], text)
        },
    )


def with_answers_in(
    tx: Tx, ctx: Context, release: Release, body: Deployment, *, trusted: bool
) -> tuple[Deployment, list[str]]:
    """The deployment with its secret answers put away, and what is wrong with the answers.

    `trusted`: the body is a stored deployment's, whose secrets count; a client's never do.
    """
    asked = asked_in(tx, ctx, release, body.environment_id)
    kept = body.form_secrets if trusted and body.form_secrets is not UNSET else {}
    given = answers(asked.form, body.form_values)
    secret = asked.secret_names
    start = [
        q.variable.name for q in asked.questions if q.is_secret and isinstance(q.variable.value, SecretRef)
    ]
    problems = [
        *missing_answers(asked.form, body.form_values, [*kept, *start]),
        *wrong_answers(asked.questions, given, _kinds_in(tx, ctx, asked, given)),
    ]
    if problems:
        return body, problems
    hidden = {name.casefold() for name in secret}
    hidden |= {q.variable.id.casefold() for q in asked.questions if q.is_secret}
    stored = dict(kept)
    for name in secret:
        if given.get(name, "").strip():
            stored[name] = ctx.services.secrets.store_in(tx, ctx.space, Sensitive(given[name]))
    values = {key: None if key.casefold() in hidden else text for key, text in body.form_values.items()}
    return replace(body, form_values=values, form_secrets=stored or UNSET), []


def _kinds_in(tx: Tx, ctx: Context, asked: Asked, given: Mapping[str, str]) -> dict[str, str]:
    """Of which kinds the documents of this space are that answers name."""
    controls = {each.variable.name: each.control for each in asked.questions}
    ids = [text for name, text in given.items() if is_reference(controls[name], text)]
    known = select(entity.c.id, entity.c.kind).where(entity.c.id.in_(ids), entity.c.space_id == ctx.space)
    return {row["id"]: row["kind"] for row in tx.all(known)} if ids else {}
