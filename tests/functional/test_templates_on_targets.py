"""The variable language in the shipped file, on the oldest Python a target may have: the same results as on the server."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from gurita.formats.variables import Variables
from gurita.runner.bundle import runner_file
from tests.needs import need

pytestmark = pytest.mark.needs("python3.8")

VALUES = {
    "A": "1,2",
    "Number": "1234.5",
    "Date": "2009-06-15T13:45:30Z",
    "Text": "a **b** ~~c~~ see http://a.example/b.\n\nx|y\n-|-\n1|2",
    "Json": '{"a": [1, {"b": "#{A}"}]}',
    "P[x].V": "first",
    "Url": "http://u@a.example:81/b?c#d",
    "Name": "Grüße 😀",
}
TEXTS = [
    "plain ##{A} ###{A}",
    '#{A | ToUpper | Append x "y z"}',
    "#{each n in A}#{calc n*2}#{unless Octopus.Template.Each.Last};#{/unless}#{/each}",
    '#{if A == "1,2"}y#{elseif A}n#{/if}',
    "#{Json.a[1].b} #{Json} #{P[*].V}#{each p in P}#{p}#{/each}",
    '#{Number | Format C} #{Number | Format double \\"#,##0.000;(x)\\"} #{Number | Format E3}',
    '#{Date | Format "ddd, dd MMM yyyy"} #{Date | AddDays "0.5"}',
    "#{Text | Markdown}",
    '#{Name | Replace "(?<x>[a-z]+)" "<$1${x}>"} #{Name | Match "(?i)GRÜSSE|grüße"}',
    "#{Url | UriPart HostAndPort} #{Url | UriDataEscape} #{Name | ToBase64 unicode} #{Name | Sha256 4}#{Name | Md5}",
    "#{Name | YamlDoubleQuoteEscape} #{Name | PropertiesKeyEscape} #{A | VersionMajor}",
    "#{Nope} #{Nope | ToUpper}",
    "#{A #{A}",
]
PROGRAM = """
import json, sys
sys.path.insert(0, sys.argv[1])
from gurita.formats.variables import Variables
given = json.load(sys.stdin)
variables = Variables(given["values"])
assert "lark" not in sys.modules
print(json.dumps([list(variables.evaluate(text, mode)) for text in given["texts"] for mode in ("halting", "continuing")]))
"""


def test_a_target_evaluates_as_the_server_does(tmp_path: Path) -> None:
    shipped = tmp_path / "runner.pyz"
    shipped.write_bytes(runner_file().data)
    given = json.dumps({"values": VALUES, "texts": TEXTS})
    done = subprocess.run(
        [need("python3.8"), "-I", "-W", "error", "-c", PROGRAM, str(shipped)],
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    variables = Variables(VALUES)
    here = [variables.evaluate(text, mode) for text in TEXTS for mode in ("halting", "continuing")]
    assert json.loads(done.stdout) == [[each[0], list(each[1]), *each[2:]] for each in here]
