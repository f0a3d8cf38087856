from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gurita.server.settings import BadSetting, read_settings


def test_an_option_is_stronger_than_the_environment_and_that_than_the_file(tmp_path: Path) -> None:
    file = tmp_path / "gurita.toml"
    file.write_text('task_cap = 1\nlease = 3\nnode_name = "file"\n')
    env = {"GURITA_TASK_CAP": "2", "GURITA_NODE_NAME": "environment", "GURITA_CONFIG": str(file)}
    found = read_settings({"task_cap": 3, "lease": None}, env)
    assert (found.task_cap, found.node_name, found.lease) == (3, "environment", 3.0)


def test_without_settings_everything_is_in_one_folder_on_loopback() -> None:
    found = read_settings({}, {})
    assert (found.host, found.port, found.url) == ("127.0.0.1", 8065, "http://127.0.0.1:8065")
    assert found.database_url == f"sqlite:///{Path('gurita-data').absolute() / 'gurita.db'}"
    assert found.node_name


@pytest.mark.parametrize(
    ("listen", "host", "port"),
    [("[::1]:80", "::1", 80), (":0", "", 0), ("name.local:65535", "name.local", 65535)],
)
def test_an_address_is_read(listen: str, host: str, port: int) -> None:
    found = read_settings({"listen": listen}, {})
    assert (found.host, found.port) == (host, port)


@pytest.mark.parametrize(
    ("prefix", "given"),
    [
        ("", "https://deploy.example"),
        ("", "https://deploy.example/"),
        ("/gurita", "https://deploy.example"),
        ("/gurita", "https://deploy.example/gurita"),
        ("/gurita/", "https://deploy.example/gurita/"),
    ],
)
def test_how_people_reach_the_server_has_its_prefix_once(prefix: str, given: str) -> None:
    found = read_settings({"prefix": prefix, "public_url": given}, {})
    assert found.public_url == f"https://deploy.example{prefix.rstrip('/')}"
    assert found.prefix == prefix.rstrip("/")


@pytest.mark.parametrize("text", ["true", "1", "Yes", "on"])
def test_truth_has_several_names(text: str) -> None:
    assert read_settings({}, {"GURITA_LOCAL_SCRIPTS": text}).local_scripts is True


@pytest.mark.parametrize(
    ("given", "env", "told"),
    [
        ({"listen": "8065"}, {}, "--listen is '8065'; write it as host:port"),
        ({"listen": "here:99999"}, {}, "--listen is 'here:99999'"),
        ({"agent_port": 70000}, {}, "--agent-port is 70000"),
        ({"agent_port": -2}, {}, "--agent-port is -2"),
        ({"tls_cert": "c"}, {}, "--tls-cert and --tls-key go together"),
        ({"prefix": "gurita"}, {}, "begins with a slash"),
        ({"public_url": "name"}, {}, "--public-url is 'name'"),
        ({"database": "mysql://x"}, {}, "--database is no address"),
        ({"database": "postgresql://me:secret@host/db"}, {}, "Put the address into GURITA_DATABASE"),
        ({"trusted_proxies": "proxy"}, {}, "--trusted-proxies is 'proxy'; write addresses"),
        ({"trusted_proxies": "*"}, {}, "--trusted-proxies is '*'"),
        ({"trusted_proxies": "10.0.0.1/8"}, {}, "--trusted-proxies is '10.0.0.1/8'"),
        ({"lease": 0.5}, {}, "--lease is 0.5 seconds"),
        ({"task_cap": 0}, {}, "--task-cap is 0"),
        ({}, {"GURITA_LOG_LEVEL": "loud"}, "--log-level is 'loud'; it is one of DEBUG, INFO"),
        ({}, {"GURITA_TASK_CAP": "many"}, "GURITA_TASK_CAP is 'many', which is not a whole number"),
        ({}, {"GURITA_LEASE": "long"}, "GURITA_LEASE is 'long', which is not a number"),
        ({}, {"GURITA_LOCAL_SCRIPTS": "maybe"}, "which is not true or false"),
        ({"config": "/nowhere.toml"}, {}, "The configuration file /nowhere.toml cannot be read"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(
    given: dict[str, Any], env: dict[str, str], told: str
) -> None:
    with pytest.raises(BadSetting) as caught:
        read_settings(given, env)
    assert told in str(caught.value)
    assert "secret@" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("listn = 1", "'listn' is no setting. Settings are: agent_host"),
        ("x = [", "cannot be read"),
        ("lease = 'x'", "lease in"),
    ],
)
def test_a_file_that_makes_no_sense_is_named(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "gurita.toml"
    file.write_text(text)
    with pytest.raises(BadSetting) as caught:
        read_settings({"config": str(file)}, {})
    assert told in str(caught.value)


def test_a_password_in_the_environment_is_fine() -> None:
    address = "postgresql://me:secret@host/db"
    assert read_settings({}, {"GURITA_DATABASE": address}).database_url == address


def test_proxies_are_trusted_only_where_they_are_named() -> None:
    assert read_settings({}, {}).trusted_proxies == ""
    assert read_settings({"trusted_proxies": "127.0.0.1, 10.0.0.0/8,::1"}, {}).trusted_proxies.count(",") == 2
