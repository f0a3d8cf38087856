"""Packages on a real runner: brought, installed in order, journaled, transferred, run from."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from gurita.runner.bundle import runner_file
from gurita.runner.package_work import PackageWork, Reference, RunScript, StageScript
from tests.functional.packages_on_targets import (
    ME,
    bring,
    deploy,
    journal_of,
    named,
    outputs,
    start,
    successes,
    work_folder,
)
from tests.functional.runner_channel import (
    Channel,
    Refused,
    cleaned,
    folder_of,
    launcher_pid,
    new_ticket,
    until,
)
from tests.hostile_archives import HOSTILE, link, special, tar_of, zip_of
from tests.needs import need

SAY = 'echo "$1 $(basename "$0") in $PWD"\n'


@pytest.fixture
def channel(tmp_path: Path) -> Iterator[Channel]:
    for home in cleaned(tmp_path / "home"):
        home.mkdir()
        found = Channel(home)
        yield found
        found.close()


@pytest.fixture
def apps(tmp_path: Path) -> Path:
    return tmp_path / "apps"


def script(stage: str, text: str) -> StageScript:
    return StageScript(stage, "bash", text)


def test_a_package_is_installed_in_the_order_of_its_stages(
    channel: Channel, apps: Path, tmp_path: Path
) -> None:
    custom = tmp_path / "www"
    data = zip_of(
        ("index.html", b"<p>"),
        (special("bin/run", stat.S_IFREG | 0o755), b"#!/bin/sh\n"),
        *(
            (f"{stage}.sh", f"echo packaged {stage} in $PWD\r\n".encode())
            for stage in ("PreDeploy", "Deploy", "PostDeploy")
        ),
        ("DeployFailed.sh", b"echo must not run\n"),
    )
    package = bring(channel, data)
    seen = deploy(
        channel, package, apps, tenant="Blue: 1", custom_directory=str(custom),
        scripts=[script(stage, f"echo configured {stage} in $PWD") for stage in ("PreDeploy", "Deploy", "PostDeploy", "DeployFailed")],
    )  # fmt: skip
    home = apps / "Blue_ 1/Production/Acme.Web/1.2.3"
    assert (seen.state, seen.rc) == ("ended", 0), seen.text
    assert [line for line in seen.text.splitlines() if " in /" in line] == [
        f"configured PreDeploy in {home}",
        f"packaged PreDeploy in {home}",
        f"packaged Deploy in {custom}",
        f"configured Deploy in {custom}",
        f"packaged PostDeploy in {custom}",
        f"configured PostDeploy in {custom}",
    ]
    for folder in (home, custom):
        assert sorted(path.name for path in folder.iterdir()) == ["bin", "index.html"]
        assert os.access(folder / "bin/run", os.X_OK)
    assert outputs(seen)["Package.InstallationDirectoryPath"] == str(custom)
    assert [path.name for path in home.parent.iterdir()] == ["1.2.3"]


def test_the_journal_keeps_exactly_what_the_format_says(channel: Channel, apps: Path) -> None:
    package = bring(channel, zip_of(("a", b"1")))
    deploy(channel, package, apps)
    (entry,) = journal_of(channel)
    assert list(entry.attrib) == [
        "Id", "EnvironmentId", "TenantId", "ProjectId", "InstalledOn", "RetentionPolicySet", "ExtractedTo",
        "CustomInstallationDirectory", "WasSuccessful",
    ]  # fmt: skip
    assert entry.get("EnvironmentId") == "Environments-1"
    assert entry.get("RetentionPolicySet") == ME.policy_set
    assert entry.get("ExtractedTo") == str(apps / "Production/Acme.Web/1.2.3")
    assert entry.get("WasSuccessful") == "True"
    (inside,) = entry
    assert inside.tag == "Package"
    assert (inside.get("PackageId"), inside.get("PackageVersion")) == ("Acme.Web", "1.2.3")
    assert str(inside.get("DeployedFrom")).startswith(str(channel.home / "packages-v1/Acme.Web@1.2.3@"))
    assert list((channel.home / "journal-v1/one/unfinished").iterdir()) == []


def test_a_version_that_is_there_is_never_touched(channel: Channel, apps: Path) -> None:
    package = bring(channel, zip_of(("a", b"1")))
    folders = [outputs(deploy(channel, package, apps))["Package.InstallationDirectoryPath"] for _ in range(3)]
    assert [Path(folder).name for folder in folders] == ["1.2.3", "1.2.3_1", "1.2.3_2"]


def test_an_installed_version_is_skipped_only_when_it_succeeded_and_is_there(
    channel: Channel, apps: Path
) -> None:
    package = bring(channel, zip_of(("a", b"1")))
    failing = [script("Deploy", "exit 3")]
    assert deploy(channel, package, apps, skip_if_installed=True, scripts=failing).rc == 3
    first = deploy(channel, package, apps, skip_if_installed=True, scripts=[script("Deploy", "echo ran")])
    assert "failed or is gone" in first.text
    assert "ran" in first.text.splitlines()
    again = deploy(channel, package, apps, skip_if_installed=True, scripts=[script("Deploy", "echo ran")])
    assert (again.rc, "ran" in again.text) == (0, False)
    assert outputs(again) == outputs(first)
    other = deploy(channel, package, apps, skip_if_installed=True, custom_directory=str(apps / "../other"))
    assert "Extracted 1 files" in other.text
    os.rename(outputs(first)["Package.InstallationDirectoryPath"], apps / "away")
    assert "failed or is gone" in deploy(channel, package, apps, skip_if_installed=True).text
    assert successes(channel) == [
        "False",
        "True",
        "True",
        "True",
    ]


def test_a_failed_stage_runs_deploy_failed_and_is_journaled_as_failed(channel: Channel, apps: Path) -> None:
    data = zip_of(
        ("PreDeploy.sh", b"echo pre; exit 7\n"),
        ("Deploy.sh", b"echo deploy\n"),
        ("DeployFailed.sh", b"echo packaged\n"),
    )
    seen = deploy(channel, bring(channel, data), apps, scripts=[script("DeployFailed", "echo configured")])
    assert (seen.rc, seen.message) == (7, "PreDeploy.sh failed with exit code 7")
    words = [line for line in seen.text.splitlines() if line in ("pre", "deploy", "configured", "packaged")]
    assert words == ["pre", "configured", "packaged"]
    assert successes(channel) == ["False"]
    assert sorted(path.name for path in (apps / "Production/Acme.Web/1.2.3").iterdir()) == ["Deploy.sh"]


def test_the_failure_a_script_gives_itself_is_kept(channel: Channel, apps: Path) -> None:
    seen = deploy(
        channel,
        bring(channel, zip_of(("a", b""))),
        apps,
        scripts=[script("Deploy", "fail_step 'no licence'")],
    )
    assert (seen.rc, seen.message) == (1, "no licence")


def test_output_variables_reach_later_stages_in_every_language(
    channel: Channel, apps: Path, tmp_path: Path
) -> None:
    www = tmp_path / "from script"
    seen = deploy(
        channel,
        bring(
            channel,
            zip_of(
                (
                    "PostDeploy.py",
                    b"print('py', get_octopusvariable('octopus.action[deploy web].output.Where'))\n",
                )
            ),
        ),
        apps,
        custom_directory="#{Where}",
        scripts=[
            script(
                "PreDeploy", f"set_octopusvariable Where '{www}'; set_octopusvariable Key hunter2 -sensitive"
            ),
            script(
                "Deploy",
                'echo "sh $(get_octopusvariable Where) #{Octopus.Action.Package.InstallationDirectoryPath}"',
            ),
            script(
                "PostDeploy", 'echo "key $(get_octopusvariable Key | tr a-z A-Z) $(get_octopusvariable Key)"'
            ),
        ],
    )
    assert f"sh {www} {www}" in seen.text
    assert f"py {www}" in seen.text
    assert "key HUNTER2 ********" in seen.text
    assert "hunter2" not in seen.text
    assert outputs(seen)["Where"] == str(www)


def test_a_script_may_skip_what_comes_after_its_stage(channel: Channel, apps: Path) -> None:
    scripts = [
        script("PreDeploy", "set_octopusvariable Octopus.Action.SkipRemainingConventions True; echo pre"),
        script("Deploy", "echo never"),
    ]
    seen = deploy(channel, bring(channel, zip_of(("a", b""))), apps, scripts=scripts)
    assert (seen.rc, "pre" in seen.text, "never" in seen.text) == (0, True, False)
    assert successes(channel) == ["True"]


def test_packaged_scripts_stay_quiet_or_stay_there_when_asked(channel: Channel, apps: Path) -> None:
    package = bring(channel, zip_of(("Deploy.sh", b"echo ran\n")))
    quiet = deploy(channel, package, apps, run_packaged_scripts=False)
    assert "ran" not in quiet.text.splitlines()
    kept = deploy(channel, package, apps, delete_scripts=False)
    assert "ran" in kept.text.splitlines()
    assert all(path.exists() for path in apps.rglob("1.2.3*/Deploy.sh"))


def test_of_several_languages_one_script_runs_and_csharp_is_refused_by_name(
    channel: Channel, apps: Path
) -> None:
    both = bring(
        channel, zip_of(("Deploy.ps1", b"x"), ("Deploy.py", b"print('py')"), ("Deploy.sh", b"echo sh\n"))
    )
    assert [line for line in deploy(channel, both, apps).text.splitlines() if line in ("sh", "py")] == ["sh"]
    csharp = bring(channel, zip_of(("PostDeploy.csx", b"x"), ("PreDeploy.sh", b"echo pre")), version="2")
    seen = deploy(channel, csharp, apps)
    assert (seen.rc, "PostDeploy.csx" in seen.message, "pre" in seen.text.splitlines()) == (1, True, False)


def test_a_purge_spares_what_is_excluded_and_no_folder_of_the_system(
    channel: Channel, apps: Path, tmp_path: Path
) -> None:
    custom = tmp_path / "www"
    for name in ("old.txt", "logs/a/b.log", "web.config", "gone/x", "data/kept/y"):
        (custom / name).parent.mkdir(parents=True, exist_ok=True)
        (custom / name).write_text("old")
    package = bring(channel, zip_of(("new.txt", b"new")))
    exclusions = ["logs/**", "*.config", "data/kept"]
    seen = deploy(
        channel, package, apps, custom_directory=str(custom), purge=True, purge_exclusions=exclusions
    )
    assert seen.rc == 0, seen.text
    left = sorted(str(path.relative_to(custom)) for path in custom.rglob("*") if path.is_file())
    assert left == ["data/kept/y", "logs/a/b.log", "new.txt", "web.config"]
    for folder in ("/", "/etc", str(channel.home), str(tmp_path)):
        refused = deploy(channel, package, apps, custom_directory=folder, purge=True)
        assert (refused.rc, "was not purged" in refused.message) == (1, True)


def test_secrets_are_hidden_in_what_the_conventions_say(channel: Channel, apps: Path, tmp_path: Path) -> None:
    seen = deploy(
        channel, bring(channel, zip_of(("a", b""))), apps, custom_directory=str(tmp_path / "hunter2"),
        variables={"Secret": "hunter2"}, sensitive=("secret",), scripts=[script("Deploy", "echo $PWD")],
    )  # fmt: skip
    assert seen.rc == 0
    assert "hunter2" not in seen.text
    assert (tmp_path / "hunter2/a").exists()


def test_errors_on_stderr_fail_the_stage_when_the_step_wants_it(channel: Channel, apps: Path) -> None:
    package = bring(channel, zip_of(("a", b"")))
    scripts = [script("Deploy", "echo oops >&2"), script("PostDeploy", "echo after")]
    assert deploy(channel, package, apps, scripts=scripts).rc == 0
    seen = deploy(channel, package, apps, scripts=scripts, fail_on_stderr=True)
    assert (seen.rc, "wrote to its error output" in seen.message, "after" in seen.text.splitlines()) == (
        1,
        True,
        False,
    )


def test_a_script_that_leaves_lines_messages_and_levels_open_disturbs_nothing(
    channel: Channel, apps: Path
) -> None:
    scripts = [
        script("PreDeploy", "echo '##octopus[stdout-ignore]'; printf '##octopus[setVariable name='"),
        script("Deploy", "printf 'no end'"),
        script("PostDeploy", "echo 'and on'"),
    ]
    seen = deploy(channel, bring(channel, zip_of(("a", b""))), apps, scripts=scripts)
    assert seen.rc == 0
    assert {"no end", "and on"} <= set(seen.text.splitlines())


@pytest.mark.parametrize(
    "name", ["zip name '../evil'", "tar link out through links", "bomb behind the end", "zip cut"]
)
def test_a_hostile_archive_fails_the_step_by_name_and_leaves_nothing(
    channel: Channel, apps: Path, name: str
) -> None:
    extension, make, why = HOSTILE[name]
    data = make() if "bomb" not in name else tar_of(("zeros", bytes(200_000_000)), pack="gz")
    why = why if "bomb" not in name else "250 times"
    seen = deploy(
        channel, bring(channel, data, extension=extension), apps, scripts=[script("PreDeploy", "echo never")]
    )
    assert (seen.rc, "was not extracted" in seen.message, why in seen.message) == (1, True, True), (
        seen.message
    )
    assert [path for path in apps.rglob("*") if path.is_file() or "1.2.3" in path.name] == []
    assert "never" not in seen.text
    assert [entry.get("ExtractedTo") for entry in journal_of(channel)] == [""]


def test_a_damaged_journal_is_named_and_nothing_is_installed(channel: Channel, apps: Path) -> None:
    package = bring(channel, zip_of(("a", b"")))
    deploy(channel, package, apps)
    path = channel.home / "journal-v1/one/DeploymentJournal.xml"
    path.write_text(path.read_text()[:-20])
    seen = deploy(channel, package, apps)
    assert (seen.rc, str(path) in seen.message, "Repair it" in seen.message) == (1, True, True)
    assert not (apps / "Production/Acme.Web/1.2.3_1").exists()


def test_a_cancel_stops_the_script_journals_the_failure_and_runs_nothing_more(
    channel: Channel, apps: Path
) -> None:
    package = bring(channel, zip_of(("a", b"")))
    work = PackageWork(
        kind="deploy", package=package, applications=str(apps), environment="Production", installed_as=ME,
        scripts=[
            script("Deploy", f"trap 'echo bye; exit 9' TERM; touch {apps}/up; while :; do sleep 0.1; done"),
            script("PostDeploy", "echo never"),
            script("DeployFailed", "echo never"),
        ],
    )  # fmt: skip
    ticket = start(channel, work)
    until(lambda: (apps / "up").exists())
    channel.cancel(ticket, grace=20)
    seen = channel.follow(ticket)
    assert (seen.state, "bye" in seen.text, "never" in seen.text) == ("canceled", True, False)
    assert successes(channel) == ["False"]


def test_a_time_limit_ends_the_whole_work(channel: Channel, apps: Path) -> None:
    package = bring(channel, zip_of(("a", b"")))
    work = PackageWork(kind="deploy", package=package, applications=str(apps), environment="E",
                       scripts=[script("Deploy", "sleep 60")])  # fmt: skip
    seen = channel.follow(start(channel, work, timeout=1, name="Deploy web"))
    assert (seen.state, seen.message) == ("timedout", "Deploy web did not end within 1 seconds.")


def test_an_install_that_was_killed_is_settled_by_the_next_one(channel: Channel, apps: Path) -> None:
    package = bring(channel, zip_of(("a", b"")))
    work = PackageWork(kind="deploy", package=package, applications=str(apps), environment="Production", installed_as=ME,
                       skip_if_installed=True, scripts=[script("Deploy", f"touch {apps}/up; sleep 60")])  # fmt: skip
    ticket = start(channel, work)
    until(lambda: (apps / "up").exists())
    child = int((folder_of(channel, ticket) / "child").read_text().split("|")[0])
    os.killpg(child, 9)
    os.kill(launcher_pid(channel, ticket), 9)
    until(lambda: channel.status(ticket) == "lost")
    assert not (channel.home / "journal-v1/one/DeploymentJournal.xml").exists()
    seen = deploy(channel, package, apps, skip_if_installed=True)
    assert "broke off earlier" in seen.text
    assert successes(channel) == ["False", "True"]
    assert Path(outputs(seen)["Package.InstallationDirectoryPath"]).name == "1.2.3_1"


def test_a_half_extraction_is_removed_by_the_next_install(tmp_path: Path, apps: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    dying = Channel(home, environment={"GURITA_FAULTS": "runner.extracted=kill"})
    package = bring(dying, zip_of(("a", b"")))
    killed = deploy(dying, package, apps)
    dying.close()
    assert killed.rc == 128 + 9
    (left,) = (apps / "Production/Acme.Web").iterdir()
    assert left.name.endswith(".part")
    living = Channel(home)
    seen = deploy(living, package, apps, skip_if_installed=True)
    living.close()
    assert "broke off earlier" in seen.text
    assert [path.name for path in (apps / "Production/Acme.Web").iterdir()] == ["1.2.3"]


def test_a_package_is_transferred_under_its_own_name(channel: Channel, tmp_path: Path) -> None:
    data = zip_of(("a", os.urandom(1000)))
    package = bring(channel, data)
    folder = tmp_path / "drop"
    work = PackageWork(kind="transfer", package=package, transfer_path=f"{folder}/")
    seen = channel.follow(start(channel, work))
    assert seen.rc == 0, seen.text
    assert (folder / "Acme.Web.1.2.3.zip").read_bytes() == data
    assert outputs(seen) == {
        "Package.DirectoryPath": str(folder),
        "Package.FileName": "Acme.Web.1.2.3.zip",
        "Package.FilePath": f"{folder}/Acme.Web.1.2.3.zip",
    }
    again = channel.follow(start(channel, work))
    assert "there already" in again.text
    assert os.listdir(folder) == ["Acme.Web.1.2.3.zip"]
    wrong = channel.follow(start(channel, work._replace(transfer_path="drop")))
    assert (wrong.rc, "absolute" in wrong.message) == (1, True)


def test_a_script_runs_from_a_package_with_its_parameters_and_its_neighbours(channel: Channel) -> None:
    tools = bring(
        channel,
        tar_of(("tool.txt", b"tool"), link("t", "tool.txt"), pack="gz"),
        id="Tools",
        extension=".tar.gz",
    )
    image = bring(channel, b"no archive at all", id="Image", version="3", extension=".img")
    data = zip_of(
        ("scripts/main.sh", b'. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"\necho "$1|$2"\ncat "$(get_octopusvariable "Octopus.Action.Package[tools].ExtractedPath")/t"\r\necho\ncat "$(get_octopusvariable "Octopus.Action.Package[image].PackageFilePath")"\necho\npwd\n'),
        ("scripts/lib.sh", b"echo lib\n"),
    )  # fmt: skip
    package = bring(channel, data)
    work = PackageWork(
        kind="script", package=package, script=RunScript("", "", "scripts\\main.sh", ["a b", "c"]),
        references=[Reference("tools", tools, True), Reference("image", image, False)],
    )  # fmt: skip
    ticket = start(channel, work)
    seen = channel.follow(ticket)
    assert seen.rc == 0, seen.text
    folder = work_folder(channel, ticket) / "package"
    assert [line for line in seen.text.splitlines() if not line.startswith(("Extracted", "Placed"))] == [
        "lib", "a b|c", "tool", "no archive at all", str(folder),
    ]  # fmt: skip
    for file, why in (
        ("none.sh", "holds no file"),
        ("../../../x.sh", "no file of the package"),
        ("scripts/x.rb", "holds no"),
    ):
        wrong = channel.follow(start(channel, work._replace(script=RunScript("", "", file))))
        assert (wrong.rc, why in wrong.message) == (1, True)


def test_an_inline_script_sees_the_packages_of_its_step(channel: Channel) -> None:
    tools = bring(channel, zip_of(("t", b"x")), id="Tools")
    text = "import os\nprint(os.listdir(octopusvariables['Octopus.Action.Package[tools].ExtractedPath']))\nfailstep('so')"
    work = PackageWork(
        kind="script", references=[Reference("tools", tools)], script=RunScript("python", text)
    )
    seen = channel.follow(start(channel, work))
    assert (seen.rc, seen.message) == (255, "so")
    assert "['t']" in seen.text
    assert channel.follow(start(channel, work._replace(script=RunScript("bash", "exit 4")))).message == (
        "The remote script failed with exit code 4"
    )


def test_a_document_that_does_not_fit_is_refused_before_the_ticket_begins(channel: Channel) -> None:
    package = named(b"x")
    for work, why in (
        (PackageWork(kind="deploy"), "needs a package"),
        (PackageWork(kind="other", package=package), "one of deploy"),
        (PackageWork(kind="transfer", package=package), "transfer_path"),
        (PackageWork(kind="script", package=package), "script"),
        (PackageWork(kind="deploy", package=package._replace(sha256="abc")), "sha256"),
    ):
        with pytest.raises(Refused, match=why):
            start(channel, work)
    with pytest.raises(Refused, match="package is missing"):
        channel.start(new_ticket(), "", interpreter="package")
    assert channel.identity()["begun"] == 0


def test_a_package_that_is_not_there_or_was_damaged_is_named(channel: Channel, apps: Path) -> None:
    data = zip_of(("a", b"1"))
    missing = deploy(channel, named(data), apps)
    assert (missing.rc, "package cache" in missing.message) == (1, True)
    package = bring(channel, data)
    (path,) = (channel.home / "packages-v1").glob("Acme*")
    path.write_bytes(data[:-1] + b"x")
    damaged = deploy(channel, package, apps)
    assert (damaged.rc, "damaged" in damaged.message, path.exists()) == (1, True, False)


@pytest.mark.parametrize("packed", ["", "gz", "bz2", "xz"])
def test_the_shipped_file_installs_on_the_oldest_python(tmp_path: Path, apps: Path, packed: str) -> None:
    python = need("python3.8")
    file = tmp_path / "gurita-runner.pyz"
    file.write_bytes(runner_file().data)
    home = tmp_path / "home"
    home.mkdir()
    channel = Channel(home, [python, "-IS", str(file), "serve"])
    members = (("Deploy.py", b"import sys\nprint(sys.version_info[0])\n"), ("a/b", b"x" * 100_000))
    data = tar_of(*members, pack=packed) if packed else zip_of(*members)
    package = bring(channel, data, extension=f".tar.{packed}" if packed else ".zip")
    seen = deploy(channel, package, apps, purge=True, custom_directory=str(tmp_path / "www"))
    channel.close()
    assert seen.rc == 0, seen.text
    assert "3" in seen.text.splitlines()
    assert (tmp_path / "www/a/b").stat().st_size == 100_000
