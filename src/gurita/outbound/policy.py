"""Which addresses may be asked (security.md T15)."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

__all__ = ["ADMINISTRATORS", "NEIGHBOURS", "PUBLIC_ONLY", "Address", "AddressPolicy", "Network", "networks"]

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Where clouds answer anybody on the machine with its credentials, outside of the link-local ranges.
_METADATA = {ip_address("100.100.100.200"), ip_address("192.0.0.192"), ip_address("fd00:ec2::254")}
_NAT64 = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """`private` lets private networks through, `loopback` this machine, `allowed` networks whatever they are."""

    private: bool
    loopback: bool
    allowed: tuple[Network, ...] = ()

    def refuses(self, address: Address) -> str:
        """Why an address must not be asked; "" when it may be."""
        if any(address.version == network.version and address in network for network in self.allowed):
            return ""
        plain = _unwrapped(address)
        if plain in _METADATA:
            return "a cloud's metadata service"
        if plain.is_link_local:
            return "a link-local address"
        if plain.is_unspecified or plain.is_multicast or (plain.is_reserved and not plain.is_loopback):
            return "no address of a server"
        if plain.is_loopback:
            return "" if self.loopback else "this machine itself"
        if not self.private and not plain.is_global:
            return "an address of a private network"
        return ""


def _unwrapped(address: Address) -> Address:
    """The IPv4 address an IPv6 address stands for, if it does (mapped, 6to4, NAT64)."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        return inner or address
    return address


def networks(text: str) -> tuple[Network, ...]:
    """Networks written `10.0.0.0/8, 169.254.10.1`. Raises ValueError."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


ADMINISTRATORS = AddressPolicy(private=True, loopback=True)
"""For addresses an administrator sets, such as feeds: they may well be in the own network."""

NEIGHBOURS = AddressPolicy(private=True, loopback=False)
"""For addresses such a server hands out: files may lie on another machine of the own network, but not on this one."""

PUBLIC_ONLY = AddressPolicy(private=False, loopback=False)
"""For addresses others may set, such as webhooks."""
