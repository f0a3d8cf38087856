"""The order of an installation, its folders and its journal, with scripts that are only noted."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from gurita.formats.service_messages import Message, Parser, Text
from gurita.runner.conventions import Deploy
from gurita.runner.deployment_journal import Entry, Journal, JournalDamaged, entry_of
from gurita.runner.installing import Failure, copy_tree, purge, safe_name, version_folder
from gurita.runner.package_cache import PackageCache
from gurita.runner.package_work import InstalledAs, Package, PackageWork, StageScript
from gurita.runner.scene import Place, Scene, Stopped, Values
from gurita.runner.stage_script import Ended, Script
from gurita.runner.told import Told
from tests.hostile_archives import zip_of

ME = InstalledAs("Environments-1", "Tenants-1", "Projects-1", "all of it")


class Heard(Told):
    """Keeps what is told."""

    def __init__(self) -> None:
        super().__init__(-1)
        self.data = b""

    def raw(self, data: bytes) -> None:
        self.data += data

    def text(self) -> str:
        return b"".join(each.data for each in Parser().feed(self.data) if isinstance(each, Text)).decode()

    def messages(self, name: str) -> list[dict[str, str]]:
        return [
            each.attributes
            for each in Parser().feed(self.data)
            if isinstance(each, Message) and each.name == name
        ]


class Installing:
    """One installation whose scripts do what a test says, by their first word."""

    def __init__(self, home: Path, members: dict[str, bytes], **work: object) -> None:
        data = zip_of(*members.items())
        self.package = Package(
            "Acme", "1.0", ".zip", hashlib.sha256(data).hexdigest(), len(data), "feeds-builtin"
        )
        upload = PackageCache(str(home)).upload(self.package)
        if upload is not None:
            upload.write(0, data)
            upload.finish()
        self.home, self.ran = home, list[tuple[str, str]]()
        self.does: dict[str, Callable[[Installing], Ended]] = {}
        made = PackageWork(
            "deploy", self.package, applications=str(home / "apps"), environment="E", installed_as=ME
        )
        (home / "ticket" / "work").mkdir(parents=True, exist_ok=True)
        place = Place(str(home), "t" * 32, str(home / "private"), str(home / "ticket/work"), "one")
        self.heard = Heard()
        names = {"Octopus.Action.Name": "Web", "Octopus.Machine.Name": "m1"}
        self.scene = Scene(made._replace(**work), Values(names), place, self.heard, self._run)  # type: ignore[arg-type]

    def _run(
        self, script: Script, variables: dict[str, str], private: str, workdir: str,
        note: Callable[[str, str], None], told: Told,
    ) -> Ended:  # fmt: skip
        del variables, private, note, told
        word = script.text.split()[0]
        self.ran.append((word, os.path.relpath(workdir, self.home)))
        return self.does[word](self) if word in self.does else Ended(0)

    def go(self) -> int:
        with self.scene.held:
            return Deploy(self.scene).to_the_end()

    def journal(self) -> list[Entry]:
        return Journal(str(self.home), "one").entries()


def configured(*stages: str) -> list[StageScript]:
    return [StageScript(stage, "bash", f"own-{stage}") for stage in stages]


ALL = ("PreDeploy", "Deploy", "PostDeploy", "DeployFailed")
PACKAGED = {f"{stage}.sh": f"in-{stage}".encode() for stage in ALL}


def test_stages_run_in_order_configured_before_packaged_only_at_first(tmp_path: Path) -> None:
    one = Installing(tmp_path, PACKAGED, scripts=configured(*ALL), custom_directory=str(tmp_path / "www"))
    assert one.go() == 0
    here = "apps/E/Acme/1.0"
    assert one.ran == [
        ("own-PreDeploy", here), ("in-PreDeploy", here),
        ("in-Deploy", "www"), ("own-Deploy", "www"),
        ("in-PostDeploy", "www"), ("own-PostDeploy", "www"),
    ]  # fmt: skip
    assert [entry.successful for entry in one.journal()] == [True]


@pytest.mark.parametrize("stage", ["PreDeploy", "Deploy", "PostDeploy"])
def test_whichever_stage_fails_deploy_failed_runs_and_the_first_reason_is_told(
    tmp_path: Path, stage: str
) -> None:
    one = Installing(tmp_path, PACKAGED, scripts=configured(*ALL))
    one.does[f"own-{stage}"] = lambda _: Ended(5, told="the reason")
    one.does["own-DeployFailed"] = lambda _: Ended(6, told="another")
    assert one.go() == 5
    assert [word for word, _ in one.ran][-2:] == ["own-DeployFailed", "in-DeployFailed"]
    assert one.heard.messages("resultMessage") == [{"message": "the reason"}]
    assert [entry.successful for entry in one.journal()] == [False]


def test_a_failure_before_anything_is_there_still_runs_the_configured_deploy_failed(tmp_path: Path) -> None:
    one = Installing(tmp_path, {"../evil": b""}, scripts=configured(*ALL))
    assert one.go() == 1
    assert one.ran == [("own-DeployFailed", "ticket/work")]
    assert "leads out of the folder" in one.heard.text()
    assert list((tmp_path / "apps").rglob("*1.0*")) == []


def test_a_stop_runs_nothing_more_and_is_journaled_as_a_failure(tmp_path: Path) -> None:
    one = Installing(tmp_path, {"a": b""}, scripts=configured(*ALL))

    def stopped(installing: Installing) -> Ended:
        installing.scene._stop()
        return Ended(143)

    one.does["own-Deploy"] = stopped
    with pytest.raises(Stopped):
        one.go()
    assert [word for word, _ in one.ran] == ["own-PreDeploy", "own-Deploy"]
    assert [entry.successful for entry in one.journal()] == [False]


def test_variables_set_on_the_way_are_filled_in_and_others_stay(tmp_path: Path) -> None:
    one = Installing(
        tmp_path, {"a": b""}, custom_directory=f"{tmp_path}/#{{ Where }}", scripts=configured("PreDeploy")
    )

    def sets(installing: Installing) -> Ended:
        installing.scene.note("Where", "www")
        return Ended(0)

    one.does["own-PreDeploy"] = sets
    assert one.go() == 0
    assert (tmp_path / "www/a").exists()
    values = one.scene.values
    assert values.get("octopus.action[web].output.WHERE") == "www"
    assert values.get("Octopus.Action[Web].Output[m1].Where") == "www"
    assert (
        values.filled("#{where} #{Unknown} #{Where | ToUpper} ##{x}")
        == "www #{Unknown} #{Where | ToUpper} ##{x}"
    )
    assert values.get("Octopus.Action.Package[].ExtractedPath") == str(tmp_path / "apps/E/Acme/1.0")
    assert values.get("Octopus.Action.Package.FeedId") == "feeds-builtin"
    assert values.get("Octopus.Tentacle.Agent.ApplicationDirectoryPath") == str(tmp_path / "apps")


def test_the_last_installations_are_known_to_the_next(tmp_path: Path) -> None:
    first = Installing(tmp_path, {"a": b""})
    first.go()
    second = Installing(tmp_path, {"a": b""}, scripts=configured("PreDeploy"))
    second.does["own-PreDeploy"] = lambda _: Ended(1)
    second.go()
    third = Installing(tmp_path, {"a": b""})
    third.go()
    get = third.scene.values.get
    assert get("Octopus.Tentacle.PreviousInstallation.OriginalInstalledPath").endswith("1.0_1")
    assert get("Octopus.Tentacle.PreviousSuccessfulInstallation.OriginalInstalledPath").endswith("1.0")
    assert get("Octopus.Tentacle.PreviousInstallation.PackageVersion") == "1.0"
    other = Installing(tmp_path, {"a": b""}, installed_as=ME._replace(policy_set="another step"))
    other.go()
    assert other.scene.values.get("Octopus.Tentacle.PreviousInstallation.PackageVersion") == ""


def test_writers_at_once_lose_no_entry(tmp_path: Path) -> None:
    package = Package("Acme", "1.0", ".zip", "0" * 64, 1)

    def write(number: int) -> None:
        for each in range(10):
            Journal(str(tmp_path), "one").add(
                entry_of(ME, package, f"{number}-{each}", "/x", "", successful=True)
            )

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = Journal(str(tmp_path), "one").entries()
    assert sorted(entry.deployed_from for entry in found) == sorted(
        f"{n}-{e}" for n in range(4) for e in range(10)
    )
    assert len({entry.id for entry in found}) == 40


@pytest.mark.parametrize(
    "text", ["", "<Deployments>", "<Other/>", "\x00", "<Deployments><Deployment</Deployments>"]
)
def test_a_journal_that_cannot_be_read_is_named_and_kept(tmp_path: Path, text: str) -> None:
    journal = Journal(str(tmp_path), "one/../x")
    os.makedirs(journal.folder)
    Path(journal.path).write_text(text)
    with pytest.raises(JournalDamaged, match=r"one____x/DeploymentJournal.xml cannot be read"):
        journal.entries()
    with pytest.raises(JournalDamaged):
        journal.add(entry_of(ME, Package("a", "1", ".zip", "", 0), "", "", "", successful=True))
    assert Path(journal.path).read_text() == text


def test_what_somebody_else_wrote_into_the_journal_stays(tmp_path: Path) -> None:
    journal = Journal(str(tmp_path), "one")
    os.makedirs(journal.folder)
    Path(journal.path).write_text(
        '<Deployments><Deployment Id="x" Further="1"><Note/></Deployment></Deployments>'
    )
    journal.add(entry_of(ME, Package("a<&>", "1", ".zip", "", 0), "", "/ü", "", successful=True))
    text = Path(journal.path).read_text(encoding="utf-8")
    assert '<Deployment Id="x" Further="1"><Note /></Deployment>' in text
    assert journal.entries()[1].package == "a<&>"


def test_names_become_one_part_of_a_path_each(tmp_path: Path) -> None:
    package = Package("owner/repo", "..", ".zip", "", 0)
    work = PackageWork("deploy", package, applications=str(tmp_path), environment="a\\b:c", tenant="..")
    assert version_folder(work, package) == f"{tmp_path}/__/a_b_c/owner_repo/__"
    assert safe_name(" x\n") == "x_"
    with pytest.raises(Failure, match="absolute"):
        version_folder(work._replace(applications="apps"), package)


def test_a_copy_replaces_files_and_keeps_links_modes_and_times(tmp_path: Path) -> None:
    source, target = tmp_path / "a", tmp_path / "b"
    (source / "d").mkdir(parents=True)
    (source / "d/run").write_text("new")
    (source / "d/run").chmod(0o750)
    os.utime(source / "d/run", (1e9, 1e9))
    (source / "l").symlink_to("d/run")
    (target / "d").mkdir(parents=True)
    (tmp_path / "outside").write_text("kept")
    (target / "d/run").symlink_to(tmp_path / "outside")
    (target / "other").write_text("other")
    assert copy_tree(str(source), str(target)) == 2
    assert (tmp_path / "outside").read_text() == "kept"
    assert (target / "d/run").stat().st_mode & 0o777 == 0o750
    assert (target / "d/run").stat().st_mtime == 1e9
    assert os.readlink(target / "l") == "d/run"
    assert (target / "other").exists()
    for inside in (source / "d", tmp_path):
        with pytest.raises(Failure, match="lie in each other"):
            copy_tree(str(source), str(inside))


def test_a_purge_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept/file").write_text("x")
    (tmp_path / "www").mkdir()
    (tmp_path / "www/link").symlink_to(tmp_path / "kept")
    assert purge(str(tmp_path / "www"), [], []) == 1
    assert (tmp_path / "kept/file").exists()
    with pytest.raises(Failure, match="exclusions"):
        purge(str(tmp_path / "www"), ["[a"], [])
    assert purge(str(tmp_path / "missing"), [], []) == 0
