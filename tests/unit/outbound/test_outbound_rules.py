"""Which addresses may be asked, through which proxy, and what statuses mean."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.kernel.errors import Retryable, Terminal
from gurita.outbound.errors import Busy, Unreachable, shown
from gurita.outbound.policy import ADMINISTRATORS, NEIGHBOURS, PUBLIC_ONLY, AddressPolicy, networks
from gurita.outbound.proxies import Proxies
from gurita.outbound.statuses import failure_of

NOBODYS = [
    "169.254.169.254",
    "fe80::1",
    "::ffff:169.254.1.1",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::1",
    "0.0.0.0",  # noqa: S104 - to be refused, not bound to
    "::",
    "224.0.0.1",
    "255.255.255.255",
    "240.0.0.1",
    "100.100.100.200",
    "fd00:ec2::254",
]


@pytest.mark.parametrize("address", NOBODYS)
def test_link_local_metadata_and_what_is_no_server_are_refused_by_every_policy(address: str) -> None:
    for policy in (ADMINISTRATORS, NEIGHBOURS, PUBLIC_ONLY):
        assert policy.refuses(ip_address(address))


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"])
def test_this_machine_is_for_administrators_only(address: str) -> None:
    refused = [
        bool(policy.refuses(ip_address(address))) for policy in (ADMINISTRATORS, NEIGHBOURS, PUBLIC_ONLY)
    ]
    assert refused == [False, True, True]


@pytest.mark.parametrize(
    "address", ["10.0.0.1", "172.16.0.1", "192.168.1.1", "fd12::1", "100.64.0.1", "::ffff:10.0.0.1"]
)
def test_private_networks_are_not_for_what_others_may_set(address: str) -> None:
    refused = [
        bool(policy.refuses(ip_address(address))) for policy in (ADMINISTRATORS, NEIGHBOURS, PUBLIC_ONLY)
    ]
    assert refused == [False, False, True]


@given(st.ip_addresses())
def test_what_is_open_to_all_is_open_to_administrators(address: object) -> None:
    found = ip_address(str(address))
    if not PUBLIC_ONLY.refuses(found):
        assert not NEIGHBOURS.refuses(found)
    if not NEIGHBOURS.refuses(found):
        assert not ADMINISTRATORS.refuses(found)


def test_a_network_that_is_allowed_is_asked_whatever_it_is() -> None:
    allowing = AddressPolicy(
        private=False, loopback=False, allowed=networks("169.254.10.0/24, 10.1.1.1,fd00::/8")
    )
    assert not allowing.refuses(ip_address("169.254.10.7"))
    assert not allowing.refuses(ip_address("10.1.1.1"))
    assert allowing.refuses(ip_address("169.254.11.7"))
    with pytest.raises(ValueError, match="nonsense"):
        networks("nonsense")


def test_the_environment_names_proxies_and_who_needs_none() -> None:
    env = {
        "HTTP_PROXY": "http://one.example:1",
        "https_proxy": "two.example:2",
        "NO_PROXY": "internal.example, .corp.example,10.0.0.0/8,local:8080,*.wild.example",
    }
    of = Proxies("", env).of
    assert of("http://feed.example/x") == "http://one.example:1"
    assert of("https://feed.example/x") == "http://two.example:2"
    for direct in (
        "internal.example",
        "a.internal.example",
        "x.corp.example",
        "10.2.3.4",
        "local:8080",
        "a.wild.example",
    ):
        assert of(f"http://{direct}/") == ""
    for other in ("notinternal.example", "11.2.3.4", "local:8081", "local"):
        assert of(f"http://{other}/") == "http://one.example:1"
    assert Proxies("http://set.example", env).of("https://feed.example") == "http://set.example"
    assert Proxies("", {"NO_PROXY": "*", "ALL_PROXY": "http://a.example"}).of("http://feed.example") == ""
    assert Proxies("", {"ALL_PROXY": "http://a.example"}).of("http://feed.example") == "http://a.example"


def test_a_proxy_that_is_none_is_not_repeated() -> None:
    with pytest.raises(ValueError, match=r"no http:// or https://") as caught:
        Proxies("socks5://me:s3cret@proxy.example", {})
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("status", range(200, 600, 3))
def test_every_status_that_is_no_success_is_an_error_that_may_pass_or_not(status: int) -> None:
    found = failure_of(status, "", "http://feed.example/", frozenset())
    assert (found is None) == (status < 300)
    if found is not None:
        assert isinstance(found, Retryable) != isinstance(found, Terminal)
        assert isinstance(found, Retryable) == (status >= 500 or status in (408, 425, 429))
    assert failure_of(status, "", "http://feed.example/", frozenset({status})) is None


def test_how_long_a_server_wants_to_be_left_alone_is_read_within_bounds() -> None:
    def after(text: str) -> float | None:
        found = failure_of(503, text, "", frozenset())
        assert isinstance(found, Busy)
        return found.after

    assert (after("7"), after(""), after("soon"), after("99999")) == (7.0, None, None, 300.0)
    later = after(format_datetime(datetime.now(UTC) + timedelta(seconds=290)))
    assert later is not None
    assert 0 < later <= 290
    assert after("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0


def test_addresses_are_told_without_what_may_be_secret() -> None:
    assert shown("https://me:pw@Feed.example:8443/a/b?sig=s3cret#x") == "https://feed.example:8443/a/b"
    assert shown("http://[::1]:80/x") == "http://[::1]:80/x"
    assert "s3cret" not in shown("http://[bad?s3cret")
    assert str(Unreachable("It broke.", "http://f.example/x?token=s3cret")) == "http://f.example/x: It broke."
