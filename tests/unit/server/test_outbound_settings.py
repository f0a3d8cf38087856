"""What settings say of the way out: read, checked, and never a password in a list of processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from gurita.server.opening import open_outbound
from gurita.server.settings import BadSetting, Settings, read_settings


def test_a_proxy_with_a_password_is_no_option() -> None:
    proxy = "http://me:s3cret@proxy.example:3128"
    with pytest.raises(BadSetting, match="GURITA_OUTBOUND_PROXY") as caught:
        read_settings({"outbound_proxy": proxy}, {})
    assert "s3cret" not in str(caught.value)
    assert read_settings({}, {"GURITA_OUTBOUND_PROXY": proxy}).outbound_proxy == proxy


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (Settings(outbound_allow="169.254.1.1/99"), "--outbound-allow"),
        (Settings(outbound_ca_file="/nothing/there.pem"), "--outbound-ca-file"),
        (Settings(outbound_proxy="socks5://me:s3cret@proxy.example"), "--outbound-proxy"),
    ],
)
def test_what_cannot_be_used_names_its_setting(wrong: Settings, named: str) -> None:
    with pytest.raises(BadSetting, match=named) as caught:
        open_outbound(wrong)
    assert "s3cret" not in str(caught.value)


def test_a_file_that_holds_no_certificate_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    with pytest.raises(BadSetting, match=r"ca\.pem"):
        open_outbound(Settings(outbound_ca_file=str(tmp_path / "ca.pem")))


def test_limits_of_the_downloads_are_not_negative() -> None:
    with pytest.raises(BadSetting, match="--download-cache-days"):
        read_settings({"download_cache_days": -1}, {})
    assert read_settings({}, {"GURITA_DOWNLOAD_CACHE_GIB": "3"}).download_cache_gib == 3
