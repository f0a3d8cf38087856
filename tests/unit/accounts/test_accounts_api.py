from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from sqlalchemy import select

from gurita.accounts.private_keys import key_problem, key_text
from gurita.accounts.records import ACCOUNTS
from gurita.accounts.resources import SshKeyPairAccount
from gurita.accounts.service import sign_in_in
from gurita.kernel.errors import Invalid
from gurita.secrets.opening import reveal
from tests.helpers import House, house
from tests.looping import in_loop

KEY = asyncssh.generate_private_key("ssh-ed25519")
PLAIN = KEY.export_private_key().decode()
LOCKED = KEY.export_private_key("pkcs8-pem", passphrase="open sesame").decode()


def new(value: str | None) -> dict[str, Any]:
    return {"HasValue": value is not None, "NewValue": value}


KEEP = {"HasValue": True, "NewValue": None}


def account(key: str | None = PLAIN, passphrase: str | None = None, **others: Any) -> dict[str, Any]:
    return {
        "Name": "key", "AccountType": "SshKeyPair", "Username": "deploy", "PrivateKeyFile": new(key),
        "PrivateKeyPassphrase": new(passphrase), **others,
    }  # fmt: skip


async def signed_in(gurita: House, id: str) -> tuple[str | None, str | None]:
    ctx = gurita.context()
    found = await gurita.store.read(lambda tx: sign_in_in(tx, ctx, id))
    key, passphrase = found.private_key, found.passphrase
    return (None if key is None else reveal(key), None if passphrase is None else reveal(passphrase))


@pytest.mark.parametrize(
    "sent", [PLAIN, PLAIN.replace("\n", "\r\n"), base64.b64encode(PLAIN.encode()).decode()]
)
@in_loop
async def test_a_key_may_be_sent_as_text_or_in_base64(sent: str, tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        made = await gurita.post("accounts", account(sent))
        assert made["PrivateKeyFile"] == {"HasValue": True, "NewValue": None, "Hint": None}
        assert await signed_in(gurita, made["Id"]) == (PLAIN, None)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (account("nonsense"), "PrivateKeyFile: is not a private key that can be read."),
        (account(base64.b64encode(b"nonsense").decode()), "PrivateKeyFile: is not a private key"),
        (account(KEY.export_public_key().decode()), "PrivateKeyFile: is not a private key"),
        (account(None), "PrivateKeyFile: must not be empty."),
        (account(LOCKED), "PrivateKeyFile: the key is encrypted. Send its passphrase"),
        (account(LOCKED, "wrong"), "PrivateKeyPassphrase: does not open the key."),
        (account(Username=""), "Username: must not be empty."),
        (account("x" * 70_000), "PrivateKeyFile: has 70000 characters."),
        (account(PrivateKeyFile=KEEP), "PrivateKeyFile: must not be empty."),
        (account(EnvironmentIds=["Environments-99"]), "EnvironmentIds[0]: 'Environments-99' does not exist"),
        (account(AccountType="Carrier"), "AccountType: Invalid value 'Carrier'"),
        ({"Name": "t", "AccountType": "Token"}, "Token: must not be empty."),
        ({"Name": "t"}, "AccountType: required"),
    ],
)
@in_loop
async def test_a_bad_account_is_refused_by_member_without_its_secret(
    body: dict[str, Any], told: str, tmp_path: Path
) -> None:
    async with house(tmp_path) as gurita:
        answer = await gurita.refused(400, "POST", "accounts", body)
        assert any(one.startswith(told) for one in answer["Errors"]), answer
        assert "nonsense" not in str(answer)


@in_loop
async def test_an_account_of_an_unknown_type_is_told_the_known_ones(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        answer = await gurita.refused(400, "POST", "accounts", account(AccountType="Carrier"))
        assert all(one in answer["Errors"][0] for one in ("SshKeyPair", "Token", "UsernamePassword"))


@in_loop
async def test_secrets_are_kept_changed_and_cleared(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        made = await gurita.post("accounts", account(LOCKED, "open sesame"))
        place = f"accounts/{made['Id']}"
        renamed = await gurita.put(place, {**made, "Name": "renamed"})
        assert await signed_in(gurita, made["Id"]) == (LOCKED, "open sesame")
        await gurita.refused(400, "PUT", place, {**renamed, "PrivateKeyPassphrase": new(None)})
        await gurita.refused(400, "PUT", place, {**renamed, "PrivateKeyPassphrase": new("wrong")})
        await gurita.refused(400, "PUT", place, {**renamed, "PrivateKeyFile": new(None)})
        await gurita.put(place, {**renamed, "PrivateKeyFile": new(PLAIN), "PrivateKeyPassphrase": new(None)})
        assert await signed_in(gurita, made["Id"]) == (PLAIN, None)


@in_loop
async def test_a_secret_id_from_a_client_is_ignored(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await gurita.post("accounts", account())
        stored = await gurita.store.read(lambda tx: ACCOUNTS.open(tx, "Spaces-1").get("Accounts-1"))
        assert isinstance(stored, SshKeyPairAccount)
        stolen = stored.private_key_file.secret_id
        body = {"Name": "t", "AccountType": "Token", "Token": {**KEEP, "SecretId": stolen}}
        await gurita.refused(400, "POST", "accounts", body)


@in_loop
async def test_no_secret_is_in_documents_events_or_answers(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        token = {"Name": "t", "AccountType": "Token", "Token": new("hunter-one")}
        made = await gurita.post("accounts", token)
        await gurita.put(f"accounts/{made['Id']}", {**made, "Token": new("hunter-two")})
        events = await gurita.get("events?take=100")
        assert any("/Token" in str(one["ChangeDetails"]) for one in events["Items"])
        stored = await gurita.store.read(lambda tx: tx.scalar(select(ACCOUNTS.table.c.body)))
        for text in (str(made), str(events), stored, (tmp_path / "gurita.db").read_bytes().decode("latin-1")):
            assert "hunter" not in text
        assert "SecretId" not in str(made) and "SecretId" in stored


@in_loop
async def test_the_type_of_an_account_stays(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        made = await gurita.post("accounts", {"Name": "t", "AccountType": "Token", "Token": new("hunter")})
        told = await gurita.refused(400, "PUT", f"accounts/{made['Id']}", account(Name="t"))
        assert told["Errors"] == [
            "AccountType: 't' is a Token account, which stays so. Create another account."
        ]


@in_loop
async def test_accounts_are_filtered_by_type(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await gurita.post("accounts", account())
        await gurita.post("accounts", {"Name": "t", "accountType": "token", "token": new("hunter")})
        await gurita.post("accounts", {"Name": "u", "AccountType": "UsernamePassword", "Username": "u"})
        assert [one["Name"] for one in (await gurita.get("accounts?accountType=Token"))["Items"]] == ["t"]
        assert (await gurita.get("accounts?accountType=Token,SshKeyPair"))["TotalResults"] == 2
        with pytest.raises(Invalid, match="cannot sign in"):
            await signed_in(gurita, "Accounts-2")


def test_a_key_is_read_in_every_form_people_have() -> None:
    for form in ("openssh", "pkcs8-pem"):
        assert key_problem(KEY.export_private_key(form).decode(), None) is None
    rsa = asyncssh.generate_private_key("ssh-rsa", key_size=2048).export_private_key("pkcs1-pem").decode()
    assert key_problem(key_text(base64.b64encode(rsa.encode()).decode()), None) is None
    assert key_problem(LOCKED, "open sesame") is None
