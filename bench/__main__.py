"""Runs rows and prints what they measured: `scripts/bench [ROW…] [--rounds N]`. Exit code 1 when a budget is missed."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator

from bench.bookkeeping import bookkeeping
from bench.contract_dashboard import board
from bench.delta import delta
from bench.fan_out import cold, warm
from bench.idle import idle
from bench.listing import listing
from bench.long_log import log
from bench.masking import masking
from bench.measured import Measured, table
from bench.packages import packages
from bench.portal_dashboard import dashboard
from bench.portal_first import portal_first
from bench.portal_log import portal_log
from bench.portal_variables import grid
from bench.scoped_lists import scoped_lists
from bench.take_over import take_over
from bench.transfer import transfer
from bench.under_load import under_load
from bench.variables import variables

ROWS: dict[str, Callable[[int], Iterator[Measured]]] = {
    "warm": warm,
    "cold": cold,
    "bookkeeping": bookkeeping,
    "list": listing,
    "lists": under_load,
    "scoped": scoped_lists,
    "log": log,
    "masking": masking,
    "packages": packages,
    "transfer": transfer,
    "delta": delta,
    "variables": variables,
    "take-over": take_over,
    "idle": idle,
    "board": board,
    "dashboard": dashboard,
    "portal": portal_first,
    "portal-log": portal_log,
    "grid": grid,
}


def main() -> int:
    """See the module."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"which, of {', '.join(ROWS)}; all if none")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured; medians are told")
    given = parser.parse_args()
    unknown = sorted(set(given.rows) - ROWS.keys())
    if unknown:
        parser.error(f"there is no row {', '.join(unknown)}; rows are {', '.join(ROWS)}")
    # A service keeps its bytecode. Where this variable is set, every start would compile everything again.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    print(
        f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, yardstick {_yardstick():.1f} ms (see"
        " docs/subsystems/budgets.md)",
        flush=True,
    )
    found: list[Measured] = []
    for name in given.rows or ROWS:
        began = time.monotonic()
        for measured in ROWS[name](given.rounds):
            found.append(measured)
            print(measured, flush=True)
        print(f"  {name}: {time.monotonic() - began:.0f} s, load {os.getloadavg()[0]:.1f}", flush=True)
    print(f"\n{table(found)}")
    missed = sum(not one.met for one in found)
    print(f"\n{len(found) - missed} of {len(found)} budgets met")
    return 1 if missed else 0


def _yardstick() -> float:
    """Processor milliseconds of a fixed piece of Python: tells how fast this machine is at this moment."""
    began = time.process_time()
    for _ in range(5):
        sum(number * number for number in range(100_000))
    return (time.process_time() - began) * 200


if __name__ == "__main__":
    sys.exit(main())
