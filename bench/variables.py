"""Row `variables`: the values of 10,000 variables for each of 100 targets, against Jinja with the same templates compiled."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping

import jinja2

from bench.measured import Measured, median
from gurita.formats.templates.parsing import forget
from gurita.formats.variables import Variables

__all__ = ["COUNT", "TARGETS", "variables"]

COUNT, TARGETS = 10_000, 100
BUDGET = 1.5
BUDGET_FIRST = 0.5
"""Of the time Jinja takes to compile the same templates."""

_OURS = (
    "plain value {n}",
    "a longer plain value, as connection strings are: Server=db;Database=shop{n};Timeout=30",
    "http://#{{Host}}:#{{Port}}/app{n}",
    "#{{Machine | ToUpper}}-{n}",
    '#{{if Environment == "Production"}}#{{Host}}#{{else}}localhost#{{/if}}/{n}',
)
_THEIRS = (
    "plain value {n}",
    "a longer plain value, as connection strings are: Server=db;Database=shop{n};Timeout=30",
    "http://{{{{ Host }}}}:{{{{ Port }}}}/app{n}",
    "{{{{ Machine|upper }}}}-{n}",
    '{{% if Environment == "Production" %}}{{{{ Host }}}}{{% else %}}localhost{{% endif %}}/{n}',
)


def variables(rounds: int) -> Iterator[Measured]:
    """Two fifths of the values are plain text, as they are in projects; the rest names others, filters or decides."""
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(_ours())
        theirs.append(_jinja())
    first, rest = (median(each[at] for each in ours) for at in (0, 1))
    compiling, rendering = (median(each[at] for each in theirs) for at in (0, 1))
    told = f"{first:.2f} s CPU"
    yield Measured(
        "variables",
        "the first target, all read anew",
        told,
        f"jinja compiles {compiling:.2f} s",
        first / compiling,
        BUDGET_FIRST,
    )
    told = f"{rest:.2f} s CPU, {rest / COUNT / (TARGETS - 1) * 1e6:.1f} µs a value"
    yield Measured(
        "variables",
        f"{COUNT} for each of {TARGETS - 1} more",
        told,
        f"jinja renders {rendering:.2f} s",
        rest / rendering,
        BUDGET,
    )


def _target(number: int) -> dict[str, str]:
    return {
        "Host": f"host-{number}.example",
        "Port": str(8000 + number),
        "Machine": f"web-{number}",
        "Environment": "Production" if number % 2 else "Test",
    }


def _ours() -> tuple[float, float]:
    """Processor seconds of the first target, and of the others."""
    forget()
    values = {f"App[{n}].Setting": _OURS[n % 5].format(n=n) for n in range(COUNT)}
    began = time.process_time()
    first = 0.0
    for number in range(TARGETS):
        found = _values({**_target(number), **values})
        if not number:
            first = time.process_time() - began
        assert found["App[2].Setting"] == f"http://host-{number}.example:{8000 + number}/app2"
    return first, time.process_time() - began - first


def _values(given: Mapping[str, str]) -> dict[str, str | None]:
    known = Variables(given)
    return {name: known.value(name) for name in given}


def _jinja() -> tuple[float, float]:
    """Processor seconds of compiling the same, once, and of all targets but one."""
    began = time.process_time()
    environment = jinja2.Environment(cache_size=-1, autoescape=False)  # noqa: S701  a bench of our own texts
    texts = {f"App[{n}].Setting": _THEIRS[n % 5].format(n=n) for n in range(COUNT)}
    templates = {name: environment.from_string(text) if "{" in text else None for name, text in texts.items()}
    compiled = time.process_time()
    for number in range(1, TARGETS):
        target = _target(number)
        found = {
            name: texts[name] if template is None else template.render(target)
            for name, template in templates.items()
        }
        assert found["App[2].Setting"] == f"http://host-{number}.example:{8000 + number}/app2"
    return compiled - began, time.process_time() - compiled
