"""What holds for every template: text is text, the canonical form reads back, nothing but documented errors is raised, work is bounded."""

from __future__ import annotations

import contextlib
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.formats.templates import evaluating, parsing
from gurita.formats.templates.errors import TemplateError
from gurita.formats.templates.filters import builtin_names
from gurita.formats.templates.keeping import Kept
from gurita.formats.templates.parsing import parse
from gurita.formats.templates.printing import printed_template
from gurita.formats.variables import SelfReference, TooDeep, TooLong, TooMuch, Variables, references

_PIECES = [
    *(
        "#{",
        "}",
        "#",
        "##{",
        "#{/if}",
        "#{else}",
        "#{elseif A}",
        "#{/unless}",
        "#{/each}",
        "#{if A}",
        "#{unless B}",
    ),
    *(
        "#{each x in A}",
        "x",
        "A",
        "B.c",
        "[c]",
        "[",
        "]",
        "[#{A}]",
        "[*]",
        " | ",
        '"',
        '\\"',
        '"a"',
        "calc 1",
        "+",
        "*",
    ),
    *(
        "(",
        ")",
        "{B-x}",
        "==",
        "!=",
        " ",
        "\n",
        ".",
        "#{J.a[0]}",
        "#{A}",
        "#{Loop}",
        "é",
        "😀",
        "null",
        "1",
        "d",
        "^(a*)*$",
    ),
    *builtin_names(),
]
_TEXTS = st.lists(st.sampled_from(_PIECES), max_size=25).map("".join) | st.text(max_size=60)

VARIABLES = {
    "A": "1,2",
    "B.c": "x#{A}",
    "A[c]": "q",
    "J": '{"a":[1,{"b":null}],"\\ud800":"\\ud800"}',
    "B-x": "3",
    "Loop": "#{Loop}",
    "x": "#{A | Bad #{",
    "e": "",
}


@given(st.text().filter(lambda text: "#{" not in text))
def test_text_without_a_token_is_untouched(text: str) -> None:
    for mode in ("halting", "continuing"):
        assert Variables(VARIABLES).evaluate(text, mode) == (text, (), "", False)


@given(_TEXTS)
def test_the_canonical_form_reads_back_as_the_same_template(text: str) -> None:
    try:
        parts = parse(text)
    except TemplateError:
        return
    printed = printed_template(parts)
    assert parse(printed) == parts
    assert printed_template(parse(printed)) == printed


@given(_TEXTS, st.dictionaries(st.sampled_from(["A", "B.c", "J", "e"]), _TEXTS, max_size=3))
def test_evaluating_raises_nothing_but_documented_errors(text: str, more: dict[str, str]) -> None:
    variables = Variables({**VARIABLES, **more})
    for mode in ("halting", "continuing"):
        with contextlib.suppress(SelfReference, TooDeep, TooLong, TooMuch):
            variables.evaluate(text, mode).text.encode()
    assert isinstance(references(text), tuple)


@given(_TEXTS)
def test_a_lenient_reading_of_what_has_no_values_keeps_every_character(text: str) -> None:
    """Where nothing is a token, the continuing parse changes nothing."""
    strange = text.replace("#{", "#{+").replace("##", "#")
    assert Variables().evaluate(strange, "continuing").text == strange.replace("##{", "#{")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), st.text(max_size=10))
def test_a_simple_name_read_the_short_way_means_the_same_as_by_the_grammar(value: str, around: str) -> None:
    variables = Variables({"A.B[c d].E": value.replace("#{", "")})
    around = around.replace("#", "")
    short = variables.evaluate(f"{around}#{{A . B[ c d ].E}}")
    by_grammar = variables.evaluate(f"{around}#{{A.B[#{{I}}].E}}")
    variables.set("I", "c d")
    assert variables.evaluate(f"{around}#{{A.B[#{{I}}].E}}").text == short.text
    assert by_grammar.missing == ("#{A.B[#{I}].E}",)


