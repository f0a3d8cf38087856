"""Masking: no form of a secret survives any chunking, and nothing else is touched."""

from __future__ import annotations

import base64
import html
import itertools
import json
import shlex
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.formats.masking import MASK, Masker, mask_text

SECRET = "Tr0ub4dor &3/+'\"x"
PLAIN = st.text("abcdefg \n\r\t.,:é€", max_size=300).map(str.encode)
THOUSAND = Masker(f"s\x01{number:04d}-{number * 7919 % 10007}\x02" for number in range(1000))
SECRETS = st.lists(st.text("abXY1/+=& '\n\"é", min_size=4, max_size=40), min_size=1, max_size=4)


def masked(data: bytes, secrets: list[str], cuts: list[int] | None = None) -> bytes:
    masker = Masker(secrets)
    out = b""
    for chunk in chunked(data, cuts or []):
        out += masker.feed(chunk)
        assert masker.held <= masker.longest
    return out + masker.flush()


def chunked(data: bytes, cuts: list[int]) -> list[bytes]:
    places = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[start:stop] for start, stop in itertools.pairwise(places)]


def written(secret: str, way: int, before: bytes) -> bytes:
    """The secret in one of the shapes people let slip, with `before` in front where it is encoded."""
    raw = secret.encode()
    shapes = [
        raw,
        base64.b64encode(before + raw + b"tail"),
        base64.urlsafe_b64encode(before + raw + b"tail"),
        quote(secret, safe="").encode(),
        quote_plus(secret).encode(),
        json.dumps(secret).encode(),
        json.dumps(secret, ensure_ascii=False).encode(),
        shlex.quote(secret).encode(),
        secret[::-1].encode(),
        raw.hex().encode(),
        raw.hex().upper().encode(),
        html.escape(secret).encode(),
        base64.encodebytes(before + raw + b"tail"),
    ]
    return shapes[way % len(shapes)]


