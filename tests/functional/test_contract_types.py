"""Our answers have the interfaces that the contract's own TypeScript package gives them, member by member."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gurita.http.permissions import known
from tests.contract_answers import answers, reading, shown
from tests.contract_content import Filled, filled
from tests.contract_table import LACKING, QUERIES, TYPED, UNTYPED
from tests.contract_types import Answer, Gap, gaps_of
from tests.fixtures_npm import npm_modules

CONTRACT = Path(__file__).parents[1] / "contract"


@pytest.fixture(scope="module", name="full")
def _full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    with filled(tmp_path_factory.mktemp("filled")) as made:
        yield made


@pytest.fixture(scope="module", name="modules")
def _modules() -> Path:
    return npm_modules(CONTRACT)


def test_every_route_that_reads_has_its_interface_or_a_reason() -> None:
    names = {name for route in reading() if not (name := shown(route)).startswith("/gurita/")}
    unjudged = sorted(names - TYPED.keys() - UNTYPED.keys())
    assert unjudged == [], f"look for their interfaces in the contract: {unjudged}"
    assert sorted(UNTYPED.keys() & TYPED.keys()) == []


@pytest.mark.needs("node", "sshd")
def test_no_answer_lacks_a_member_or_a_link_of_its_interface(
    full: Filled, modules: Path, tmp_path: Path
) -> None:
    queries = {route: query.format(port=full.host.port) for route, query in QUERIES.items()}
    told = list(answers(lambda path: full.here.ask("GET", path), queries))
    assert len(told) > 150
    found = gaps_of(told, modules, tmp_path)
    open_ends = [str(gap) for gap in found if not _known(gap)]
    assert open_ends == [], "\n".join(open_ends)
    stale = [key for key in LACKING if not any(_named(gap) == key for gap in found)]
    assert stale == [], f"no longer lacking, so take them off the list: {stale}"


def _named(gap: Gap) -> tuple[str, str]:
    interface = (
        TYPED[gap.route].removeprefix("C.ResourceCollection<").removeprefix("ReadonlyArray<").rstrip(">")
    )
    newer = gap.member.endswith("Permissions[]") and known(gap.why)
    return interface, f"{gap.member}: {'newer' if newer else gap.why}".removeprefix("Items").removeprefix(
        "[]."
    )


def _known(gap: Gap) -> bool:
    return _named(gap) in LACKING


@pytest.mark.needs("node")
def test_the_compiler_names_what_is_missing_wrong_or_empty(modules: Path, tmp_path: Path) -> None:
    body = {
        "Id": "Environments-1",
        "Name": None,
        "SpaceId": "Spaces-1",
        "SortOrder": "first",
        "ExtensionSettings": [{"ExtensionId": "a", "Values": {}}, {"Values": {}}],
        "UseGuidedFailure": False,
        "AllowDynamicInfrastructure": True,
        "Description": None,
        "Links": {"Self": "/a", "Machines": "/b", "Metadata": "/c"},
        "More": "than asked",
    }
    account = {"AccountType": "Handshake"}
    interface = "C.EnvironmentResource"
    told = [Answer("/one", interface, body), Answer("/list", f"ReadonlyArray<{interface}>", [body])]
    found = {(gap.route, gap.member, gap.why) for gap in gaps_of(told, modules, tmp_path)}
    lacks = {
        ("ExtensionSettings[].ExtensionId", "missing"),
        ("Links.SinglyScopedVariableDetails", "missing"),
        ("Name", "null"),
        ("SortOrder", "first"),
    }
    assert found == {("/one", *gap) for gap in lacks} | {("/list", f"[].{name}", why) for name, why in lacks}
    (tmp_path / "again").mkdir()
    odd = gaps_of([Answer("/odd", "C.AccountResource", account)], modules, tmp_path / "again")
    assert ("AccountType", "Handshake") in {(gap.member, gap.why) for gap in odd}
