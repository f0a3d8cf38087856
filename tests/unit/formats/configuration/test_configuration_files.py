"""Files: their encodings, which format they are read as, and tokens in any of them."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.formats.configuration import files
from gurita.formats.configuration.encodings import decode, encode, known_encoding
from gurita.formats.configuration.errors import ConfigurationError, Unreadable
from gurita.formats.configuration.files import FORMATS, replace_bytes, replace_in
from gurita.formats.configuration.substitution import continuing, substitute_bytes
from gurita.formats.variables import Variables


@pytest.mark.parametrize(
    ("data", "encoding", "bom"),
    [
        ("a: é".encode(), "utf-8", b""),
        (codecs.BOM_UTF8 + b"a: b", "utf-8", codecs.BOM_UTF8),
        (codecs.BOM_UTF16_LE + "a: é".encode("utf-16-le"), "utf-16-le", codecs.BOM_UTF16_LE),
        (codecs.BOM_UTF16_BE + "a: é".encode("utf-16-be"), "utf-16-be", codecs.BOM_UTF16_BE),
        (codecs.BOM_UTF32_LE + "a: é".encode("utf-32-le"), "utf-32-le", codecs.BOM_UTF32_LE),
        ("a: longer".encode("utf-16-le"), "utf-16-le", b""),
        ("a: longer".encode("utf-16-be"), "utf-16-be", b""),
        ("a: é".encode("latin-1"), "latin-1", b""),
        ("a: é “x”".encode("cp1252"), "cp1252", b""),
        (b"a: \x81", "latin-1", b""),
        (b"a: b", "utf-8", b""),
    ],
)
def test_an_encoding_is_found_and_kept(data: bytes, encoding: str, bom: bytes) -> None:
    found = decode(data)
    assert (found.encoding, found.bom) == (encoding, bom)
    assert found.text.startswith("a: ")
    assert encode(found.text, found) == (data, False)


@given(st.binary(max_size=200))
def test_whatever_can_be_read_is_written_back_as_it_was(data: bytes) -> None:
    try:
        found = decode(data, declared=True)
    except Unreadable:
        return
    if found.encoding not in ("utf-8", "cp1252", "latin-1") and not found.bom:
        return
    assert encode(found.text, found)[0] == data


def test_a_character_that_does_not_fit_makes_the_file_utf_8() -> None:
    data = "# é\nname: old\n".encode("latin-1")
    new, done = replace_bytes(data, {"name": "é"}, ["yaml"])
    assert (new, done.upgraded) == ("# é\nname: é\n".encode("latin-1"), False)
    new, done = replace_bytes(data, {"name": "€"}, ["yaml"])
    assert (new, done.upgraded) == ("# é\nname: €\n".encode(), True)
    xml = '<?xml version="1.0" encoding="ISO-8859-1"?>\r\n<a b="é"/>'
    new, done = replace_bytes(xml.encode("latin-1"), {"/a/@b": "€"}, ["xml"])
    assert new.decode() == xml.replace("ISO-8859-1", "utf-8").replace("é", "€")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-be"])
@pytest.mark.parametrize(
    ("name", "text", "variable"),
    [
        ("json", '{\r\n  "k": "é"\r\n}\r\n', "k"),
        ("yaml", "# é\r\nk: 'é'\r\n", "k"),
        ("xml", "<a k='é'>\r\n</a>\r\n", "/a/@k"),
        ("properties", "# é\r\nk=é\r\n", "k"),
    ],
)
def test_a_byte_order_mark_and_line_ends_stay_in_every_format(
    encoding: str, name: str, text: str, variable: str
) -> None:
    data = f"\ufeff{text}".encode(encoding)
    new, done = replace_bytes(data, {variable: "ü€"}, [name])
    before, _, after = text.rpartition("é")
    assert new == f"\ufeff{before}ü€{after}".encode(encoding)
    assert (done.names, done.upgraded) == ((variable,), False)


@pytest.mark.parametrize(
    ("name", "text", "variables", "expected"),
    [
        ("a.json", '{"k": 1}', {"k": "2"}, ("json", '{\n  "k": 2\n}')),
        ("a.YML", "k: 1", {"k": "2"}, ("yaml", "k: 2")),
        ("a.yaml", '{"k": 1}', {"k": "2"}, ("json", '{\n  "k": 2\n}')),
        ("a.xml", "<k>1</k>", {"/k": "2"}, ("xml", "<k>2</k>")),
        ("a.properties", "k: 1", {"k": "2"}, ("properties", "k: 2")),
        ("a.conf", "<k>1</k>", {"/k": "2"}, ("xml", "<k>2</k>")),
        ("a.conf", "k:\n- 1", {"k:0": "2"}, ("yaml", "k:\n- 2")),
        ("a.conf", "k=1", {"k": "2"}, ("properties", "k=2")),
        ("a.conf", '[{"k": 1}]', {"0:k": "2"}, ("json", '[\n  {\n    "k": 2\n  }\n]')),
    ],
)
def test_a_file_is_read_as_its_name_says_and_as_json_first(
    tmp_path: Path, name: str, text: str, variables: dict[str, str], expected: tuple[str, str]
) -> None:
    path = tmp_path / name
    path.write_text(text)
    done = replace_in(str(path), variables)
    assert (done.format, path.read_text()) == expected


def test_what_no_format_reads_is_refused_with_every_reason(tmp_path: Path) -> None:
    for name, told in [("a.json", "not JSON: line 1"), ("a.xml", "not XML"), ("a.yaml", "not YAML: line 1")]:
        (tmp_path / name).write_text("{{ x")
        with pytest.raises(Unreadable, match=told):
            replace_in(str(tmp_path / name), {})
    with pytest.raises(Unreadable, match=r"not JSON: .*; it is not XML: .*; it is not YAML"):
        replace_bytes(b"{{ x", {}, FORMATS[:3])


def test_a_file_without_change_is_not_written_and_others_keep_mode_and_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.yaml", tmp_path / "link.yaml"
    real.write_bytes(b"k:   1\n")
    real.chmod(0o640)
    link.symlink_to("real.yaml")
    os.utime(real, (1e9, 1e9))
    replace_in(str(link), {"other": "x"})
    assert real.stat().st_mtime == 1e9
    replace_in(str(link), {"k": "2"})
    assert (real.read_bytes(), real.stat().st_mode & 0o777, link.is_symlink()) == (b"k:   2\n", 0o640, True)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["link.yaml", "real.yaml"]


def test_an_empty_file_and_one_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b" \n")
    assert replace_in(str(path), {"k": "1"}).names == ()
    monkeypatch.setattr(files, "LARGEST", 1)
    with pytest.raises(ConfigurationError, match="larger than"):
        replace_in(str(path), {})


def test_tokens_are_replaced_in_any_encoding_and_files_without_any_stay() -> None:
    evaluate = continuing(Variables({"Name": "Zürich €"}))
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        data = "\ufeffto #{Name}\r\nand #{Nobody}".encode(encoding)
        done = substitute_bytes(data, evaluate)
        assert done.data == "\ufeffto Zürich €\r\nand #{Nobody}".encode(encoding)
        assert done.missing == ("#{Nobody}",)
    done = substitute_bytes("é #{Name}".encode("latin-1"), evaluate)
    assert (done.data, done.upgraded) == ("é Zürich €".encode(), True)
    for data in (b"plain\r\n", bytes(range(256)), b"\xe9", b""):
        assert substitute_bytes(data, evaluate).data == data


def test_what_only_looks_like_a_token_stays_and_the_rest_is_replaced() -> None:
    evaluate = continuing(Variables({"Name": "x"}))
    text = b"#{Name} #{Name | NoSuchFilter} ${a} ##{Name} #{Name\nmore #{if} #{Name}"
    done = substitute_bytes(text, evaluate)
    assert done.data == b"x #{Name | NoSuchFilter} ${a} #{Name} #{Name\nmore #{if} x"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("utf-8", "é".encode()),
        ("UTF-16", codecs.BOM_UTF16_LE + "é".encode("utf-16-le")),
        ("unicode", codecs.BOM_UTF16_LE + "é".encode("utf-16-le")),
        ("utf-16BE", codecs.BOM_UTF16_BE + "é".encode("utf-16-be")),
        ("windows-1252", b"\xe9"),
        ("us-ascii", "é".encode()),
    ],
)
def test_an_output_encoding_is_one_of_dot_net(name: str, expected: bytes) -> None:
    assert substitute_bytes("é".encode(), continuing(Variables()), name).data == expected


def test_what_is_no_encoding_is_refused() -> None:
    assert [known_encoding(name) for name in ("base64", "rot13", "punycode", "nonsense", "")] == [None] * 5
    with pytest.raises(ConfigurationError, match="'nonsense' is not known"):
        substitute_bytes(b"x", continuing(Variables()), "nonsense")
