"""Old installations on a target: which go, which stay whatever is said, and what a removal never touches."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from gurita.runner.deployment_journal import Entry, Journal
from gurita.runner.package_work import Retained
from gurita.runner.retention import judged, remove_old
from tests.unit.runner.test_conventions import ME, Heard, Installing

NOW = 1_800_000_000.0
DAY = 86400


def entry(id: str, *, days_ago: float = 0, successful: bool = True) -> Entry:
    moment = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(NOW - days_ago * DAY))
    return Entry(id, ME, "Acme", id, "", f"/apps/{id}", "", successful, moment)


def deployed(home: Path, times: int, **work: object) -> Installing:
    """The same package installed again and again; the last installation."""
    made = [Installing(home, {"a": b"1"}, **work) for _ in range(times)]
    assert [each.go() for each in made] == [0] * times
    return made[-1]


ENTRIES = [
    entry("1", days_ago=50),
    entry("2", days_ago=40),
    entry("3", days_ago=30, successful=False),
    entry("4", days_ago=20),
    entry("5", days_ago=10),
    entry("6", days_ago=5, successful=False),
    entry("7", days_ago=1),
]


@pytest.mark.parametrize(
    ("retained", "stay"),
    [
        (Retained(), "1234567"),
        (Retained(items=1), "57"),
        (Retained(items=2), "57"),
        (Retained(items=3), "457"),
        (Retained(items=100), "12457"),
        (Retained(days=1), "57"),
        (Retained(days=6), "567"),
        (Retained(days=25), "4567"),
        (Retained(days=1000), "1234567"),
    ],
)
def test_the_current_and_the_one_before_always_stay(retained: Retained, stay: str) -> None:
    verdicts = judged(ENTRIES, retained, NOW)
    assert [each.entry.id for each in verdicts] == [each.id for each in ENTRIES]
    assert "".join(each.entry.id for each in verdicts if each.stays) == stay
    assert all(each.why for each in verdicts)


def test_installations_beyond_the_policy_are_removed_after_the_next_one(tmp_path: Path) -> None:
    one = deployed(tmp_path, 4, retained=Retained(items=2))
    home = tmp_path / "apps/E/Acme"
    assert len(list(home.iterdir())) == 2
    left = one.journal()
    assert sorted(path.name for path in home.iterdir()) == sorted(
        Path(each.extracted_to).name for each in left
    )
    assert [each.successful for each in left] == [True, True]
    assert "Removed Acme 1.0 of" in one.heard.text()
    assert "it is the one to go back to" in one.heard.text()


def test_other_steps_and_custom_directories_are_not_touched(tmp_path: Path) -> None:
    custom = str(tmp_path / "www")
    deployed(tmp_path, 3, installed_as=ME._replace(policy_set="other"))
    one = deployed(tmp_path, 4, retained=Retained(items=1), custom_directory=custom)
    assert (tmp_path / "www/a").exists()
    assert len([each for each in one.journal() if each.who == ME]) == 2
    assert len([each for each in one.journal() if each.who != ME]) == 3
    assert len(list((tmp_path / "apps/E/Acme").iterdir())) == 5


def test_a_folder_somebody_else_needs_stays_and_only_its_entry_goes(tmp_path: Path) -> None:
    journal = Journal(str(tmp_path), "one")
    shared, inner = tmp_path / "apps/shared", tmp_path / "apps/shared/inner"
    inner.mkdir(parents=True)
    for id, folder in [("1", shared), ("2", inner), ("3", inner), ("4", inner)]:
        journal.add(entry(id)._replace(extracted_to=str(folder)))
    journal.add(entry("0")._replace(extracted_to="/", who=ME._replace(policy_set="x")))
    heard = Heard()
    remove_old(journal, ME, Retained(items=1), heard)
    assert inner.exists()
    assert [each.id for each in journal.entries()] == ["3", "4", "0"]


@pytest.mark.parametrize("folder", ["/", "/usr", "relative", ""])
def test_a_journal_with_odd_folders_removes_nothing_else(tmp_path: Path, folder: str) -> None:
    journal = Journal(str(tmp_path), "one")
    for id in "123":
        journal.add(entry(id)._replace(extracted_to=folder if id == "1" else str(tmp_path / id)))
    remove_old(journal, ME, Retained(items=1), Heard())
    assert Path("/usr").exists()
    assert [each.id for each in journal.entries()] == (["1", "2", "3"] if folder else ["2", "3"])


def test_a_failed_removal_leaves_the_installation_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr("gurita.runner.retention.remove_tree", refused)
    one = deployed(tmp_path, 3, retained=Retained(items=1))
    assert [each.successful for each in one.journal()] == [True, True, True]
    assert "could not be removed: Permission denied" in one.heard.text()
