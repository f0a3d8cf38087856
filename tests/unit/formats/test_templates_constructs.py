"""Text, tokens, blocks, paths and JSON: tables of what a template comes to (runtime formats 2.1 to 2.3)."""

from __future__ import annotations

import pytest

from gurita.formats.variables import SelfReference, Variables, references

VALUES = {
    "A": "1",
    "B": "two",
    "Name with space": "spaced",
    "a-b_c:d/e~(f)@": "signs",
    "Dotted.Name": "dotted",
    "Empty": "",
    "Yes": " TRUE ",
    "No": " no ",
    "Zero": "0",
    "List": "x, y,,z",
    "Key": "k 1",
    "P[k 1].V": "first #{A}",
    "P[k [2]].V": "second",
    "P[]": "none",
    "Set[one]": "own text",
    "Set[one].Sub": "sub",
    "Json": '{"a": 1, "B": [true, null, 2.50, "t"], "o": {"x": "#{B}", "n": {}}}',
    "Json.over": "variable",
    "Loose": "{Name: 'shirt', Sizes: [{size: \"S\", price: 15.00},], /* none */}",
    "Numbers": "[5, 2, 4]",
    "Two": "#{A}#{B}",
    "Faulty": "#{if",
    "Gone": "#{A | null}",
    "x": "global x",
    "Num": "1,000.5",
}
VARIABLES = Variables(VALUES)

