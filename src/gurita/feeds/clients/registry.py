"""Which client asks which type of feed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gurita.feeds.clients.artifactory import ArtifactoryClient
from gurita.feeds.clients.docker import DockerClient
from gurita.feeds.clients.github import GitHubClient
from gurita.feeds.clients.helm import HelmClient
from gurita.feeds.clients.maven import MavenClient
from gurita.feeds.clients.npm import NpmClient
from gurita.feeds.clients.nuget import NuGetClient
from gurita.feeds.clients.nuget_v2 import NuGetV2Client
from gurita.feeds.clients.oci_artifacts import OciArtifactClient
from gurita.feeds.clients.oci_registry import OciRegistry
from gurita.feeds.clients.pypi import PyPiClient
from gurita.feeds.clients.s3 import S3Client
from gurita.feeds.clients.types import FeedClient, NotServed, Source
from gurita.feeds.clients.web import Web, token_of
from gurita.outbound.client import Outbound

__all__ = ["client_for"]

_NOT_SERVED = {
    "AwsElasticContainerRegistry": (
        "Feeds of type AwsElasticContainerRegistry are kept, but this server cannot ask Amazon for the tokens they take. "
        "Use a feed of type Docker with a user name and password that the registry accepts."
    ),
    "GcsStorage": (
        "Feeds of type GcsStorage are kept, but not served yet. Use a feed of type S3 with Google's S3 address "
        "and an HMAC key."
    ),
    "OctopusProject": "Feeds of type OctopusProject are kept, but releases as packages are not served yet.",
}


def client_for(outbound: Outbound, source: Source) -> FeedClient:
    """The client for a feed. Raises NotServed for types that are only kept."""
    make = _CLIENTS.get(source.feed_type)
    if make is None:
        unknown = (
            f"Feeds of the type '{source.feed_type}' are kept as they were sent, but this server does not know how to "
            "ask them."
        )
        raise NotServed(_NOT_SERVED.get(source.feed_type, unknown))
    return make(outbound, source)


def _nuget(outbound: Outbound, source: Source) -> FeedClient:
    web = Web(outbound, source)
    return NuGetClient(web) if source.uri.lower().endswith(".json") else NuGetV2Client(web)


def _images(outbound: Outbound, source: Source) -> FeedClient:
    return DockerClient(OciRegistry(Web(outbound, source)))


def _over_https(source: Source) -> Source:
    """Addresses of OCI registries are written oci://; what is asked is https."""
    scheme, _, rest = source.uri.partition("://")
    return replace(source, uri=f"https://{rest}") if scheme.lower() == "oci" else source


_CLIENTS: dict[str, Callable[[Outbound, Source], FeedClient]] = {
    "ArtifactoryGeneric": ArtifactoryClient,
    "AzureContainerRegistry": _images,
    "Docker": _images,
    "GitHub": GitHubClient,
    "GoogleContainerRegistry": _images,
    "Helm": lambda outbound, source: HelmClient(Web(outbound, source)),
    "Maven": lambda outbound, source: MavenClient(Web(outbound, source)),
    "Npm": lambda outbound, source: NpmClient(Web(outbound, source, token_of(source))),
    "NuGet": _nuget,
    "OciRegistry": lambda outbound, source: OciArtifactClient(
        OciRegistry(Web(outbound, _over_https(source)))
    ),
    "PyPi": lambda outbound, source: PyPiClient(Web(outbound, source)),
    "S3": S3Client,
}
