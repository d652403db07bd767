"""Who made a request, where proxies stand in between."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address

from flask import request

Networks = Sequence[IPv4Network | IPv6Network]


def client_address(trusted: Networks) -> str:
    """Return the IP address of who made the present request.

    ``X-Forwarded-For`` is read from its end, past the proxies that we trust: what stands before
    the first stranger was written by that stranger.
    """
    address = request.remote_addr or ""
    forwarded = ",".join(request.headers.getlist("X-Forwarded-For")).split(",")
    for earlier in reversed([one.strip() for one in forwarded if one.strip()]):
        if not _is_trusted(address, trusted) or not _is_address(earlier):
            break
        address = earlier
    return address


def _is_trusted(address: str, trusted: Networks) -> bool:
    return _is_address(address) and any(ip_address(address) in network for network in trusted)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
