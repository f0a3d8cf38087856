"""One door to all kinds of versions, and which kind a feed has."""

from __future__ import annotations

from typing import Callable, Dict

from gurita.formats.versions.maven import read_maven
from gurita.formats.versions.model import Version
from gurita.formats.versions.octopus import read_docker, read_lexicographic, read_octopus
from gurita.formats.versions.pep440 import read_pep440
from gurita.formats.versions.semver import read_semver

__all__ = ["KINDS", "kind_of_feed", "parse"]

_READERS: Dict[str, Callable[[str], Version]] = {
    "octopus": read_octopus,
    "semver": read_semver,
    "strict-semver": lambda text: read_semver(text, strict=True),
    "maven": read_maven,
    "docker": read_docker,
    "pep440": read_pep440,
    "lexicographic": read_lexicographic,
}
KINDS = tuple(_READERS)

_OF_FEEDS = {
    "nuget": "semver",
    "npm": "semver",
    "pypi": "pep440",
    "maven": "maven",
    "docker": "docker",
    "ociregistry": "docker",
    "awselasticcontainerregistry": "docker",
    "azurecontainerregistry": "docker",
    "googlecontainerregistry": "docker",
}


def parse(text: str, kind: str = "octopus") -> Version:
    """A version of a kind: octopus, semver, strict-semver, maven, docker, pep440 or lexicographic.

    Raises VersionError, and KeyError for a kind there is not.
    """
    return _READERS[kind](text)


def kind_of_feed(feed_type: str) -> str:
    """The kind of version the packages of a type of feed have. Whatever is not known reads the lenient way."""
    return _OF_FEEDS.get(feed_type.lower(), "octopus")
