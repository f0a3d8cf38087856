"""Where the root key comes from, and what is refused as one."""

from __future__ import annotations

import base64
import os
import threading
from pathlib import Path

import pytest

from gurita.secrets import open_secrets
from gurita.secrets.errors import KeyFileRefused
from gurita.secrets.keys import read_key

KEY = bytes(range(32))
TEXT = base64.b64encode(KEY).decode()


def test_the_key_file_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    before = os.umask(0)
    try:
        first = open_secrets(data, {})
    finally:
        os.umask(before)
    file = data / "root.key"
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(base64.b64decode(file.read_text())) == 32
    assert [each.name for each in data.iterdir()] == ["root.key"]
    assert open_secrets(data, {})._root_id == first._root_id


def test_servers_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    found: set[str] = set()
    starting = [
        threading.Thread(target=lambda: found.add(open_secrets(tmp_path, {})._root_id)) for _ in range(8)
    ]
    for each in starting:
        each.start()
    for each in starting:
        each.join()
    assert len(found) == 1


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o602, 0o677])
def test_a_key_file_others_can_reach_is_refused_with_the_way_out(tmp_path: Path, mode: int) -> None:
    open_secrets(tmp_path, {})
    (tmp_path / "root.key").chmod(mode)
    with pytest.raises(KeyFileRefused, match="chmod 600"):
        open_secrets(tmp_path, {})


def test_the_environment_comes_first_and_forgets_the_key(tmp_path: Path) -> None:
    environment = {
        "GURITA_ROOT_KEY": TEXT,
        "GURITA_ROOT_KEY_PREVIOUS": f"{'ab' * 32},{'cd' * 32}",
        "OTHER": "1",
    }
    secrets = open_secrets(tmp_path, environment)
    assert len(secrets._roots) == 3
    assert environment == {"OTHER": "1"}
    assert not list(tmp_path.iterdir())


def test_a_key_file_may_be_anywhere(tmp_path: Path) -> None:
    file = tmp_path / "elsewhere"
    file.write_text(KEY.hex() + "\n")
    file.chmod(0o400)
    given = open_secrets(tmp_path / "data", {"GURITA_ROOT_KEY_FILE": str(file)})
    assert given._root_id == open_secrets(tmp_path, {"GURITA_ROOT_KEY": TEXT})._root_id
    with pytest.raises(KeyFileRefused, match="cannot be read"):
        open_secrets(tmp_path, {"GURITA_ROOT_KEY_FILE": str(tmp_path / "nowhere")})


@pytest.mark.parametrize("text", ["", "short", TEXT[:-4], "z" * 64, TEXT + TEXT, "päss"])
def test_what_is_no_key_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(KeyFileRefused, match="32 random bytes") as refused:
        read_key(text, "GURITA_ROOT_KEY")
    assert not text or text not in str(refused.value)


def test_neither_keys_nor_secrets_show_in_a_representation(tmp_path: Path) -> None:
    secrets = open_secrets(tmp_path, {"GURITA_ROOT_KEY": TEXT})
    assert repr(secrets) == "Secrets(********)"
