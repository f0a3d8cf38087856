"""Refusals say where a permission is missing: only then the answer can name the teams that may."""

from __future__ import annotations

import ast
from pathlib import Path

from gurita.kernel.permissions import PERMISSIONS

SOURCE = Path(__file__).parents[2] / "src" / "gurita"
NOBODY_MAY = {"access/key_routes.py": "keys of people are made by themselves"}


def placeless(code: str) -> list[int]:
    """The lines in which a permission is refused and not said where."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Forbidden"
        and not any(each.arg == "space" for each in node.keywords)
        and not (isinstance(node.args[0], ast.Constant) and node.args[0].value not in PERMISSIONS)
    ]


def test_every_refusal_of_a_permission_says_where_it_is_missing() -> None:
    found = {
        str(file.relative_to(SOURCE)): lines
        for file in sorted(SOURCE.rglob("*.py"))
        if "Forbidden(" in (code := file.read_text()) and (lines := placeless(code))
    }
    assert found.keys() == NOBODY_MAY.keys(), found


def test_a_refusal_without_a_place_would_be_found() -> None:
    assert placeless(
        'raise Forbidden("TeamEdit", "said")\nraise Forbidden(name)\nraise Forbidden("a session")'
    ) == [1, 2]
    assert placeless('raise Forbidden("TeamEdit", space="")') == []
