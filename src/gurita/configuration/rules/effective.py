"""The settings a node was started with, without secrets."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from gurita.configuration.resources import SettingsSet, SettingsValue

__all__ = ["settings_sets"]

_SECRET = re.compile(r"(?<=:)[^:@/]+(?=@)")

_WORDS = {
    "data": "The folder that holds everything this node keeps on disk.",
    "listen": "Where web clients connect.",
    "agent_port": "Where polling agents connect; -1 for nowhere.",
    "database": "The database; empty for a file in the data folder.",
    "blobs": "Where large things are kept; empty for a folder in the data folder.",
    "agent_host": "The address of the port of agents; that of --listen unless it is set.",
    "tls_cert": "PEM file of the certificate, to serve HTTPS without a proxy.",
    "tls_key": "PEM file of its private key.",
    "trusted_proxies": "Proxies whose word is taken for who is behind them.",
    "outbound_proxy": "The proxy for feeds.",
    "outbound_ca_file": "Further authorities that others' certificates may be signed by.",
    "outbound_allow": "Networks that are asked although they are near.",
    "download_cache_days": "Days packages of feeds are kept after their last use; 0 is no limit.",
    "download_cache_gib": "How much of them is kept; 0 is no limit.",
    "node_name": "This node's name.",
    "prefix": "The path the server runs under.",
    "public_url": "How browsers and agents reach this server.",
    "task_cap": "How many tasks this node runs at once unless the node's own setting says otherwise.",
    "lease": "Seconds after which a silent node loses its tasks.",
    "log_level": "From which level on the log tells.",
    "local_scripts": "Whether steps may run on the server's own machine.",
}


def settings_sets(settings: Any) -> list[SettingsSet]:
    """The settings, passwords in addresses replaced by stars."""
    if not dataclasses.is_dataclass(settings):
        return []
    values = [
        SettingsValue(
            key=field.name,
            value=_SECRET.sub("***", str(getattr(settings, field.name))),
            description=_WORDS.get(field.name, ""),
        )
        for field in dataclasses.fields(settings)
    ]
    return [SettingsSet(id="node", configuration_set="Node", configuration_values=values)]
