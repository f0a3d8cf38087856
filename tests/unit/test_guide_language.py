"""The guide to the variable language says what is true: its examples are evaluated."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from gurita.formats.templates.filters import builtin_names
from gurita.formats.variables import Variables

PAGE = (Path(__file__).parents[2] / "docs/guide/variables-language.md").read_text(encoding="utf-8")
VARIABLES = json.loads(re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)[0])
EXAMPLES = [
    tuple(line.split(" → "))
    for block in re.findall(r"```template\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
]


@pytest.mark.parametrize(("text", "expected"), EXAMPLES)
def test_an_example_comes_to_what_the_guide_says(text: str, expected: str) -> None:
    found = Variables(VARIABLES).evaluate(text)
    assert not found.error
    assert found.text == expected


def test_the_guide_has_examples_of_every_construct_and_names_every_filter() -> None:
    assert len(EXAMPLES) > 40
    assert {name for name in builtin_names() if f"`{name}`" not in PAGE.lower()} == set()
