"""What feeds must be like, and how names, layouts, versions and YAML of others are read."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.feeds.clients.layout_matching import named_by
from gurita.feeds.clients.maven import Coordinates
from gurita.feeds.clients.pypi import version_of_file
from gurita.feeds.clients.types import FeedVersion, NotServed, UnknownPackage
from gurita.feeds.clients.yaml_text import YamlError, read_yaml
from gurita.feeds.resources import Feed
from gurita.feeds.rules import TYPES, Choice, chosen, newest_first, problems, settled
from gurita.feeds.rules.layouts import LayoutError, Named, read_layout
from gurita.feeds.rules.types import MEMBERS
from gurita.http.wire import read, write
from gurita.kernel.errors import Invalid
from tests.looping import in_loop

WHOLE: dict[str, Any] = {
    "FeedUri": "https://feed.example/v3/index.json",
    "Region": "eu-west-1",
    "Repository": "generic",
    "LayoutRegex": "(?<module>.+)-(?<baseRev>.+)",
}


def feed(feed_type: str, **more: Any) -> Feed:
    made: Feed = read(write({"Name": "A feed", "FeedType": feed_type, **more}), Feed)
    return made


@pytest.mark.parametrize("feed_type", sorted(TYPES))
def test_every_type_has_exactly_its_members_with_defaults(feed_type: str) -> None:
    made = feed(feed_type.upper(), **WHOLE, Unheard="of")
    assert problems(made) == []
    body = read(write(settled(made)), dict[str, Any])
    shown = {member.replace("_", "") for member in TYPES[feed_type].members}
    others = {member.replace("_", "") for member in MEMBERS} - shown
    names = {name.lower() for name in body}
    assert body["FeedType"] == feed_type
    assert shown <= names
    assert not others & names
    assert "unheard" not in names
    assert body["PackageAcquisitionLocationOptions"] == list(TYPES[feed_type].acquisition)
    assert settled(settled(made)) == settled(made)


@pytest.mark.parametrize(
    ("feed_type", "more", "member"),
    [
        ("NuGet", {}, "FeedUri"),
        ("NuGet", {"FeedUri": "ftp://feed.example"}, "FeedUri"),
        ("NuGet", {"FeedUri": "http://me:pw@feed.example"}, "FeedUri"),
        ("NuGet", {"FeedUri": "http://feed.example/?q"}, "FeedUri"),
        ("NuGet", {"FeedUri": "http://[feed"}, "FeedUri"),
        ("Helm", {"FeedUri": "oci://feed.example"}, "FeedUri"),
        ("Maven", {**WHOLE, "DownloadAttempts": 0}, "DownloadAttempts"),
        ("Maven", {**WHOLE, "DownloadAttempts": 26}, "DownloadAttempts"),
        ("Maven", {**WHOLE, "DownloadRetryBackoffSeconds": -1}, "DownloadRetryBackoffSeconds"),
        ("Maven", {**WHOLE, "Username": "x" * 3000}, "Username"),
        ("Maven", {**WHOLE, "Password": {"HasValue": True, "NewValue": "x" * 70_000}}, "Password"),
        ("AwsElasticContainerRegistry", {}, "Region"),
        ("S3", {"Region": "here"}, "Region"),
        ("ArtifactoryGeneric", {**WHOLE, "LayoutRegex": "(?<module>x"}, "LayoutRegex"),
        ("ArtifactoryGeneric", {**WHOLE, "Repository": " "}, "Repository"),
        (
            "Maven",
            {**WHOLE, "PackageAcquisitionLocationOptions": ["Moon"]},
            "PackageAcquisitionLocationOptions",
        ),
        ("not a type", {}, "FeedType"),
        ("Weird", {"ApiKey": {"HasValue": True, "NewValue": "s3cret"}}, "ApiKey"),
        ("Weird", {"Deep": [{"Key": {"newValue": "s3cret"}}]}, "Deep"),
    ],
)
def test_faults_name_the_member(feed_type: str, more: dict[str, Any], member: str) -> None:
    (problem,) = problems(feed(feed_type, **more))
    assert problem.startswith(f"{member}: ")
    assert "s3cret" not in problem


def test_an_unknown_type_is_kept_whole() -> None:
    made = feed("Weird", Colour="blue", Parts=[1, {"A": None}], FeedUri="x")
    assert problems(made) == []
    body = read(write(settled(made)), dict[str, Any])
    assert (body["Colour"], body["Parts"], body["FeedUri"]) == ("blue", [1, {"A": None}], "x")


SIMPLE = r"(?<orgPath>.+?)/(?<module>[^/]+)/(?:\2)-(?<baseRev>[^/]+?)\.(?<ext>(?:(?!\d))[^\-/]+|7z)"


def test_layouts_are_in_javas_spelling_and_have_the_groups_it_takes() -> None:
    for wrong in ("x" * 1001, "(?<module>x)", "(?<module>[", "(?<baseRev>x)(?<ext>y)"):
        with pytest.raises(LayoutError):
            read_layout(wrong)
    groups = {"module": "web", "baseRev": "1.0", "fileItegRev": "7", "ext": None}
    found = read_layout("(?<module>x)(?<baseRev>y)").name("a/web-1.0.zip", groups)
    assert found == Named("web", "1.0-7", ".zip")
    assert read_layout(SIMPLE).name("x", {"module": "web", "baseRev": None}) is None


@in_loop
async def test_a_layout_is_matched_in_a_process_that_is_ended_when_it_takes_too_long() -> None:
    paths = ["/acme/web/web-1.10.0.tar.gz", "acme/web/other-1.0.zip", "a/" * 400]
    found = await named_by(read_layout(SIMPLE), paths)
    assert found == {"/acme/web/web-1.10.0.tar.gz": Named("acme/web", "1.10.0", ".tar.gz")}
    runaway = read_layout("(?<module>(a+)+)(?<baseRev>(b+)+)x")
    with pytest.raises(NotServed, match="did not come to an end"):
        await named_by(runaway, ["a" * 200 + "b" * 200], seconds=0.5)


def test_versions_are_ordered_by_the_feeds_kind_and_chosen_by_rule() -> None:
    listed = [FeedVersion(text) for text in ("1.9.0", "1.10.0-beta.2", "1.10.0", "nonsense!", "0.1.0")]
    ordered = newest_first(listed, "NuGet")
    assert [each.version for each in ordered] == ["1.10.0", "1.10.0-beta.2", "1.9.0", "0.1.0"]

    def told(**choice: Any) -> list[str]:
        return [each.version for each in chosen(ordered, "NuGet", Choice(**choice))]

    assert told(include_pre_release=False) == ["1.10.0", "1.9.0", "0.1.0"]
    assert told(range="[1.0,1.10.0)") == ["1.10.0-beta.2", "1.9.0"]
    assert told(tag="^beta") == ["1.10.0-beta.2"]
    assert told(part="10.0") == ["1.10.0", "1.10.0-beta.2"]
    for wrong, member in (({"range": "["}, "VersionRange: "), ({"tag": "("}, "PreReleaseTag: ")):
        with pytest.raises(Invalid) as caught:
            told(**wrong)
        assert caught.value.errors[0].startswith(member)


def test_files_of_python_projects_are_told_apart() -> None:
    for name, version in (
        ("acme_web-1.0-py3-none-any.whl", "1.0"),
        ("acme_web-1.0-1-cp311-cp311-linux_x86_64.whl", "1.0"),
        ("Acme.Web-1.0.post1.tar.gz", "1.0.post1"),
        ("acme-web-1.0-rc1.zip", "1.0-rc1"),
        ("acme-web-tools-1.0.zip", ""),
        ("acme_web_tools-1.0-py3-none-any.whl", ""),
        ("acme_web-1.0.exe", ""),
    ):
        assert version_of_file(name, "acme.web") == version


def test_maven_ids_name_folders_and_nothing_else() -> None:
    assert Coordinates.read("com.acme:web:tar.gz:dist").folder == "com/acme/web"
    for wrong in ("web", "a:b:c:d:e", "a:..", "a/b:c", "a:", "a:b:c d"):
        with pytest.raises(UnknownPackage):
            Coordinates.read(wrong)


def test_yaml_stays_text_and_is_bounded() -> None:
    assert read_yaml(b"{a: 1.10, b: [no, 0x1f, ~], c: 'x'}") == {
        "a": "1.10",
        "b": ["no", "0x1f", "~"],
        "c": "x",
    }
    assert read_yaml(b"a: &x text\nb: *x") == {"a": "text", "b": "text"}
    bomb = b"a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]"
    deep = b"[" * 100 + b"]" * 100
    for wrong in (bomb, deep, b"a: 1\na: 2", b"[1]: 2\n? [x]\n: y", b"", b"a: [", b"*x", b"a: &x {b: *x}"):
        with pytest.raises(YamlError):
            read_yaml(wrong)


@given(st.binary(max_size=200))
def test_any_bytes_are_yaml_or_refused(text: bytes) -> None:
    with contextlib.suppress(YamlError):
        assert isinstance(read_yaml(text), (str, list, dict))
