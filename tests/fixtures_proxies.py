"""What stands between an agent and its server: nginx, haproxy, and a forward proxy that opens ways by CONNECT."""

from __future__ import annotations

import base64
import contextlib
import select
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from tests.fixtures_sshd import free_port
from tests.needs import need

__all__ = ["FRONTS", "ConnectProxy", "Front", "front"]

FRONTS = ("nginx", "haproxy")

_NGINX = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/log;
events {{ worker_connections 256; }}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxied;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://127.0.0.1:{server};
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $http_connection;
        }}
    }}
}}
"""
_HAPROXY = """
defaults
    mode http
    timeout connect 5s
    timeout client 60s
    timeout server 60s
    timeout tunnel 1h
frontend web
    bind 127.0.0.1:{port}
    default_backend gurita
backend gurita
    server one 127.0.0.1:{server}
"""


class Front:
    """A running reverse proxy. `url` is where the server is found through it."""

    def __init__(self, kind: str, folder: Path, server: int) -> None:
        self.kind, self.port = kind, free_port()
        program = need(kind)
        template = _NGINX if kind == "nginx" else _HAPROXY
        self._config = folder / f"{kind}.conf"
        self._config.write_text(template.format(folder=folder, port=self.port, server=server))
        last = ["-e", str(folder / "log"), "-c"] if kind == "nginx" else ["-db", "-f"]
        self._command = [program, *last, str(self._config)]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The server's address as agents and people use it."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Starts it; returns when it takes connections."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.05)
        raise AssertionError(f"{self.kind} does not listen")

    def kill(self) -> None:
        """Cuts every connection through it."""
        if self._process is None:
            return
        if self.kind == "nginx":  # its worker would outlive a killed master
            self._process.terminate()
        else:
            self._process.kill()
        self._process.wait(60)
        if self._process.stderr is not None:
            self._process.stderr.close()
        self._process = None


@contextlib.contextmanager
def front(kind: str, folder: Path, server: int) -> Iterator[Front]:
    """nginx or haproxy before the server at that port."""
    made = Front(kind, folder, server)
    made.start()
    try:
        yield made
    finally:
        made.kill()


class ConnectProxy:
    """An HTTP proxy that knows CONNECT only, and whom it lets through: `user:password`, or anybody if empty."""

    def __init__(self, credentials: str = "") -> None:
        self._wanted = f"Basic {base64.b64encode(credentials.encode()).decode()}" if credentials else ""
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.asked: list[str] = []
        self._open: set[socket.socket] = set()
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for each in list(self._open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._thread.join(10)

    def _serve(self) -> None:
        threads = []
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                break
            thread = threading.Thread(target=self._one, args=(client,))
            thread.start()
            threads.append(thread)
        for thread in threads:
            thread.join(10)

    def _one(self, client: socket.socket) -> None:
        with client:
            head = b""
            while b"\r\n\r\n" not in head and (block := client.recv(4096)):
                head += block
            lines = head.decode("latin-1").split("\r\n")
            method, where, *_ = [*lines[0].split(" "), "", ""]
            self.asked.append(f"{method} {where}")
            if self._wanted and f"proxy-authorization: {self._wanted}".lower() not in head.decode().lower():
                client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
                return
            if method != "CONNECT":
                client.sendall(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n")
                return
            host, _, port = where.rpartition(":")
            with socket.create_connection((host, int(port))) as server:
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                self._open |= {client, server}
                _copy(client, server)
                self._open -= {client, server}


def _copy(one: socket.socket, other: socket.socket) -> None:
    """Both ways, until either side ends."""
    across = {one: other, other: one}
    while True:
        for ready in select.select([one, other], [], [])[0]:
            try:
                data = ready.recv(65536)
                if data:
                    across[ready].sendall(data)
            except OSError:
                data = b""
            if not data:
                return
