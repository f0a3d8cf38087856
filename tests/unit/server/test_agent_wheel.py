from __future__ import annotations

import base64
import csv
import hashlib
import io
import zipfile

from gurita.server.agent_wheel import WHEEL_NAME, agent_wheel


def test_the_wheel_holds_the_agent_and_no_server_code() -> None:
    names = zipfile.ZipFile(io.BytesIO(agent_wheel())).namelist()
    parts = {name.split("/")[1] for name in names if name.startswith("gurita/") and name.count("/") > 1}
    assert parts == {"kernel", "formats", "runner", "transport", "agent"}
    assert "gurita/__init__.py" in names
    assert not [name for name in names if "__pycache__" in name]


def test_the_wheel_describes_itself_as_packagers_expect() -> None:
    wheel = zipfile.ZipFile(io.BytesIO(agent_wheel()))
    info = WHEEL_NAME.removesuffix("-py3-none-any.whl") + ".dist-info"
    metadata = wheel.read(f"{info}/METADATA").decode()
    needs = [
        line.removeprefix("Requires-Dist: ")
        for line in metadata.splitlines()
        if line.startswith("Requires-Dist")
    ]
    assert sorted(need.split(">")[0] for need in needs) == [
        "asyncssh",
        "cryptography",
        "httpx2",
        "websockets",
    ]
    assert b"gurita-agent = gurita.agent.program:main" in wheel.read(f"{info}/entry_points.txt")
    record = {row[0]: row[1:] for row in csv.reader(io.StringIO(wheel.read(f"{info}/RECORD").decode()))}
    assert set(record) == set(wheel.namelist())
    for name in set(record) - {f"{info}/RECORD"}:
        data = wheel.read(name)
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        assert record[name] == [f"sha256={digest}", str(len(data))]


def test_the_same_files_make_the_same_wheel() -> None:
    first = agent_wheel()
    agent_wheel.cache_clear()
    assert agent_wheel() == first
