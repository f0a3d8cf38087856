from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from tests.canary import PREFIX
from tests.fixtures_identity import Directory, OidcProvider, directory, oidc_provider, sign_in_there
from tests.fixtures_server import PASSWORD, GuritaServer, gurita_server

ALICE = {
    "preferred_username": "alice",
    "name": "Alice A.",
    "email": "alice@example.org",
    "groups": ["deployers"],
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GuritaServer]:
    with gurita_server(tmp_path_factory.mktemp("sign-in")) as made:
        yield made


@pytest.fixture(scope="module")
def issuer(server: GuritaServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OidcProvider]:
    callback = f"{server.url}/api/users/authenticatedToken/company"
    with oidc_provider(tmp_path_factory.mktemp("issuer"), callback) as made:
        made.people({"a-1": ALICE})
        yield made


@pytest.fixture(scope="module")
def company(server: GuritaServer, issuer: OidcProvider) -> dict[str, Any]:
    body = {"Name": "Company", "AllowAutoUserCreation": True, "OpenIdConnect": issuer.settings()}
    found: dict[str, Any] = server.post("gurita/identity-providers", body)
    return found


@pytest.fixture(scope="module")
def ldap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directory]:
    with directory(tmp_path_factory.mktemp("ldap")) as made:
        yield made


@pytest.fixture(scope="module")
def staff(server: GuritaServer, ldap: Directory) -> dict[str, Any]:
    body = {"Name": "Staff", "AllowAutoUserCreation": True, "Ldap": ldap.settings()}
    found: dict[str, Any] = server.post("gurita/identity-providers", body)
    return found


def change(server: GuritaServer, provider: dict[str, Any], **members: Any) -> None:
    path = f"gurita/identity-providers/{provider['Id']}"
    server.put(path, {**server.get(path), **members})


def browser() -> httpx2.Client:
    return httpx2.Client(trust_env=False, timeout=120)


def come_back(server: GuritaServer, subject: str, client: httpx2.Client) -> httpx2.Response:
    """Signs in with the company's account and comes back with the code."""
    begun = client.post(
        f"{server.url}/api/users/authenticate/company", json={"RedirectAfterLoginTo": "/app#/projects"}
    )
    assert begun.status_code == 200, begun.text
    target = sign_in_there(client, begun.json()["ExternalAuthenticationUrl"], subject, server.url)
    return client.get(target)


def me(server: GuritaServer, client: httpx2.Client) -> Any:
    answer = client.get(f"{server.url}/api/users/me")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_somebody_new_signs_in_with_the_company_account_and_belongs_to_teams_by_groups(
    server: GuritaServer, issuer: OidcProvider, company: dict[str, Any]
) -> None:
    issuer.people({"a-1": ALICE})
    team = server.post(
        "teams",
        {"Name": "Deployers", "ExternalSecurityGroups": [{"Id": "deployers", "DisplayName": "Deployers"}]},
    )
    with browser() as client:
        back = come_back(server, "a-1", client)
        assert (back.status_code, back.headers["location"]) == (302, "/app#/projects"), back.text
        alice = me(server, client)
        assert (alice["Username"], alice["DisplayName"]) == ("alice", "Alice A.")
        assert alice["Identities"][0]["IdentityProviderName"] == "Company"
        teams = client.get(f"{server.url}/api/users/me/teams").json()
        assert [one["Id"] for one in teams] == [team["Id"], "teams-everyone"]
        assert teams[0]["ExternalGroupNames"] == ["deployers"]
    issuer.people({"a-1": {**ALICE, "groups": [], "preferred_username": "renamed"}})
    with browser() as client:
        assert come_back(server, "a-1", client).status_code == 302
        assert me(server, client)["Id"] == alice["Id"], "the subject is who somebody is, not the name"
        teams = client.get(f"{server.url}/api/users/me/teams").json()
        assert [one["Id"] for one in teams] == ["teams-everyone"]
    issuer.people({"a-1": ALICE})


def test_keys_of_the_provider_may_change_at_any_time(
    server: GuritaServer, issuer: OidcProvider, company: dict[str, Any]
) -> None:
    issuer.stop()
    issuer.start("second", in_token=True)
    issuer.people({"a-1": ALICE})
    server.post(f"gurita/identity-providers/{company['Id']}/test", {})
    with browser() as client:
        assert come_back(server, "a-1", client).status_code == 302


def test_a_disabled_user_does_not_get_in_and_loses_the_session(
    server: GuritaServer, issuer: OidcProvider, company: dict[str, Any]
) -> None:
    issuer.people({"d-1": {"preferred_username": "dora"}})
    with browser() as client, browser() as again:
        assert come_back(server, "d-1", client).status_code == 302
        dora = me(server, client)
        server.put(f"users/{dora['Id']}", {**dora, "IsActive": False})
        assert client.get(f"{server.url}/api/users/me").status_code == 401
        refused = come_back(server, "d-1", again)
        assert refused.status_code == 403
        assert "disabled" in refused.text
        assert again.get(f"{server.url}/api/users/me").status_code == 401


