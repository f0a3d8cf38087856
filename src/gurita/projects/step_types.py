"""`gurita/step-types`: the forms of the step types, for whoever edits a process (our own)."""

from __future__ import annotations

from gurita.http.call import Call
from gurita.http.routes import Routes
from gurita.steps.form import StepForm
from gurita.steps.registry import FORMS

__all__ = ["routes"]

_space = Routes("space")


@_space.get("/gurita/step-types", permission="ProcessView")
async def step_types(_call: Call) -> list[StepForm]:
    """The step types this server runs, each with the sections and fields of its form. Help is short Markdown."""
    return list(FORMS)


routes = _space.items
