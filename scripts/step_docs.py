"""Writes the tables of docs/steps from the step types' forms, the one source of their help.

A step type's page is the one whose first line names it: `# Run a script (`Octopus.Script`)`. Its first table is replaced.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from gurita.steps.form import table
from gurita.steps.registry import FORMS

PAGES = Path(__file__).parent.parent / "docs/steps"
TABLE = re.compile(r"^\|.*(?:\n\|.*)*", re.MULTILINE)

pages = {page: page.read_text() for page in PAGES.glob("*.md")}
for form in FORMS:
    found = [page for page, text in pages.items() if f"(`{form.name}`)" in text.partition("\n")[0]]
    if len(found) != 1:
        sys.exit(f"docs/steps wants one page that begins with: # {form.title} (`{form.name}`)")
    text = pages[found[0]]
    if not TABLE.search(text):
        sys.exit(f"{found[0]} has no table to replace; a line with | is enough.")
    found[0].write_text(TABLE.sub(lambda _: table(form), text, count=1))  # noqa: B023 - used at once