TEXTS = [
    ("plain # text #", "plain # text #"),
    ("##{A}", "#{A}"),
    ("###{A}", "#1"),
    ("####{A}", "##1"),
    ("# #{A}#", "# 1#"),
    ("#{A}##{A}", "1#{A}"),
    ("{#{A}}", "{1}"),
    ("#{ a }", "1"),
    ("#{\nA\t}", "1"),
    ("#{Name with space}", "spaced"),
    ("#{a-b_c:d/e~(f)@}", "signs"),
    ("#{DOTTED . name}", "dotted"),
    ("#{A | ToBase64}", "MQ=="),
    ("#{A|ToBase64|ToLower}", "mq=="),
    ('#{A | Append "b c" d}', "1b cd"),
    ('#{A | Append \\"b"#c\\"}', '1b"#c'),
    ("#{A | Append #{B}#{B} #{if A}!#{/if}#{calc 1+1}}", "1twotwo!2"),
    ("#{A | Append #{B | Append #{A}}}", "1two1"),
    ("#{Two}", "1two"),
]
BLOCKS = [
    ("#{if A}y#{/if}", "y"),
    ("#{IF Yes}y#{ELSE}n#{/IF}", "y"),
    ("#{if No}y#{else}n#{/if}", "n"),
    ("#{if Zero}y#{/if}", ""),
    ("#{if Empty}y#{else}n#{/if}", "n"),
    ("#{if Nope}y#{else}n#{/if}", "n"),
    ("#{unless Nope}y#{/unless}", "y"),
    ("#{unless A}y#{else}n#{/unless}", "n"),
    ("#{if No}1#{elseif Zero}2#{elseif A}3#{else}4#{/if}", "3"),
    ("#{if No}1#{elseif Zero}2#{else}4#{/if}", "4"),
    ('#{if B == "two"}y#{/if}', "y"),
    ('#{if B=="Two"}y#{else}n#{/if}', "n"),
    ('#{if "two" == B}y#{/if}', "y"),
    ('#{if B != "two"}y#{else}n#{/if}', "n"),
    ("#{if A == A}y#{/if}", "y"),
    ("#{if A != B}y#{/if}", "y"),
    ('#{if Nope == ""}y#{/if}', "y"),
    ('#{if B | ToUpper == "TWO"}y#{/if}', "y"),
    ("#{if B | Contains w}y#{/if}", "y"),
    ("#{if A}#{if No}1#{else}#{unless No}2#{/unless}#{/if}#{/if}", "2"),
    ("#{elseifA}", None),
    ("#{if B | Nothing}y#{/if}", None),
    ("#{if B | Nothing == B}y#{else}n#{/if}", None),
    ("#{each i in List}[#{i}]#{/each}", "[x][ y][][z]"),
    ("#{each i in Empty}[#{i}]#{/each}", "[]"),
    ("#{each i in Nope}[#{i}]#{/each}", ""),
    ("#{each n in Numbers}#{n}#{unless Octopus.Template.Each.Last};#{/unless}#{/each}", "5;2;4"),
    (
        "#{each n in Numbers}#{Octopus.Template.Each.Index}#{Octopus.Template.Each.First} #{/each}",
        "0True 1False 2False ",
    ),
    ("#{each p in P}<#{p}=#{p.V}>#{/each}", "<k 1=first 1><k [2]=second><none=#{p.V}>"),
    ("#{each s in Set}#{s} #{s.Sub}#{/each}", "own text sub"),
    ("#{each m in Json.o}#{m}=#{m.Key}=#{m.Value} #{/each}", "x=x=two n=n={} "),
    ("#{each s in Loose.Sizes}#{s.size}#{s.price}#{/each}", "S15"),
    ("#{each x in Numbers}#{x}#{/each}#{x}", "524global x"),
    (
        "#{each i in Numbers}#{each j in Numbers}#{if i == j}#{Octopus.Template.Each.Index}#{/if}#{/each}#{/each}",
        "012",
    ),
    ("#{each i in Numbers}#{i | Append #{B}} #{/each}", "5two 2two 4two "),
]
PATHS = [
    ("#{P[#{Key}].V}", "first 1"),
    ("#{P[ k 1 ].V}", "first 1"),
    ("#{P[k [2]].V}", "second"),
    ("#{P[]}", "none"),
    ("#{P[k 1]}", "k 1"),
    ("#{P[*].V}", "first 1"),
    ("#{Set[ONE]}", "own text"),
    ("#{Nope[#{Key}]}", None),
    ("#{P[#{Nope}].V}", None),
    ("#{Json.a}", "1"),
    ("#{Json[a]}", "1"),
    ("#{Json.A}", ""),
    ("#{Json.B[0]} #{Json.B[1]} #{Json.B[2]} #{Json.B[3]}", "True  2.5 t"),
    ("#{Json.B[9]}", ""),
    ("#{Json.B[ 0 ]}", "True"),
    ("#{Json.B[x]}", None),
    ("#{Json.B.Length}", None),
    ("#{Json.B[-1]}", ""),
    ("#{Json.B[*]}", "True"),
    ("#{Json.B}", '[true,null,2.5,"t"]'),
    ("#{Json.o.x}", "two"),
    ("#{Json.o}", '{"x":"two","n":{}}'),
    ("#{Json.over}", "variable"),
    ("#{Json.a.b}", None),
    ("#{Loose.Name}", "shirt"),
    ("#{Loose.Sizes[0].price | Format C}", "¤15.00"),
    ("#{Loose.Sizes}", '[{"size":"S","price":15.0}]'),
    ("#{A.b}", None),
]
SUMS = [
    ("#{calc 1+2*3}", "7"),
    ("#{calc (1+2)*3}", "9"),
    ("#{calc 7/2}", "3.5"),
    ("#{calc 10-4-3}", "3"),
    ("#{calc 0.1 + 0.2}", "0.30000000000000004"),
    ("#{calc A + 1}", "2"),
    ("#{calc {A}-1}", "0"),
    ("#{calc Json.a*4}", "4"),
    ("#{calc Num + 0}", "1000.5"),
    ("#{calc 1/0}", "Infinity"),
    ("#{calc 0/0}", "NaN"),
    ("#{calc A-1}", None),  # a name takes the minus
    ("#{calc B+1}", None),
    ("#{calc Nope+1}", None),
    ("#{calc 3*(A+{B-x})/2}", None),
]


