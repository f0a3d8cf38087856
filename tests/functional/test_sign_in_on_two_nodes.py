"""Signing in on one node of a cluster over PostgreSQL holds on the other, and ends there, too."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx2
import psycopg
import pytest

from tests.fixtures_identity import OidcProvider, oidc_provider, sign_in_there
from tests.fixtures_server import PASSWORD, GuritaServer, gurita_server, new_api_key
from tests.fixtures_sshd import free_port


@pytest.fixture
def nodes(tmp_path_factory: pytest.TempPathFactory, postgres_url: str) -> Iterator[list[GuritaServer]]:
    folder, key, port = tmp_path_factory.mktemp("cluster"), new_api_key(), free_port()
    environment = {
        "GURITA_ROOT_KEY": "dHdvLW5vZGVzLXR3by1ub2Rlcy10d28tbm9kZXMtMDE=",
        "GURITA_BLOBS": str(folder / "blobs"),
        "GURITA_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    with ExitStack() as stack:
        yield [
            stack.enter_context(
                gurita_server(
                    folder / f"node{number}",
                    database=postgres_url,
                    node_name=f"node{number}",
                    environment=environment,
                    api_key=key,
                    **({"port": port} if number == 0 else {}),
                )
            )
            for number in range(2)
        ]


@pytest.fixture
def issuer(nodes: list[GuritaServer], tmp_path_factory: pytest.TempPathFactory) -> Iterator[OidcProvider]:
    callback = f"{nodes[0].url}/api/users/authenticatedToken/company"
    with oidc_provider(tmp_path_factory.mktemp("issuer"), callback) as made:
        made.people({"a-1": {"preferred_username": "alice", "groups": ["deployers"]}})
        yield made


def status(node: GuritaServer, client: httpx2.Client) -> int:
    return client.get(f"{node.url}/api/users/me").status_code


def test_one_leaves_by_one_node_comes_back_to_the_other_and_is_signed_in_on_both(
    nodes: list[GuritaServer], issuer: OidcProvider
) -> None:
    one, other = nodes
    body: dict[str, Any] = {
        "Name": "Company",
        "AllowAutoUserCreation": True,
        "OpenIdConnect": issuer.settings(),
    }
    provider = one.post("gurita/identity-providers", body)
    team = one.post("teams", {"Name": "Deployers", "ExternalSecurityGroups": [{"Id": "deployers"}]})
    with httpx2.Client(trust_env=False, timeout=120) as client:
        begun = client.post(f"{one.url}/api/users/authenticate/company", json={})
        target = sign_in_there(client, begun.json()["ExternalAuthenticationUrl"], "a-1", one.url)
        back = client.get(target.replace(one.url, other.url))
        assert back.status_code == 302, back.text
        assert [status(node, client) for node in nodes] == [200, 200]
        teams = client.get(f"{one.url}/api/users/me/teams").json()
        assert [each["Id"] for each in teams] == [team["Id"], "teams-everyone"]
        whole = other.get(f"gurita/identity-providers/{provider['Id']}")
        other.put(f"gurita/identity-providers/{provider['Id']}", {**whole, "IsEnabled": False})
        ends = time.monotonic() + 60
        while {status(node, client) for node in nodes} != {401}:
            assert time.monotonic() < ends, "a session outlives its provider"
            time.sleep(0.05)


def test_an_invitation_is_taken_once_and_the_signing_key_is_one_whichever_node_is_asked(
    nodes: list[GuritaServer],
) -> None:
    code = nodes[0].post("users/invitations", {})["InvitationCode"]
    told = []
    for number, node in enumerate(nodes * 2):
        body = {"Username": f"carol{number}", "Password": PASSWORD, "InvitationCode": code}
        told.append(
            httpx2.post(f"{node.url}/api/users/register", json=body, trust_env=False, timeout=120).status_code
        )
    assert told == [201, 401, 401, 401]
    made = nodes[0].post("signingkeyconfiguration/rotate", {})["SigningKeyId"]
    for node in nodes:
        found = httpx2.get(f"{node.url}/.well-known/jwks", trust_env=False, timeout=120).json()
        assert [key["kid"] for key in found["keys"]] == [made]
        about = httpx2.get(
            f"{node.url}/.well-known/openid-configuration", trust_env=False, timeout=120
        ).json()
        assert about["jwks_uri"] == f"{nodes[0].url}/.well-known/jwks"


def test_a_session_in_use_gets_a_new_token_that_both_nodes_know(
    nodes: list[GuritaServer], postgres_url: str
) -> None:
    one, other = nodes
    me = one.get("users/me")["Username"]
    with httpx2.Client(trust_env=False, timeout=120) as client, psycopg.connect(postgres_url) as database:
        signed = client.post(f"{one.url}/api/users/login", json={"Username": me, "Password": PASSWORD})
        assert signed.status_code == 200, signed.text
        former = dict(client.cookies)
        database.execute("UPDATE session SET created = created - 46800000")
        database.commit()
        ends = time.monotonic() + 60
        while dict(client.cookies) == former:
            assert time.monotonic() < ends, "an old token is not replaced"
            assert status(one, client) == 200
            time.sleep(0.1)
        assert [status(node, client) for node in (other, one)] == [200, 200]
        with httpx2.Client(trust_env=False, timeout=120, cookies=former) as late:
            assert [status(node, late) for node in nodes] == [200, 200]
            database.execute("UPDATE session_token SET ends = 1 WHERE ends IS NOT NULL")
            database.commit()
            ends = time.monotonic() + 60
            while {status(node, late) for node in nodes} != {401}:
                assert time.monotonic() < ends, "a former token lives on"
                time.sleep(0.1)
        assert [status(node, client) for node in nodes] == [200, 200]
