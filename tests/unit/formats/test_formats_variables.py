"""References to variables: found in any case, evaluated deep, echoed when missing, stopped when they loop."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.formats.variables import SelfReference, TooLong, Variables

VARIABLES = Variables(
    {
        "Name": "world",
        "A.B[c]": "deep",
        "Index": "c",
        "Outer": "<#{inner}>",
        "Inner": "[#{NAME}]",
        "Loop": "#{Knot}",
        "Knot": "#{Loop}",
        "Self": "#{self}",
        "Half": "#{Nowhere}!",
    }
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hello #{Name}", "hello world"),
        ("#{name}#{ NAME }", "worldworld"),
        ("#{A.B[c]}", "deep"),
        ("#{a.b[#{Index}]}", "deep"),
        ("#{A.B[ c ]}", "deep"),
        ("#{Outer}", "<[world]>"),
        ("##{Name}", "#{Name}"),
        ("###{Name}", "#world"),
        ("a # b #", "a # b #"),
        ("no reference", "no reference"),
        ("", ""),
    ],
)
def test_references_are_replaced(text: str, expected: str) -> None:
    assert VARIABLES.evaluate(text) == (expected, (), "", False)


def test_what_is_missing_is_echoed_and_listed_once() -> None:
    found = VARIABLES.evaluate("#{Nope} #{Name} #{Nope} #{A[#{No}]}")
    assert found.text == "#{Nope} world #{Nope} #{A[#{No}]}"
    assert found.missing == ("#{Nope}", "#{A[#{No}]}")
    assert found.complaint.startswith("The following tokens were unable to be evaluated: '#{Nope}', ")


def test_a_missing_token_inside_a_value_is_listed() -> None:
    assert VARIABLES.evaluate("#{Half}") == ("#{Nowhere}!", ("#{Nowhere}",), "", False)


@pytest.mark.parametrize("text", ["#{if Name}", "#{/if}", "#{each x in Name}", "#{}", "a #{Name} #{Name"])
def test_a_faulty_text_comes_back_whole_with_an_error(text: str) -> None:
    found = VARIABLES.evaluate(text)
    assert found.text == text
    assert found.error.startswith("Line 1, column ")
    assert not found.missing


def test_a_reference_without_end_leaves_the_whole_text() -> None:
    found = VARIABLES.evaluate("#{Name}\nand #{Name")
    assert found.text == "#{Name}\nand #{Name"
    assert found.error.startswith("Line 2, column 5: ")


@pytest.mark.parametrize(("name", "chain"), [("Self", "Self -> self"), ("Loop", "Loop -> Knot -> Loop")])
def test_a_loop_is_named(name: str, chain: str) -> None:
    with pytest.raises(SelfReference, match=rf"\({chain}\)"):
        VARIABLES.value(name)


def test_values_that_double_each_other_are_stopped() -> None:
    bomb = Variables({f"V{n}": f"#{{V{n + 1}}}#{{V{n + 1}}}" for n in range(60)} | {"V60": "x" * 1000})
    with pytest.raises(TooLong):
        bomb.value("V0")


def test_names_have_no_case_and_the_first_spelling_stays() -> None:
    variables = Variables([("Key", "1"), ("KEY", "2")])
    assert variables["key"] == "2"
    assert list(variables) == ["Key"]
    assert variables.value("other") is None
    assert "kEY" in variables


@given(st.text(max_size=200))
def test_any_text_is_evaluated_or_given_back(text: str) -> None:
    found = Variables().evaluate(text)
    assert isinstance(found.text, str)
    if "#{" not in text:
        assert found.text == text