def gives_away(output: bytes, secret: str) -> bool:
    bare = secret.strip("\r\n")
    cores = [base64.b64encode(b"\0" * shift + bare.encode())[-(-shift * 8 // 6) :] for shift in range(3)]
    shapes = [
        bare.encode(),
        bare[::-1].encode(),
        quote(bare, safe="").encode(),
        json.dumps(bare)[1:-1].encode(),
        bare.encode().hex().encode(),
        bare.encode().hex().upper().encode(),
        html.escape(bare).encode(),
        *(core.rstrip(b"=")[:-1] for core in cores),
    ]
    return any(len(shape) >= 4 and shape in output for shape in shapes)


@given(
    PLAIN,
    PLAIN,
    SECRETS,
    st.integers(0, 12),
    st.binary(max_size=3),
    st.lists(st.integers(0, 999), max_size=40),
)
def test_no_form_of_a_secret_survives_any_chunking(
    before: bytes, after: bytes, secrets: list[str], way: int, lead: bytes, cuts: list[int]
) -> None:
    secrets = [secret for secret in secrets if len(secret.strip()) >= 4 and len(secret.strip("\r\n")) >= 4]
    for secret in secrets:
        text = before + written(secret.strip("\r\n"), way, lead) + after
        assert not gives_away(masked(text, secrets, cuts), secret)


@given(st.lists(st.sampled_from([b"ab12", b"ab12cd34ef56gh78ij", b"ab", b"12", b"\n", b"\r\n", b" "]), max_size=60),
       st.lists(st.integers(0, 999), max_size=60))  # fmt: skip
def test_the_way_a_stream_is_cut_does_not_change_what_comes_out(parts: list[bytes], cuts: list[int]) -> None:
    secrets = ["ab12", "ab12cd34ef56gh78ij", "12ab12"]
    data = b"".join(parts)
    assert masked(data, secrets, cuts) == masked(data, secrets)


@given(
    st.lists(
        st.text(st.characters(codec="ascii", exclude_characters="\r\n"), min_size=4, max_size=24),
        min_size=1,
        max_size=60,
    ),
    st.text(st.characters(codec="utf-8"), max_size=120),
    st.data(),
)
def test_no_secret_of_many_survives_in_any_text(secrets: list[str], around: str, data: st.DataObject) -> None:
    secrets = [secret for secret in secrets if len(secret.strip()) >= 4]
    if secrets:
        secret = data.draw(st.sampled_from(secrets))
        out = masked(f"{around}{secret}{around}".encode(), secrets)
        assert secret.encode() not in out.replace(MASK, b"\xff") or set(secret) <= {"*"}


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=400))
def test_a_thousand_secrets_leave_other_text_as_it_is(text: str) -> None:
    data = text.encode()
    assert masked(data, [], [7, 99]) == data
    out = Masker((), THOUSAND._forms)
    assert out.feed(data[:50]) + out.feed(data[50:]) + out.flush() == data


@given(st.binary(max_size=400), st.lists(st.integers(0, 999), max_size=40))
def test_text_without_secrets_passes_byte_for_byte(data: bytes, cuts: list[int]) -> None:
    secrets = ["never-in-the-text-0123456789", "N0t_there\nN0r_this"]
    assert masked(data, secrets, cuts) == data


@given(st.integers(1, 40), st.lists(st.integers(0, 999), max_size=20))
def test_the_beginning_of_a_secret_at_the_end_of_the_stream_still_arrives(size: int, cuts: list[int]) -> None:
    secret = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ"
    data = b"last line " + secret[:size].encode()
    assert masked(data, [secret], cuts) == data


@pytest.mark.parametrize("shift", range(3))
def test_base64_is_masked_at_every_alignment(shift: int) -> None:
    encoded = base64.b64encode(b"x" * shift + b"s3cr3t-value" + b"yyy")
    out = masked(encoded, ["s3cr3t-value"])
    assert MASK in out
    assert b"czNjcjN0" not in out
    assert len(out) < len(encoded)


def test_wrapped_base64_of_a_long_secret_is_masked_over_its_lines() -> None:
    secret = "k" * 40 + "0123456789" * 12
    wrapped = base64.encodebytes(secret.encode())
    out = masked(b"before\n" + wrapped + b"after\n", [secret])
    assert out.startswith(b"before\n")
    assert out.endswith(b"after\n")
    assert not [line for line in wrapped.split(b"\n") if len(line) > 8 and line in out]
    assert out.count(b"\n") == wrapped.count(b"\n") + 2


def test_every_line_of_a_multi_line_secret_is_masked_by_itself() -> None:
    key = "-----BEGIN-----\nabc123def\nxy\n-----END-----\n"
    out = masked(b"got abc123def and xy\n-----BEGIN-----\n", [key])
    assert out == b"got ******** and xy\n********\n"


def test_a_multi_line_secret_is_masked_whole_with_either_line_ending() -> None:
    out = masked(b"[first line of it\r\nsecond line]", ["first line of it\nsecond line"])
    assert out == b"[********\r\n********]"


@pytest.mark.parametrize("short", ["a", "ab", "abc", "abc\n", "    "])
def test_values_too_short_or_blank_are_not_masked(short: str) -> None:
    assert masked(b"abc    abc\n", [short]) == b"abc    abc\n"


def test_overlapping_secrets_leave_no_rest() -> None:
    assert masked(b"<xabcdefgh>", ["xabcd", "abcdefgh"]) == b"<********>"


def test_two_secrets_side_by_side_are_two_masks() -> None:
    assert masked(b"abcdabcd", ["abcd"]) == MASK * 2


def test_a_secret_added_in_mid_stream_counts_from_there_on_both_streams() -> None:
    out, err = Masker(["other-secret"]), None
    err = out.sibling()
    assert out.feed(b"late-secret ") == b"late-secret "
    out.add("late-secret")
    assert out.feed(b"late-secret") + out.flush() == MASK
    assert err.feed(b"late-secret") + err.flush() == MASK


def test_an_idle_stream_gives_up_a_line_that_is_held_by_chance() -> None:
    masker = Masker(["a-long-secret-of-many-letters"])
    assert masker.feed(b"pizza\n") == b"pizz"
    assert masker.relax() == b"a\n"
    masker.feed(b"a-long-secret-of")
    assert masker.relax() == b""


def test_every_line_of_a_multi_line_secret_is_masked_in_base64_too() -> None:
    key = "the first line of it\nthe second line of it"
    assert masked(base64.b64encode(b"user:the second line of it."), [key]).count(MASK) == 1
    assert b"dGhlIGZpcnN0IGxpbmU" not in masked(base64.b64encode(b"the first line of it"), [key])


def test_a_secret_split_over_lines_is_masked_on_each() -> None:
    assert masked(b"<0123456789\nabcdefgh>\n", ["0123456789abcdefgh"]) == b"<********\n********>\n"


def test_what_python_prints_of_a_secret_in_quotes_is_masked() -> None:
    secret = 'it\'s "a\\b" 42'
    assert masked(repr(secret).encode(), [secret]) == b"'********'"


def test_a_text_is_masked_whole() -> None:
    assert mask_text("pass=Sw0rdfish!", Masker(["Sw0rdfish!"])) == "pass=********"


def test_the_repr_of_a_masker_shows_no_secret() -> None:
    assert "hunter2" not in repr(Masker(["hunter2222"]))


@pytest.mark.parametrize("many", [1, 40])
def test_each_written_form_is_found_with_few_and_with_many_secrets(many: int) -> None:
    secrets = [SECRET, *(f"filler-{number}-{number * 7919}" for number in range(many))]
    for way in range(13):
        out = masked(b"x " + written(SECRET, way, b"ab") + b" y", secrets)
        assert not gives_away(out, SECRET), way
        assert out.startswith(b"x ")
        assert out.endswith(b" y")