def test_values_that_double_each_other_are_stopped() -> None:
    bomb = Variables({f"V{n}": f"#{{V{n + 1}}}#{{V{n + 1}}}" for n in range(60)} | {"V60": "x" * 1000})
    with pytest.raises(TooLong):
        bomb.value("V0")


def test_a_filter_that_grows_is_stopped() -> None:
    text = "#{V | " + " | ".join(["ToBase64"] * 60) + "}"
    with pytest.raises(TooLong):
        Variables({"V": "x" * 10_000}).evaluate(text)


def test_loops_in_loops_are_stopped_by_their_steps() -> None:
    many = Variables({"L": "," * 2000})
    with pytest.raises(TooMuch):
        many.evaluate("#{each a in L}#{each b in L}#{each c in L}#{/each}#{/each}#{/each}")


def test_the_steps_of_a_simple_text_are_few() -> None:
    done: list[int] = []

    class Counting(evaluating.Evaluator):
        def spend(self, steps: int) -> None:
            done.append(steps)
            super().spend(steps)

    variables = Variables({"A": "#{B}", "B": "1"})
    Counting(variables._evaluator()._looking, {}).text("#{A} #{A} #{A}")
    assert sum(done) == 4  # A's value is evaluated once


@pytest.mark.parametrize(
    "values",
    [
        {f"V{n}": f"#{{V{n + 1}}}" for n in range(500)},
        {"V0": "#{if A}" * 90 + "x" + "#{/if}" * 90, "A": "1"},
        {f"V{n}": f"#{{V{n + 1}.a}}" for n in range(500)} | {"V500": '{"a":1}'},
    ],
)
def test_values_deep_in_each_other_are_stopped(values: dict[str, str]) -> None:
    with pytest.raises(TooDeep):
        Variables(values).value("V0")


def test_forty_values_in_each_other_are_no_trouble_even_in_a_thread() -> None:
    variables = Variables(
        {f"V{n}": f"#{{if V{n + 1}}}#{{V{n + 1}}}#{{/if}}" for n in range(35)} | {"V35": "end"}
    )
    found: list[str | None] = []
    thread = threading.Thread(target=lambda: found.append(variables.value("V0")))
    thread.start()
    thread.join()
    assert found == ["end"]


def test_many_conditions_one_after_the_other_are_no_depth() -> None:
    chain = "".join(f'#{{elseif A == "{n}"}}{n}' for n in range(90))
    variables = Variables({"A": "89"})
    assert variables.evaluate(f'#{{if A == "x"}}{chain}#{{/if}}').text == "89"


@pytest.mark.parametrize(
    "piece", ["#{a | b ", "#{a | f #{if x}", "#{if a}", "#{a[#{", '#{a "', "#{each x in y}#{if "]
)
def test_a_file_full_of_faults_is_read_in_bounded_steps(piece: str) -> None:
    source = parsing._Parsing(piece * 20_000, lenient=True)
    with contextlib.suppress(TooMuch):
        source.template()
    assert source.lexemes < 2 * parsing._MOST_WASTED


def test_a_token_with_ever_more_options_is_refused() -> None:
    found = Variables({"A": ""}).evaluate("#{A | Append " + "b " * 20_000 + "}")
    assert "too long" in found.error


def test_what_is_kept_stays_within_its_bounds() -> None:
    kept: Kept[str] = Kept(100)
    for n in range(50):
        kept.put(n, str(n), 10)
    assert kept.size == 100
    assert kept.get(45) == "45"
    kept.put("large", "x", 101)
    kept.put("new", "y", 60)
    assert (kept.get("large"), kept.get("new"), kept.get(45)) == (None, "y", "45")
    assert kept.size <= 100


def test_the_clause_of_a_secret_is_not_in_an_error() -> None:
    found = Variables({"S": "pass#{word"}).evaluate("#{S}")
    assert found.text == "pass#{word"
    assert "word" not in found.error