def test_who_is_not_known_is_refused_where_users_are_not_made_and_a_name_is_no_proof(
    server: GuritaServer, issuer: OidcProvider, company: dict[str, Any]
) -> None:
    issuer.people(
        {"e-1": {"preferred_username": "admin", "email": "admin@example.org", "email_verified": True}}
    )
    with browser() as client:
        refused = come_back(server, "e-1", client)
        assert (refused.status_code, "exists already" in refused.text) == (403, True)
    change(server, company, AllowAutoUserCreation=False)
    issuer.people({"e-2": {"preferred_username": "eve"}})
    with browser() as client:
        refused = come_back(server, "e-2", client)
        assert (refused.status_code, "There is no user for you" in refused.text) == (403, True)
        client.headers["Accept"] = "text/html,*/*"
        person = come_back(server, "e-2", client)
        there = "/app/sign-in?stay=true&trouble=not-admitted&next=%2Fprojects"
        assert (person.status_code, person.headers["location"]) == (302, there)
    change(server, company, AllowAutoUserCreation=True)
    assert server.client.get("/api/users/eve").status_code == 404


def test_somebody_with_a_password_adds_the_company_account_and_signs_in_with_either(
    server: GuritaServer, issuer: OidcProvider, company: dict[str, Any]
) -> None:
    issuer.people({"l-1": {"preferred_username": "whatever"}})
    lena = server.post("users", {"Username": "lena", "Password": PASSWORD, "DisplayName": "Lena"})
    change(server, company, AllowAutoUserCreation=False)
    with browser() as client, browser() as again:
        body = {"Username": "lena", "Password": PASSWORD}
        assert client.post(f"{server.url}/api/users/login", json=body).status_code == 200
        token = next(
            value for name, value in client.cookies.items() if name.startswith("Octopus-Csrf-Token_")
        )
        add = f"{server.url}/api/gurita/identities/company"
        assert client.post(add, json={}).status_code == 403, "only our own pages may begin this"
        begun = client.post(add, json={}, headers={"X-Octopus-Csrf-Token": token})
        assert begun.status_code == 200, begun.text
        url = begun.json()["ExternalAuthenticationUrl"]
        assert client.get(sign_in_there(client, url, "l-1", server.url)).status_code == 302
        assert come_back(server, "l-1", again).status_code == 302
        assert me(server, again)["Id"] == lena["Id"]
    change(server, company, AllowAutoUserCreation=True)
    with browser() as thief:
        body = {"Username": "admin", "Password": PASSWORD}
        assert thief.post(f"{server.url}/api/users/login", json=body).status_code == 200
        token = next(value for name, value in thief.cookies.items() if name.startswith("Octopus-Csrf-Token_"))
        begun = thief.post(add, json={}, headers={"X-Octopus-Csrf-Token": token})
        target = sign_in_there(thief, begun.json()["ExternalAuthenticationUrl"], "l-1", server.url)
        assert thief.get(target).status_code == 403, "an identity that is somebody else's stays theirs"


def test_a_code_comes_back_once_and_only_to_the_browser_that_left(
    server: GuritaServer, issuer: OidcProvider, company: dict[str, Any]
) -> None:
    issuer.people({"a-1": ALICE})
    with browser() as client, browser() as thief:
        begun = client.post(f"{server.url}/api/users/authenticate/company", json={})
        url = begun.json()["ExternalAuthenticationUrl"]
        asked = parse_qs(urlsplit(url).query)
        assert (asked["code_challenge_method"], asked["response_type"]) == (["S256"], ["code"])
        assert len(asked["nonce"][0]) > 40
        target = sign_in_there(client, url, "a-1", server.url)
        stolen = thief.get(target)
        assert (stolen.status_code, dict(stolen.cookies)) == (400, {})
        assert client.get(target).status_code == 400, "a state is good once, whoever showed it"
    with browser() as client:
        back = come_back(server, "a-1", client)
        assert client.get(str(back.url)).status_code == 400
        person = client.get(str(back.url), headers={"Accept": "text/html,*/*"})
        assert person.status_code == 302
        assert person.headers["location"] == "/app/sign-in?stay=true&trouble=again"


@pytest.mark.parametrize(
    "target",
    ["https://evil.test/", "//evil.test/", "/\\evil.test", "javascript:alert(1)", "/\t/evil.test", ""],
)
def test_one_is_sent_on_to_paths_of_this_server_only(
    server: GuritaServer, issuer: OidcProvider, company: dict[str, Any], target: str
) -> None:
    issuer.people({"a-1": ALICE})
    with browser() as client:
        begun = client.get(f"{server.url}/api/users/authenticate/company", params={"returnUrl": target})
        assert begun.status_code == 302
        back = client.get(sign_in_there(client, begun.headers["location"], "a-1", server.url))
        assert (back.status_code, back.headers["location"]) == (302, "/")