@pytest.mark.parametrize(("text", "expected"), [*TEXTS, *BLOCKS, *PATHS, *SUMS])
def test_what_a_text_comes_to(text: str, expected: str | None) -> None:
    found = VARIABLES.evaluate(text)
    assert not found.error
    assert found.text == (text if expected is None else expected)
    if expected is None:
        assert found.missing == (text,)


ECHOES = [
    ("#{ Nope }", "#{Nope}"),
    ("#{A|Nothing}", "#{A | Nothing}"),
    ("#{ Nope . x [ y ] }", "#{Nope.x[y]}"),
    ('#{A|Nothing  b "c d"   #{ B }}', '#{A | Nothing b "c d" #{B}}'),
    ("#{|Nothing}", "#{ | Nothing}"),
    ("#{if A|Nothing}y#{elseif B}n#{/if}", "#{if A | Nothing}y#{else}#{if B}n#{/if}#{/if}"),
    ("#{unless A|Nothing=='x'}", None),
    (
        '#{unless A|Nothing=="x"}##{y}#{else}n#{/unless}',
        '#{unless A | Nothing == "x"}##{y}#{else}n#{/unless}',
    ),
    ("#{calc  Nope + 1 }", "#{calc Nope + 1}"),
    ("#{Nope[#{ A }]}", "#{Nope[#{A}]}"),
]


@pytest.mark.parametrize(("text", "echo"), ECHOES)
def test_what_cannot_be_told_is_echoed_in_one_form(text: str, echo: str | None) -> None:
    found = VARIABLES.evaluate(text)
    assert found.text == (text if echo is None else echo)
    assert found.missing == (() if echo is None else (echo,))
    assert bool(found.error) is (echo is None)


FAULTY = [
    "#{",
    "#{}",
    "#{A",
    "#{A..B}",
    "#{A B | }",
    "#{A | ToUpper .}",
    "#{A[}",
    "#{A[#{B | ToUpper}]}",
    "#{A[x#{B}]}",
    "#{if A}",
    "#{if A}#{/unless}",
    "#{/if}",
    "#{else}",
    "#{unless A}#{elseif B}#{/unless}",
    "#{if A}#{else}#{else}#{/if}",
    "#{each in A}#{/each}",
    "#{each x in}#{/each}",
    "#{each x in A}",
    "#{calc 1+}",
    "#{calc (1+2}",
    "#{calc 1 2}",
    '#{A | Append "b}',
    "#{A | Append b#c}",
    "#{A in B}",
]


@pytest.mark.parametrize("faulty", FAULTY)
def test_a_fault_leaves_the_whole_text_or_only_itself(faulty: str) -> None:
    text = f"#{{A}} {faulty}\n #{{B}}"
    found = VARIABLES.evaluate(text)
    assert (found.text, found.missing) == (text, ())
    assert found.error.startswith("Line ")
    going_on = VARIABLES.evaluate(text, "continuing")
    assert not going_on.error
    assert going_on.text.startswith("1 ")
    assert going_on.text.endswith("\n two")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a { b: #{c: 1} } #{A}", "a { b: #{c: 1} } 1"),
        ("`#{x + 1}` #{if A}y#{/if}", "`#{x + 1}` y"),
        ("#{if A}y #{B}", "#{if A}y two"),
        ("#{if A}#{each i in List}#{/if}#{B}", "#{each i in List}two"),
        ("#{if A}y#{else}n #{B}", "#{if A}y#{else}n two"),
        ("#{/each}#{B}", "#{/each}two"),
        ("##{A} ###{B", "#{A} ###{B"),
        ("#{A[#{B}", "#{A[two"),
    ],
)
def test_in_files_what_is_no_token_stays(text: str, expected: str) -> None:
    found = VARIABLES.evaluate(text, "continuing")
    assert found.text == expected


