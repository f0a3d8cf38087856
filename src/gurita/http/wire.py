"""Bodies: any case in, PascalCase out. Knows nothing of requests or routes.

A body that decodes straight into its struct was spelled exactly and held nothing unknown, because every struct
forbids unknown members. Only a body that fails takes the slow way: decode plainly, respell by type
(`gurita.http.folding`), convert. So any case costs nothing where it is not used (api-layer.md §3).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Annotated, Any

import msgspec

from gurita.http.explaining import explain
from gurita.http.folding import folder
from gurita.http.json_limits import check_depth, check_text
from gurita.kernel.clock import parse_iso
from gurita.kernel.errors import Invalid

__all__ = ["Moment", "Name", "Whole", "Wire", "encode", "moment", "read", "splice", "write"]

_BOM = b"\xef\xbb\xbf"

Moment = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date-time"})]
"""A date as text, ISO 8601 with milliseconds and a numeric offset; `kernel.clock.iso` writes it, `moment` reads it."""

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
"""What people call a thing: 1 to 200 characters."""

Whole = Annotated[int, msgspec.Meta(ge=0, le=2_147_483_647)]
"""A number that is not negative and fits every client and both databases."""


class Wire(msgspec.Struct, rename="pascal", forbid_unknown_fields=True, kw_only=True):
    """Base of every body. msgspec does not inherit `kw_only`: a struct with a required member after others says it again.

    A struct that declares `extras: dict[str, Any] | UnsetType = UNSET` keeps what it does not know and gives
    it back on output, as members of its own (only for the struct that is the whole body).
    """


encode = msgspec.json.Encoder().encode


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)


def read(body: bytes, kind: Any) -> Any:
    """The body as `kind`. Raises Invalid with one sentence for each member that is wrong."""
    body = body.removeprefix(_BOM)
    check_depth(body)
    check_text(body)
    try:
        value = _decoder(kind).decode(body)
    except msgspec.ValidationError:
        return _read_any_case(body, kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _not_json(error) from None
    if getattr(value, "extras", None):
        return _read_any_case(body, kind)  # a client's own `Extras` must not reach the splice unsorted
    return value


def _read_any_case(body: bytes, kind: Any) -> Any:
    try:
        value = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise _not_json(error) from None
    fold = folder(kind)
    value = fold(value) if fold else value
    try:
        return msgspec.convert(value, kind, str_keys=True)
    except msgspec.ValidationError as error:
        raise Invalid(*explain(value, kind, error)) from None


def _not_json(error: Exception) -> Invalid:
    if isinstance(error, UnicodeDecodeError):
        return Invalid(f"The body is not UTF-8: byte {error.object[error.start]:#04x}, {error.reason}.")
    return Invalid(f"The body is not JSON: {error}")


def moment(text: str, name: str) -> datetime:
    """The moment a member names, aware, in UTC. Raises Invalid naming the member."""
    try:
        return parse_iso(text)
    except (ValueError, OverflowError):
        raise Invalid(f"{name}: '{text}' is not a date. Write it as 2024-09-23T14:57:18.798+00:00.") from None


def write(value: Any) -> bytes:
    """The JSON of a value. Bytes are JSON already; `extras` go back to where they came from."""
    if isinstance(value, (bytes, bytearray)):
        return bytes(value)
    extras = getattr(value, "extras", None)
    if extras and isinstance(value, msgspec.Struct):
        plain = msgspec.structs.replace(value, extras=msgspec.UNSET)
        return splice(encode(plain), extras)
    return encode(value)


def splice(whole: bytes, members: Mapping[str, Any]) -> bytes:
    """The JSON object `whole` with `members` added at its end, without decoding it."""
    if not members:
        return whole
    added = encode(members)
    return added if whole == b"{}" else b"".join((whole[:-1], b",", added[1:]))
