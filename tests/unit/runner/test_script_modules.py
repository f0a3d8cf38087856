"""Script modules: which files they become, and for which scripts."""

from __future__ import annotations

import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.runner.script_modules import module_name, modules_for


def variables(*modules: tuple[str, str, str]) -> dict[str, str]:
    """The variables of modules: name, language, body."""
    found = {}
    for name, language, body in modules:
        found[f"Octopus.Script.Module[{name}]"] = body
        if language:
            found[f"Octopus.Script.Module.Language[{name}]"] = language
    return found


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Bash Script Module", "BashScriptModule"),
        ("my-tools.v2", "mytoolsv2"),
        ("snake_case", "snake_case"),
        ("2nd", "_2nd"),
        ("Größe", "Größe"),
        ("../../etc/passwd", "etcpasswd"),
        ("a/b\\c\0d\n", "abcd"),
        ("[x]", "x"),
        ("🎉 --", ""),
        ("\U00010107 of \u2460", "of1"),
        ("\u0300mark", "_\u0300mark"),
    ],
)
def test_a_module_is_loaded_by_its_name_without_blanks_and_signs(name: str, expected: str) -> None:
    assert module_name(name) == expected


@given(st.text(max_size=30))
def test_any_name_gives_a_name_python_can_import_and_no_path(name: str) -> None:
    found = module_name(name)
    assert found == "" or found.isidentifier() or keyword.iskeyword(found)
    assert not set(found) & set("/\\.\0")


def test_each_language_gets_its_own_modules_and_none_means_powershell() -> None:
    given_ = variables(
        ("Tools", "Bash", "a() { :; }\r\n"), ("Tools", "bash", "a() { :; }\r\n"), ("Snake", "Python", "x = 1"), ("Old", "", "'hi'")
    )  # fmt: skip
    assert modules_for("bash", given_).files == {"Tools.sh": "a() { :; }\n"}
    assert modules_for("sh", given_).files == {"Tools.sh": "a() { :; }\n"}
    assert modules_for("python", given_).files == {"Snake.py": "x = 1"}
    assert modules_for("pwsh", given_).files == {"Old.ps1": "'hi'"}


def test_modules_of_other_languages_are_nothing_to_any_script() -> None:
    given_ = variables(("Sharp", "CSharp", "//"), ("F", "FSharp", "//"))
    assert not any(modules_for(each, given_).files for each in ("bash", "sh", "python", "pwsh"))


def test_names_of_variables_have_no_case() -> None:
    given_ = {"octopus.script.MODULE[X]": "x = 1", "OCTOPUS.Script.Module.Language[x]": "PYTHON"}
    assert modules_for("python", given_).files == {"X.py": "x = 1"}


def test_of_two_modules_with_the_same_file_the_first_is_kept_and_a_warning_names_the_other() -> None:
    given_ = variables(("My Tools", "Python", "x = 1"), ("MyTools", "Python", "x = 2"), ("---", "Python", ""))
    found = modules_for("python", given_)
    assert found.files == {"MyTools.py": "x = 1"}
    assert found.warnings == (
        "The script module 'MyTools' was left out: another one is MyTools.py.",
        "The script module '---' was left out: no letter or digit is in its name.",
    )
