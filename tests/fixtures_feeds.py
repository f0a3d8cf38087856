"""Real package servers on free ports of loopback, each with what a test puts into it.

with pypi(folder) as url: ...          # pypiserver
with npm_registry(folder) as url: ...  # verdaccio, from the lock in tests/feeds
with s3() as url: ...                  # moto's server
with images(folder) as registry: ...   # Docker's own registry, behind a password
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bcrypt
import httpx2

from tests.canary import secret
from tests.fixtures_npm import npm_modules
from tests.fixtures_sshd import free_port
from tests.needs import need

__all__ = ["Registry", "images", "npm_registry", "publish_npm", "pypi", "s3"]

_BIN = Path(sys.executable).parent
_HERE = Path(__file__).parent


@contextmanager
def _running(
    command: Sequence[str], url: str, log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[str]:
    """A program that serves `url`, until the end of the block."""
    clean = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, env={**clean, **(environment or {})}
        )
        try:
            _wait(process, url, log)
            yield url
        finally:
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    ends = time.monotonic() + 180
    with httpx2.Client(trust_env=False, timeout=5) as client:
        while time.monotonic() < ends and process.poll() is None:
            try:
                client.get(url)
            except httpx2.TransportError:
                time.sleep(0.05)
            else:
                return
    raise RuntimeError(f"{url} is not served: {log.read_text(errors='replace')[-2000:]}")


@contextmanager
def pypi(folder: Path) -> Iterator[str]:
    """A Python index of the files in `folder`; the address of its list of projects."""
    port = free_port()
    command = [str(_BIN / "pypi-server"), "run", "--disable-fallback", "-i", "127.0.0.1", "-p", str(port)]
    with _running(
        [*command, "--hash-algo", "sha256", str(folder)],
        f"http://127.0.0.1:{port}/",
        folder.with_suffix(".log"),
    ):
        yield f"http://127.0.0.1:{port}/simple"


_VERDACCIO = """storage: {folder}/storage
uplinks: {{}}
packages:
  '**': {{access: $all, publish: $anonymous}}
auth: {{htpasswd: {{file: {folder}/htpasswd}}}}
web: {{enable: false}}
log: {{type: stdout, format: pretty, level: warn}}
"""


@contextmanager
def npm_registry(folder: Path) -> Iterator[str]:
    """An npm registry without anything in it."""
    modules = npm_modules(_HERE / "feeds")
    config, port = folder / "config.yaml", free_port()
    config.write_text(_VERDACCIO.format(folder=folder))
    program = modules / "verdaccio" / "bin" / "verdaccio"
    command = [need("node"), str(program), "--config", str(config), "--listen", f"127.0.0.1:{port}"]
    with _running(command, f"http://127.0.0.1:{port}/-/ping", folder / "verdaccio.log"):
        yield f"http://127.0.0.1:{port}"


def publish_npm(url: str, name: str, version: str, content: bytes, **dist: Any) -> None:
    """Publishes a version as npm's own client does: one document with the file in it."""
    file = f"{name.rpartition('/')[2]}-{version}.tgz"
    told = {
        "integrity": "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode(),
        "shasum": hashlib.sha1(content, usedforsecurity=False).hexdigest(),
        "tarball": f"{url}/{name}/-/{file}",
        **dist,
    }
    attachment = {
        "content_type": "application/octet-stream",
        "data": base64.b64encode(content).decode(),
        "length": len(content),
    }
    document = {
        "_id": name,
        "name": name,
        "description": f"This is {name}",
        "dist-tags": {"latest": version},
        "versions": {version: {"_id": f"{name}@{version}", "name": name, "version": version, "dist": told}},
        "_attachments": {file: attachment},
    }
    answer = httpx2.put(f"{url}/{name.replace('/', '%2f')}", json=document, trust_env=False, timeout=30)
    assert answer.status_code == 201, answer.text


@contextmanager
def s3(folder: Path) -> Iterator[str]:
    """An S3 without buckets."""
    port = free_port()
    command = [str(_BIN / "moto_server"), "-H", "127.0.0.1", "-p", str(port)]
    with _running(command, f"http://127.0.0.1:{port}/moto-api/", folder / "moto.log"):
        yield f"http://127.0.0.1:{port}"


@dataclass(frozen=True)
class Registry:
    """A container registry, and who may use it."""

    url: str
    username: str = "pusher"
    password: str = secret("registry")

    def push(self, name: str, tag: str, config: Any, layers: Sequence[Mapping[str, Any]], **more: Any) -> str:
        """Pushes an image or an artifact; each layer has `content` and what its descriptor says. The digest."""
        with httpx2.Client(auth=(self.username, self.password), trust_env=False, timeout=30) as client:
            described = [self._describe(client, name, layer) for layer in layers]
            manifest = {
                "schemaVersion": 2,
                "mediaType": "application/vnd.oci.image.manifest.v1+json",
                "config": self._describe(client, name, config),
                "layers": described,
                **more,
            }
            answer = client.put(
                f"{self.url}/v2/{name}/manifests/{tag}",
                content=json.dumps(manifest),
                headers={"Content-Type": manifest["mediaType"]},
            )
            assert answer.status_code == 201, answer.text
            return answer.headers["docker-content-digest"]

    def _describe(self, client: httpx2.Client, name: str, layer: Mapping[str, Any]) -> dict[str, Any]:
        content: bytes = layer["content"]
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        begun = client.post(f"{self.url}/v2/{name}/blobs/uploads/")
        place = begun.headers["location"]
        sent = client.put(f"{place}{'&' if '?' in place else '?'}digest={digest}", content=content)
        assert sent.status_code == 201, sent.text
        told = {key: value for key, value in layer.items() if key != "content"}
        return {"digest": digest, "size": len(content), **told}


_REGISTRY = """version: 0.1
log: {{level: error, accesslog: {{disabled: true}}}}
storage: {{filesystem: {{rootdirectory: {folder}/images}}}}
http: {{addr: 127.0.0.1:{port}, secret: for-tests}}
auth: {{htpasswd: {{realm: tests, path: {folder}/htpasswd}}}}
"""


@contextmanager
def images(folder: Path) -> Iterator[Registry]:
    """A container registry with nothing in it."""
    program, port = need("docker-registry"), free_port()
    made = Registry(f"http://127.0.0.1:{port}")
    hashed = bcrypt.hashpw(made.password.encode(), bcrypt.gensalt(4)).decode()
    (folder / "htpasswd").write_text(f"{made.username}:{hashed}\n")
    config = folder / "registry.yml"
    config.write_text(_REGISTRY.format(folder=folder, port=port))
    with _running([program, "serve", str(config)], f"{made.url}/v2/", folder / "registry.log"):
        yield made
