"""Writes the tables of docs/steps from the step types' forms, the one source of their help."""

from __future__ import annotations

import re
from pathlib import Path

from gurita.steps.form import table
from gurita.steps.registry import FORMS

PAGES = Path(__file__).parent.parent / "docs/steps"
NAMES = {
    "Octopus.Script": "script",
    "Octopus.TentaclePackage": "package",
    "Octopus.TransferPackage": "transfer",
}
TABLE = re.compile(r"^\|.*(?:\n\|.*)*", re.MULTILINE)

for form in FORMS:
    page = PAGES / f"{NAMES[form.name]}.md"
    page.write_text(TABLE.sub(lambda _: table(form), page.read_text(), count=1))  # noqa: B023 - used at once
