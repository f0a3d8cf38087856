"""A server killed while it acquires packages, and while one is installed: it goes on, and nothing happens twice."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.cutting_proxy import CuttingProxy
from tests.fixtures_server import GuritaServer, gurita_server, new_api_key
from tests.fixtures_sshd import SshHost, sshd
from tests.packaging import package_step, push, zip_of
from tests.patience import within
from tests.scenario import Scenario, step

pytestmark = pytest.mark.needs("sshd")

SCRIPTS = {
    "PreDeploy.sh": 'echo x >> "COUNTER-pre"; echo "before"',
    "Deploy.sh": 'echo x >> "COUNTER-deploy"; for n in 1 2 3 4 5 6; do echo "line $n"; done; '
    'until [ -e "COUNTER-go" ]; do sleep 0.1; done',
    "PostDeploy.sh": 'echo x >> "COUNTER-post"; echo "after"',
}


@dataclass
class Site:
    """A server, a host, and a package whose scripts count themselves."""

    server: GuritaServer
    made: Scenario
    host: SshHost
    folder: Path
    task: str

    def let_go(self) -> None:
        """Lets the script in the middle come to its end."""
        (self.folder / "counter-go").touch()

    def counts(self) -> list[int]:
        """How often each stage ran."""
        files = [self.folder / f"counter-{stage}" for stage in ("pre", "deploy", "post")]
        return [file.read_text().count("x") if file.exists() else 0 for file in files]

    def assert_once(self) -> None:
        """The task succeeded, and everything in it happened once."""
        self.let_go()
        ended = self.made.wait(self.task)
        log = self.made.raw(self.task)
        assert ended["State"] == "Success", log
        assert self.counts() == [1, 1, 1], log
        texts = [line.partition("|")[2].strip() for line in log.splitlines()]
        for line in ("before", *(f"line {n}" for n in range(1, 7)), "after"):
            assert texts.count(line) == 1, log
        assert len([text for text in texts if "SHA-256" in text]) == 1, log
        assert len([text for text in texts if text.startswith("Acme.App 1.0.0 was brought")]) <= 1, log
        applications = self.host.folder / "user" / "Applications" / "Dev" / "Acme.App"
        assert [each.name for each in applications.iterdir()] == ["1.0.0"]


@contextmanager
def site(
    folder: Path, faults: str = "", *, hangs: bool = False, size: int = 2, cut: int = 0, **options: Any
) -> Iterator[Site]:
    """A deployment under way, on a server that breaks where it is told to. A host that `hangs` answers nobody; the package
    has `size` MB; the connections to the host are cut once, after `cut` bytes went through."""
    (folder / "hosts").mkdir()
    with (
        sshd(folder / "hosts", 1) as (host,),
        CuttingProxy(host.port, after=cut) as door,
        gurita_server(folder / "server", **options) as server,
    ):
        made = Scenario(server.client)
        dev = made.environment("Dev")
        reached = replace(host, port=door.port) if cut else host
        made.ssh_machine(reached, made.ssh_account(host), [dev], ["web"], "host")
        files = {name: text.replace("COUNTER", f"{folder}/counter") for name, text in SCRIPTS.items()}
        push(made, "Acme.App.1.0.0.zip", zip_of({**files, "big.bin": os.urandom(size * 1_000_000)}))
        project = made.project("App", [step("App", package_step("Acme.App"))])
        body = {"projectName": project["Id"], "packages": ["Acme.App:1.0.0"]}
        release = str(made.post("releases/create/v1", body)["ReleaseId"])
        if faults:
            armed = {"GURITA_FAULTS": faults, "GURITA_FAULTS_LOG": str(folder / "faults")}
            server.environment = {**server.environment, **armed}
            server.restart()
        assert host.process is not None
        if hangs:
            os.kill(host.process.pid, signal.SIGSTOP)
        try:
            yield Site(server, made, host, folder, made.deploy(release, dev))
        finally:
            os.kill(host.process.pid, signal.SIGCONT)


@pytest.mark.parametrize("point", ["packages.fetched", "packages.brought", "engine.asked-not-recorded"])
def test_a_server_killed_around_acquisition_goes_on_and_nothing_happens_twice(
    tmp_path: Path, point: str
) -> None:
    with site(tmp_path, f"{point}=kill:1") as there:
        there.server.until(lambda: not there.server.running)
        assert (tmp_path / "faults").read_text() == f"{point}\n"
        assert there.counts() == [0, 0, 0]
        there.server.environment = {}
        there.server.start()
        there.assert_once()


def installing(there: Site) -> None:
    """Returns in the middle of an installation, which goes on once it is let go."""
    there.server.until(lambda: "line 6" in there.made.raw(there.task), why=lambda: there.made.raw(there.task))


def test_a_server_killed_while_a_package_is_installed_takes_its_result(tmp_path: Path) -> None:
    with site(tmp_path) as there:
        installing(there)
        there.server.kill()
        there.server.start()
        there.assert_once()


def test_a_task_canceled_while_a_package_is_installed_runs_nothing_more(tmp_path: Path) -> None:
    with site(tmp_path) as there:
        installing(there)
        there.made.ask("POST", f"/api/tasks/{there.task}/cancel", {})
        assert there.made.wait(there.task)["State"] == "Canceled"
        assert there.counts() == [1, 1, 0]


def test_a_cancel_ends_acquisition_while_a_host_hangs(tmp_path: Path) -> None:
    with site(tmp_path, hangs=True) as there:
        there.server.until(lambda: "SHA-256" in there.made.raw(there.task))
        time.sleep(0.5)
        with within(10):
            there.made.ask("POST", f"/api/tasks/{there.task}/cancel", {})
            assert there.made.wait(there.task)["State"] == "Canceled"
        assert there.counts() == [0, 0, 0]


def test_an_upload_that_is_cut_goes_on_where_it_was(tmp_path: Path) -> None:
    with site(tmp_path, size=80, cut=20_000_000) as there:
        there.assert_once()
        log = there.made.raw(there.task)
        assert "This is tried again." in log
        (sent,) = re.findall(r"Acme.App 1.0.0 was brought to host \((\d+\.\d) MB sent\)", log)
        assert float(sent) < 80


@pytest.mark.needs("postgresql")
def test_another_node_goes_on_with_what_a_killed_one_was_bringing(tmp_path: Path, postgres_url: str) -> None:
    shared = {
        "GURITA_ROOT_KEY": "dHdvLW5vZGVzLXR3by1ub2Rlcy10d28tbm9kZXMtMDE=",
        "GURITA_BLOBS": str(tmp_path / "blobs"),
        "GURITA_LEASE": "6",
    }
    given: dict[str, Any] = {"database": postgres_url, "api_key": new_api_key(), "environment": shared}
    with site(tmp_path, "packages.brought=kill:1", **given) as there:
        there.server.until(lambda: not there.server.running)
        with gurita_server(tmp_path / "other", node_name="other", **given) as other:
            there.made = Scenario(other.client)
            there.assert_once()
            assert there.made.task(there.task)["ServerNode"].endswith("other")
