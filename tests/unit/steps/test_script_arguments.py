"""Arguments of scripts: parted as by a shell, values in quotes never parted."""

from __future__ import annotations

import shlex
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.formats.variables import Variables
from gurita.steps.arguments import words_of
from gurita.steps.script import Script
from gurita.steps.step_type import NotHere, ScriptWork, StepContext

HOSTILE = 'it\'s "x" $(touch /tmp/never) `id`; rm -rf / \\ | > é🎉\nnext'
VALUES = Variables(
    {"Env": "Dev Test", "Hostile": HOSTILE, "Two": "one 'two three'", "Path": "#{Env}/x", "A[Dev Test].B": "found"}
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("  ", []),
        ("a 'b c' \"d e\" f\\ g", ["a", "b c", "d e", "f g"]),
        ("-Environment \"#{Env}\" --x='#{Env}'", ["-Environment", "Dev Test", "--x=Dev Test"]),
        ("#{Env}", ["Dev", "Test"]),
        ("#{Two}", ["one", "two three"]),
        ('"#{Two}"', ["one 'two three'"]),
        ('"#{Hostile}" b', [HOSTILE, "b"]),
        ("'#{Hostile}'", [HOSTILE]),
        ('"before #{Hostile} after"', [f"before {HOSTILE} after"]),
        ('"#{Path}"', ["Dev Test/x"]),
        ('"#{A[#{Env}].B}"', ["found"]),
        ("it\\'s #{Two}", ["it's", "one", "two three"]),
        ("$HOME `id` $(id)", ["$HOME", "`id`", "$(id)"]),
        ("a; b && c | d > e", ["a;", "b", "&&", "c", "|", "d", ">", "e"]),
        ('""', [""]),
        ('"\\"#{Env}\\""', ['"Dev Test"']),
    ],
)
def test_words_are_parted_as_by_a_shell_and_values_in_quotes_stay_whole(text: str, words: list[str]) -> None:
    assert words_of(text, VALUES) == (tuple(words), "")


def test_a_reference_nobody_knows_is_kept_and_told() -> None:
    words, complaint = words_of('"#{Nope}" "#{Nope}"', VALUES)
    assert words == ("#{Nope}", "#{Nope}")
    assert complaint.count("#{Nope}") == 1


@given(
    st.lists(
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=15), max_size=4
    )
)
def test_any_values_arrive_as_they_are_when_they_stand_in_quotes(values: list[str]) -> None:
    # A value that looks like a reference is one, as everywhere.
    values = [value.replace("#", "") for value in values]
    named = Variables({f"V{number}": value for number, value in enumerate(values)})
    text = " ".join(f'"#{{V{number}}}"' for number in range(len(values)))
    assert words_of(text, named) == (tuple(values), "")


@given(st.text(st.characters(codec="ascii", exclude_characters="\0#$`\r!"), max_size=20))
def test_a_line_is_parted_as_by_the_shell_of_this_machine(text: str) -> None:
    signs = set(text) & set(";&|<>()*?[]{}~=%^\n")
    try:
        words, _ = words_of(text, Variables())
    except ValueError:
        return
    if not signs:
        line = 'printf "%s\\0" "$@"'
        done = subprocess.run(
            ["/bin/sh", "-c", f"set -- {text}\n[ $# = 0 ] || {line}"], capture_output=True, check=False
        )
        assert done.stdout.decode().split("\0")[:-1] == list(words)
    assert tuple(shlex.split(shlex.join(words))) == words


def context(**properties: str) -> StepContext:
    """A step with a body that is always the same."""
    found = {f"Octopus.Action.Script.{name}": value for name, value in properties.items()}
    return StepContext("Run", {"Octopus.Action.Script.ScriptBody": "echo", **found}, VALUES, {"bash": "5.2"})


def test_a_step_hands_its_arguments_on_with_warnings() -> None:
    work = Script().work(context(ScriptParameters='"#{Hostile}" #{Nope}'))
    assert isinstance(work, ScriptWork)
    assert work.arguments == (HOSTILE, "#{Nope}")
    assert len(work.warnings) == 1
    assert "#{Nope}" in work.warnings[0]


def test_a_quote_without_end_is_refused_with_the_way_out() -> None:
    with pytest.raises(NotHere, match=r"ScriptParameters cannot be read: .*Close every quote"):
        Script().work(context(ScriptParameters="a 'b"))