def test_the_host_a_request_claims_is_in_no_address_given_to_the_provider(
    server: GuritaServer, company: dict[str, Any]
) -> None:
    begun = httpx2.post(
        f"{server.url}/api/users/authenticate/company",
        json={},
        headers={"Host": "evil.test", "X-Forwarded-Host": "evil.test"},
        trust_env=False,
        timeout=120,
    )
    assert "evil" not in begun.json()["ExternalAuthenticationUrl"]


def test_people_of_a_directory_sign_in_with_its_password_and_groups(
    server: GuritaServer, ldap: Directory, staff: dict[str, Any]
) -> None:
    tested = server.post(f"gurita/identity-providers/{staff['Id']}/test", {})
    assert tested["IsSuccessful"], tested
    developers = f"cn=developers,ou=groups,{ldap.base}"
    team = server.post("teams", {"Name": "Developers", "ExternalSecurityGroups": [{"Id": developers}]})

    def sign_in(name: str, password: str) -> httpx2.Response:
        body = {"Username": name, "Password": password}
        return httpx2.post(f"{server.url}/api/users/login", json=body, trust_env=False, timeout=120)

    for name, password in (
        ("bob", "alice-s3cret"),
        ("bob", ""),
        ("nobody", "x"),
        ("*", "bob-s3cret"),
        ("bob)(uid=*", "bob-s3cret"),
        ("twin", "twin-s3cret"),
    ):
        assert sign_in(name, password).status_code == 401, name
    assert sign_in("ad\u00e8le(*)", "ad\u00e8le(*)-s3cret").status_code == 200
    first = sign_in("bob", "bob-s3cret")
    assert first.status_code == 200, first.text
    with httpx2.Client(cookies=first.cookies, trust_env=False, timeout=120) as client:
        teams = client.get(f"{server.url}/api/users/me/teams").json()
        assert [one["Id"] for one in teams] == ["teams-everyone"]
    found = server.get("users/external-search", partialName="bo")
    assert [each["Claims"]["username"]["Value"] for each in found[0]["Identities"]] == ["bob"]
    ldap.stop()
    assert sign_in("bob", "bob-s3cret").status_code == 401
    assert sign_in("admin", PASSWORD).status_code == 200, "a directory that is away keeps nobody else out"
    ldap.fill({"developers": ["bob"]})
    ldap.start()
    for settings in (
        {},
        {"GroupBase": f"ou=groups,{ldap.base}"},
        {"Security": "StartTls", "Port": ldap.port},
    ):
        change(server, staff, Ldap=ldap.settings(**settings))
        again = sign_in("bob", "bob-s3cret")
        assert again.json()["Id"] == first.json()["Id"]
        with httpx2.Client(cookies=again.cookies, trust_env=False, timeout=120) as client:
            teams = client.get(f"{server.url}/api/users/me/teams").json()
            assert [one["Id"] for one in teams] == [team["Id"], "teams-everyone"], settings
    change(server, staff, Ldap=ldap.settings(CaCertificates=""))
    tested = server.post(f"gurita/identity-providers/{staff['Id']}/test", {})
    assert not tested["IsSuccessful"]
    assert "not trusted" in tested["Messages"][0]
    assert sign_in("bob", "bob-s3cret").status_code == 401


def test_a_provider_that_is_away_says_so_and_passwords_go_on_working(
    server: GuritaServer, issuer: OidcProvider, company: dict[str, Any]
) -> None:
    issuer.stop()
    try:
        _is_away(server, company)
    finally:
        issuer.start("third")


def _is_away(server: GuritaServer, company: dict[str, Any]) -> None:
    server.post(f"gurita/identity-providers/{company['Id']}/test", {})
    away = httpx2.post(f"{server.url}/api/users/authenticate/company", json={}, trust_env=False, timeout=120)
    assert (away.status_code, "sign in with that" in away.text) == (502, True)
    begin = f"{server.url}/api/users/authenticate/company"
    place, html = {"redirectTo": "/app/Spaces-1/tasks?state=Failed#L3"}, {"Accept": "text/html,*/*"}
    person = httpx2.get(begin, params=place, headers=html, trust_env=False)
    next_ = "%2FSpaces-1%2Ftasks%3Fstate%3DFailed%23L3"
    assert person.headers["location"] == f"/app/sign-in?stay=true&trouble=provider&next={next_}"
    elsewhere = httpx2.get(begin, params={"redirectTo": "//evil.test/app/"}, headers=html, trust_env=False)
    assert elsewhere.headers["location"] == "/app/sign-in?stay=true&trouble=provider"
    body = {"Username": "admin", "Password": PASSWORD}
    assert (
        httpx2.post(f"{server.url}/api/users/login", json=body, trust_env=False, timeout=120).status_code
        == 200
    )


def test_no_secret_of_a_provider_is_shown_or_logged(
    server: GuritaServer, company: dict[str, Any], staff: dict[str, Any]
) -> None:
    shown = repr(server.get("gurita/identity-providers/all")) + repr(server.get("events", take=500))
    logged = server.log.read_text()
    for secret in (PREFIX, "bob-s3cret"):
        assert secret not in shown
        assert secret not in logged
        assert not any(secret.encode() in path.read_bytes() for path in Path(server.data).glob("*.db*"))
