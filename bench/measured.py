"""A measured row: our figure, the reference's of the same run, and whether the budget holds."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = ["Measured", "median", "table"]


@dataclass(frozen=True, slots=True)
class Measured:
    """`value` is what the budget bounds: a ratio to the reference (unit "x"), or the figure itself in `unit`."""

    row: str
    what: str
    ours: str
    reference: str
    value: float
    budget: float
    unit: str = "x"
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether the budget holds."""
        return self.value >= self.budget if self.at_least else self.value <= self.budget

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as texts."""
        sign = "≥" if self.at_least else "≤"
        return (
            self.row,
            self.what,
            self.ours,
            self.reference,
            f"{self.value:.3g} {self.unit}",
            f"{sign} {self.budget:.3g} {self.unit}",
            "met" if self.met else "MISSED",
        )

    def __str__(self) -> str:
        row, what, ours, reference, value, budget, verdict = self.cells
        against = f", {reference}" if reference else ""
        return f"{row}: {what}: {ours}{against}: {value} (budget {budget}): {verdict}"


def median(values: Iterable[float]) -> float:
    """The middle one. The machine may be busy with other things; an average would count them."""
    return statistics.median(values)


def table(rows: Sequence[Measured]) -> str:
    """All rows under a heading, in columns."""
    heading = ("row", "what", "ours", "reference", "value", "budget", "")
    cells = [heading, *(row.cells for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(heading))]
    lines = [
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])