def test_nothing_comes_of_a_text_with_the_filter_null() -> None:
    found = VARIABLES.evaluate("a #{A | null}")
    assert (found.text, found.absent, found.truthy) == ("", True, False)
    assert VARIABLES.value("Gone") is None
    assert VARIABLES.evaluate("#{Gone}").missing == ("#{Gone}",)
    assert VARIABLES.evaluate("#{if Gone}y#{else}n#{/if}").text == "n"


def test_a_value_that_is_no_template_is_itself_and_said() -> None:
    found = VARIABLES.evaluate("a #{Faulty}")
    assert found.text == "a #{if"
    assert found.error.startswith("The value of Faulty is not a template.")


@pytest.mark.parametrize(
    ("values", "chain"),
    [
        ({"Foo": "#{Foo}"}, "Foo -> Foo"),
        ({"Foo": "x#{Bar | ToUpper}", "Bar": "#{if foo}#{/if}"}, "Foo -> Bar -> foo"),
        ({"Foo": "#{P[#{Foo}]}", "P[x]": ""}, "Foo -> Foo"),
        ({"Foo": "#{each x in Foo}#{/each}"}, "Foo -> Foo"),
        ({"Foo": '{"a": "#{Foo.a}"}'}, "Foo -> Foo"),
    ],
)
def test_a_loop_is_named(values: dict[str, str], chain: str) -> None:
    with pytest.raises(SelfReference, match="appears to have resulted in a self referencing loop") as raised:
        Variables(values).evaluate("#{Foo}")
    assert f"({chain})" in str(raised.value)


def test_a_loop_that_nothing_asks_for_does_no_harm() -> None:
    variables = Variables({"Foo": "#{Foo}", "A": "#{if No}#{Foo}#{/if}fine"})
    assert variables.evaluate("#{A}").text == "fine"


def test_the_name_a_loop_binds_is_no_variable_of_that_name() -> None:
    variables = Variables({"item": "#{each item in List}#{item}#{/each}", "List": "a,b"})
    assert variables.value("item") == "ab"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#{A}", True),
        ("#{if A}yes#{/if}", True),
        (" False ", False),
        ("", False),
        ("#{Nope}", False),
        ("#{if", False),
        ("#{Gone}", False),
        ("anything", True),
    ],
)
def test_whether_an_expression_is_true(text: str, expected: bool) -> None:
    assert VARIABLES.truthy(text) is expected


def test_the_paths_a_text_mentions() -> None:
    text = "#{a[#{b}]} #{each x in C}#{x.Y}#{d | Replace #{e} f}#{Octopus.Template.Each.Index}#{/each}#{calc q+{r s}*2}"
    assert references(text) == ("b", "a[#{b}]", "C", "d", "e", "q", "r s")
    assert references('#{if F == "x"}#{G}#{elseif H}#{/if}#{G}') == ("F", "G", "H")
    assert references("none ##{A} #{") == ()


def test_a_host_adds_filters_behind_the_others() -> None:
    variables = Variables(
        {"A": "a"}, {"Twice": lambda value, _: value and value * 2, "ToUpper": lambda *_: "x"}
    )
    assert variables.evaluate("#{A | twice | ToUpper}").text == "AA"


def test_flags_strings_and_paths() -> None:
    variables = Variables(
        {"Y": " true", "N": "False", "M": "maybe", "L": " a, ,b ", "P": "a\r\n\n b \r", "R": "#{Y}"}
    )
    assert [variables.flag(name) for name in ("Y", "N", "M", "R", "Nope")] == [
        True,
        False,
        False,
        True,
        False,
    ]
    assert variables.flag("M", default=True)
    assert variables.strings("L") == ["a", "b"]
    assert variables.paths("P") == ["a", "b"]


def test_values_reach_into_json_and_change() -> None:
    variables = Variables({"J": '{"a": "#{A}"}', "A": "1"})
    assert variables.value("J.a") == "1"
    variables.set("A", "2")
    assert variables.value("J.a") == "2"
    assert variables.value("J.a.b") is None
