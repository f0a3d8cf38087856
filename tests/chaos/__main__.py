"""Runs the chaos and prints what happened: `scripts/chaos [--minutes M] [--deployments N] [--database sqlite|postgresql|both]`.

Exit code 0 when nothing was violated, every fault point struck often enough, and enough deployments were made.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests import fixtures_postgres
from tests.chaos.load import Load, prepare
from tests.chaos.nemesis import Nemesis
from tests.chaos.verdict import Verdict, judge
from tests.chaos.world import FAULTS, Node, World
from tests.fixtures_sshd import sshd


def main() -> int:
    """See the module."""
    parser = argparse.ArgumentParser(prog="scripts/chaos", description=__doc__)
    parser.add_argument("--minutes", type=float, default=12, help="how long everything may take")
    parser.add_argument("--deployments", type=int, default=300, help="how many at least, over all databases")
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument("--hits", type=int, default=10, help="how often each fault point must strike")
    parser.add_argument("--keep", action="store_true", help="keep the folder with all logs")
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    databases = ("sqlite", "postgresql") if given.database == "both" else (given.database,)
    hits: Counter[str] = Counter()
    made, bad = 0, []
    for place, database in enumerate(databases):
        share = given.minutes * 60 / len(databases)
        left = len(databases) - place
        count, struck, violations = run(
            database, given, share, hits, max(1, (given.deployments - made) // left)
        )
        made += count
        hits += struck
        bad += violations
    rare = [name for name in FAULTS if hits[name] < given.hits]
    bad += [f"{name} struck {hits[name]} times, less than {given.hits}" for name in rare]
    if made < given.deployments:
        bad.append(f"only {made} of {given.deployments} deployments were made in the time")
    for line in bad:
        print(f"VIOLATED: {line}")
    print(f"chaos: {made} deployments, {sum(hits.values())} faults, {len(bad)} violations, seed {given.seed}")
    return 1 if bad else 0


def run(
    database: str, given: argparse.Namespace, seconds: float, before: Counter[str], wanted: int
) -> tuple[int, Counter[str], list[str]]:
    """One database's share. Gives deployments, hits, violations."""
    with contextlib.ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix=f"gurita-chaos-{database}-"))
        if not given.keep:
            stack.callback(_remove, folder)
        urls = [""] if database == "sqlite" else stack.enter_context(_postgres()) * 2
        nodes = [
            Node(f"node-{n}", folder / f"node-{n}", url, folder / "blobs", folder / f"hits-{n}")
            for n, url in enumerate(urls)
        ]
        (folder / "hosts").mkdir()
        hosts = stack.enter_context(sshd(folder / "hosts", 2))
        world = World(folder, nodes, hosts)
        stack.callback(world.close)
        for node in nodes:
            node.start()
            node.wait_ready()
        release, environments = prepare(world, nodes[0])
        load = Load(world, release, environments, 100_000, given.seed)
        nemesis = Nemesis(world, given.seed, several=len(nodes) > 1)
        began = time.monotonic()
        threads = load.run(10)
        nemesis.start()
        while time.monotonic() - began < seconds - 45 or (
            time.monotonic() - began < seconds * 5 and not _enough(load, world, before, given.hits, wanted)
        ):
            time.sleep(0.5)
        load.wanted = 0
        nemesis.finish()
        ends = time.monotonic() + 400
        for thread in threads[:-1]:
            thread.join(max(1, ends - time.monotonic()))
        verdict = judge(load, nemesis)
        load.stop.set()
        _tell(database, load, world, nemesis, verdict, time.monotonic() - began)
        return len(load.asked), world.hits(), [*verdict.violations, *load.problems, *nemesis.problems]


def _enough(load: Load, world: World, before: Counter[str], hits: int, wanted: int) -> bool:
    struck = before + world.hits()
    return len(load.asked) >= wanted and all(struck[name] >= hits for name in FAULTS)


@contextlib.contextmanager
def _postgres() -> Iterator[list[str]]:
    with fixtures_postgres.server() as running, running.fresh() as url:
        yield [url]


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def _tell(
    database: str, load: Load, world: World, nemesis: Nemesis, verdict: Verdict, seconds: float
) -> None:
    print(f"\n{database}: {len(load.asked)} deployments in {seconds:.0f} s, {verdict.actions} actions began")
    print("  states: " + ", ".join(f"{name} {count}" for name, count in sorted(verdict.states.items())))
    print(
        f"  lost: {verdict.lost} tasks lost an action, {len(nemesis.killed)} runners killed, {load.guidance} answers"
    )
    print("  happened: " + ", ".join(f"{name} {count}" for name, count in sorted(world.happened.items())))
    for name, count in sorted(world.hits().items()):
        print(f"  fault {name}: {count}")
    print(flush=True)


if __name__ == "__main__":
    sys.exit(main())
