"""Where a commit can be read, for hosts of source code whose addresses are known."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from gurita.build_information.resources import (
    BuildInformation,
    CommitDetails,
    OctopusBuildInformation,
)

__all__ = ["commit_url", "flattened"]

_SSH = re.compile(r"(?:ssh://)?(?:[\w.\-]+@)(?P<host>[\w.\-]+)(?::\d+/|[:/])(?P<path>[^\s]+)", re.ASCII)
_COMMIT = re.compile(r"[0-9A-Za-z._\-]{1,200}", re.ASCII)
# The last labels of a host's name: how it writes a commit's page below the repository's.
_HOSTS = {
    "github": "/commit/",
    "gitlab": "/-/commit/",
    "bitbucket": "/commits/",
    "azure": "/commit/",
    "visualstudio": "/commit/",
}


def commit_url(vcs_root: str | None, commit: str | None) -> str | None:
    """The page of a commit; None when the host is not known or there is nothing that can be a link."""
    if not vcs_root or not commit or not _COMMIT.fullmatch(commit):
        return None
    place = _web_place(vcs_root.strip())
    if place is None:
        return None
    host, path = place
    labels = host.lower().split(".")
    below = next((form for name, form in _HOSTS.items() if name in labels), None)
    path = path.strip("/").removesuffix(".git").rstrip("/")
    if below is None or not path:
        return None
    return f"https://{host}/{quote(path, safe='/%')}{below}{commit}"


def _web_place(root: str) -> tuple[str, str] | None:
    """Host (with its port) and path of a repository that was given as a URL, or as ssh writes it."""
    if root.lower().startswith(("http://", "https://")):
        try:
            parts = urlsplit(root)
            port = f":{parts.port}" if parts.port and parts.port != 443 else ""
        except ValueError:
            return None
        host = parts.hostname or ""
        return (host + port, parts.path) if re.fullmatch(r"[\w.\-]+", host, re.ASCII) else None
    match = _SSH.fullmatch(root)
    return (match["host"], match["path"]) if match else None


def flattened(
    id: str, package_id: str, version: str, said: OctopusBuildInformation, created: str, links: dict[str, str]
) -> BuildInformation:
    """What clients see of what was pushed."""
    return BuildInformation(
        id=id,
        package_id=package_id,
        version=version,
        build_environment=said.build_environment,
        build_number=said.build_number,
        build_url=said.build_url,
        branch=said.branch,
        vcs_type=said.vcs_type,
        vcs_root=said.vcs_root,
        vcs_commit_number=said.vcs_commit_number,
        vcs_commit_url=commit_url(said.vcs_root, said.vcs_commit_number),
        issue_tracker_name=said.issue_tracker_name,
        work_items=said.work_items,
        commits=[
            CommitDetails(id=one.id, comment=one.comment, link_url=commit_url(said.vcs_root, one.id))
            for one in said.commits
        ],
        created=created,
        links=links,
    )
