"""The document of a package work: as sent, so read; what does not fit is refused by its name."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.runner.files_work import FilesWork
from gurita.runner.package_work import (
    STAGES,
    InstalledAs,
    Package,
    PackageWork,
    Reference,
    Retained,
    RunScript,
    StageScript,
    read_package_work,
)
from gurita.runner.refusals import Refusal

TEXT = st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
WORD = TEXT.filter(bool)
INTERPRETERS = st.sampled_from(["bash", "python", "pwsh"])
PACKAGES = st.builds(
    Package,
    WORD,
    WORD,
    st.sampled_from([".zip", ".tar.gz"]),
    st.just("ab" * 32),
    st.integers(0, 1 << 40),
    TEXT,
)
WORKS = st.builds(
    PackageWork,
    st.just("deploy"),
    PACKAGES,
    st.lists(st.builds(Reference, TEXT, PACKAGES, st.booleans()), max_size=2),
    TEXT, TEXT, TEXT,
    st.builds(InstalledAs, TEXT, TEXT, TEXT, TEXT),
    st.booleans(), TEXT, st.booleans(), st.lists(TEXT, max_size=2),
    st.lists(st.builds(StageScript, st.sampled_from(STAGES), INTERPRETERS, TEXT), max_size=2),
    st.booleans(), st.booleans(), TEXT,
    st.none() | st.builds(RunScript, INTERPRETERS, TEXT, TEXT, st.lists(TEXT, max_size=2)),
    st.booleans(),
    st.builds(
        FilesWork, st.lists(TEXT, max_size=2), TEXT, st.booleans(), st.booleans(), TEXT, st.booleans(), st.booleans(),
        st.booleans(), st.lists(TEXT, max_size=2), st.booleans(), st.booleans(),
    ),
    st.builds(Retained, st.integers(0, 100), st.integers(0, 100)),
)  # fmt: skip


@given(WORKS)
def test_a_document_comes_back_as_it_was_sent(work: PackageWork) -> None:
    assert read_package_work(json.loads(json.dumps(work.as_json()))) == work


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"kind": "x"}, "private.package.kind must be one of deploy, transfer, script"),
        ({"package": None}, "needs a package"),
        ({"references": [{"name": "a"}]}, r"references\[0\].package needs an id"),
        ({"references": [{"package": {"id": "a", "version": "1", "sha256": "x"}}]}, r"\[0\].package.sha256"),
        ({"scripts": [{"stage": "Later"}]}, r"scripts\[0\].stage must be one of PreDeploy"),
        ({"scripts": [{"stage": "Deploy", "interpreter": "perl"}]}, r"scripts\[0\].interpreter"),
        ({"purge": "yes"}, "purge must be true or false"),
        ({"purge_exclusions": "x"}, "purge_exclusions must be a list of texts"),
        ({"installed_as": []}, "installed_as must be an object"),
        ({"custom_directory": "a\0b"}, "custom_directory must be a text"),
        ({"kind": "script"}, "script needs a file, or an interpreter"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_name(change: dict[str, Any], named: str) -> None:
    good = PackageWork("deploy", Package("a", "1", ".zip", "0" * 64, 1)).as_json()
    assert read_package_work(good).kind == "deploy"
    with pytest.raises(Refusal, match=named):
        read_package_work({**good, **change})
