"""Reaching a host through an HTTP proxy with CONNECT (RFC 9110 §9.3.6): a connected socket, whatever speaks over it.

The answer is read byte by byte up to its empty line, so that nothing of what the host says first is lost.
"""

from __future__ import annotations

import asyncio
import base64
import socket
from collections.abc import Callable

from gurita.kernel.sensitive import Sensitive
from gurita.transport.endpoints import Proxy
from gurita.transport.errors import ConnectFailed

__all__ = ["connect_through"]

_LONGEST_ANSWER = 16 << 10


async def connect_through(
    proxy: Proxy, host: str, port: int, reveal: Callable[[Sensitive], str] | None, timeout: float
) -> socket.socket:
    """A socket that leads to `host:port`, to be closed by the caller. Raises ConnectFailed naming the proxy."""
    where = f"the proxy {proxy.host}:{proxy.port}"
    try:
        async with asyncio.timeout(timeout):
            opened = await _open(proxy)
            try:
                loop = asyncio.get_running_loop()
                await loop.sock_sendall(opened, _request(proxy, host, port, reveal))
                status = await _status(opened)
            except BaseException:
                opened.close()
                raise
    except TimeoutError:
        raise ConnectFailed(f"{where} does not answer in time") from None
    except OSError as error:
        raise ConnectFailed(f"{where}: {error.strerror or error}") from None
    if status != 200:
        opened.close()
        raise ConnectFailed(f"{where} refuses to connect to {host}:{port}: {_told(status)}")
    return opened


async def _open(proxy: Proxy) -> socket.socket:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(proxy.host.strip("[]"), proxy.port, type=socket.SOCK_STREAM)
    last: OSError = OSError("no address")
    for family, kind, number, _, place in found:
        opened = socket.socket(family, kind, number)
        opened.setblocking(False)
        try:
            await loop.sock_connect(opened, place)
        except OSError as error:
            opened.close()
            last = error
        except BaseException:
            opened.close()
            raise
        else:
            return opened
    raise last


def _request(proxy: Proxy, host: str, port: int, reveal: Callable[[Sensitive], str] | None) -> bytes:
    bare = host.strip("[]").encode("idna").decode() if not host.isascii() else host.strip("[]")
    place = f"[{bare}]:{port}" if ":" in bare else f"{bare}:{port}"
    lines = [f"CONNECT {place} HTTP/1.1", f"Host: {place}", "User-Agent: Gurita"]
    if proxy.username:
        word = reveal(proxy.password) if proxy.password and reveal else ""
        token = base64.b64encode(f"{proxy.username}:{word}".encode()).decode()
        lines.append(f"Proxy-Authorization: Basic {token}")
    return "\r\n".join([*lines, "", ""]).encode()


async def _status(opened: socket.socket) -> int:
    """The status of the proxy's answer, read to the end of its head. Raises ConnectFailed."""
    loop, head = asyncio.get_running_loop(), b""
    while not head.endswith(b"\r\n\r\n"):
        byte = await loop.sock_recv(opened, 1)
        head += byte
        if not byte or len(head) > _LONGEST_ANSWER:
            raise ConnectFailed("the proxy ended the connection without an answer that makes sense")
    words = head.partition(b"\r\n")[0].split(None, 2)
    if len(words) < 2 or not words[0].startswith(b"HTTP/1.") or not words[1].isdigit():
        raise ConnectFailed("the proxy does not speak HTTP")
    return int(words[1])


def _told(status: int) -> str:
    if status == 407:
        return "it wants another user name and password (407)"
    return f"it answers {status}"
