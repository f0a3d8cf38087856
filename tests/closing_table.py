"""The last words of a test run: where the time went, what was real, what was skipped and why."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from tests.needs import NEEDS

__all__ = ["lines", "reason_of", "refuse_skip", "require_real"]


def require_real() -> bool:
    """Whether a skip that hides a real thing is a failure: in CI."""
    return os.environ.get("GURITA_REQUIRE_REAL", "") not in {"", "0"}


def reason_of(report: Any) -> str:
    """Why a test was skipped: the text given to `pytest.skip`."""
    found = report.longrepr
    text = found[2] if isinstance(found, tuple) else str(found)
    return text.removeprefix("Skipped: ")


def refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turns a skip into a failure where everything must be real and the thing is not one that may miss."""
    if not report.skipped or hasattr(report, "wasxfail") or not require_real():
        return
    reason = reason_of(report)
    wanted = NEEDS.get(reason.partition(":")[0])
    if wanted is None or not wanted.may_miss:
        report.outcome = "failed"
        report.longrepr = f"GURITA_REQUIRE_REAL is set, so this skip is a failure: {reason}"


def lines(stats: Mapping[str, Sequence[Any]]) -> Iterator[str]:
    """The table, from the terminal reporter's `stats` (reports by outcome)."""
    yield from _times(stats)
    real = _real(stats)
    reasons = Counter(reason_of(report) for report in stats.get("skipped", ()))
    yield ""
    yield f"{'thing':<12} {'tests':>6}  {'skipped':>7}  note"
    for name, wanted in NEEDS.items():
        skipped = sum(count for reason, count in reasons.items() if reason.partition(":")[0] == name)
        yield f"{name:<12} {real[name]:>6}  {skipped:>7}  {_note(wanted.find(), wanted.way_out)}".rstrip()
    for reason, count in sorted(reasons.items()):
        if reason.partition(":")[0] not in NEEDS:
            yield f"{'(other)':<12} {'':>6}  {count:>7}  {reason}"
    if not reasons:
        yield "nothing was skipped"


def _note(place: str, way_out: str) -> str:
    return place or f"missing: {way_out}"


def _real(stats: Mapping[str, Sequence[Any]]) -> Counter[str]:
    """How many tests ran with each real thing, whether they passed or failed."""
    used: Counter[str] = Counter()
    for outcome in ("passed", "failed"):
        for report in stats.get(outcome, ()):
            if getattr(report, "when", "") == "call":
                used.update(name for key, name in report.user_properties if key == "real")
    return used


def _times(stats: Mapping[str, Sequence[Any]]) -> Iterator[str]:
    """Seconds and tests of each part; setup and teardown counted in. Parallel workers: sums exceed the clock."""
    seconds: defaultdict[str, float] = defaultdict(float)
    tests: Counter[str] = Counter()
    for reports in stats.values():
        for report in reports:
            if not hasattr(report, "duration"):
                continue
            part = "/".join(report.nodeid.split("::")[0].split("/")[1:3])
            part = part if part.startswith("unit/") and not part.endswith(".py") else part.split("/")[0]
            seconds[part] += report.duration
            tests[part] += report.when == "call"
    yield f"{'part':<24} {'tests':>6} {'seconds':>9}"
    for part, spent in sorted(seconds.items(), key=lambda pair: -pair[1])[:12]:
        yield f"{part:<24} {tests[part]:>6} {spent:>9.1f}"
