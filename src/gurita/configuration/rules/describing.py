"""A section of the configuration as clients draw a form of it."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import inspect as shapes

from gurita.configuration.resources import SettingsMetadata
from gurita.configuration.rules.wording import FIXED, WORDS

__all__ = ["described"]


def described(kind: type[Any], name: str, words: str) -> SettingsMetadata:
    """Names and types of the values of a section. Pure."""
    properties = []
    for field in msgspec.structs.fields(kind):
        if field.name == "id":
            continue
        info = shapes.type_info(field.type)
        label, help_text = WORDS.get(field.encode_name, (field.encode_name, ""))
        choices = [str(each) for each in info.values] if isinstance(info, shapes.LiteralType) else []
        properties.append(
            {
                "Name": field.encode_name,
                "Type": "bool" if isinstance(info, shapes.BoolType) else "string",
                "DisplayInfo": {
                    "Label": label,
                    "Description": help_text,
                    "ListApi": "",
                    "ShowCopyToClipboard": False,
                    "Sensitive": False,
                    "Required": False,
                    "ReadOnly": field.encode_name in FIXED,
                    "Options": {"Values": {each: each for each in choices}, "SelectMode": "Single"}
                    if choices
                    else None,
                },
            }
        )
    return SettingsMetadata(
        id=name, description=words, types=[{"Name": kind.__name__, "Properties": properties}]
    )
