"""Where phones in the same network reach this machine: its addresses, and the mark of a request that came by a hotspot."""

import socket
import struct
from collections.abc import Iterable
from ipaddress import IPv4Address

BY_HOTSPOT = "siposyandu.hotspot"
"""In the environment of a request that came from a phone: the host that it must name (no header can set this)."""
# What NetworkManager, Windows and Android give the machine that makes the hotspot.
HOTSPOTS = ("10.42.", "192.168.137.", "192.168.43.")
OF_NO_NETWORK = ("lo", "docker", "br-", "veth", "virbr", "tun", "tap")
GET_ADDRESS = 0x8915
"""SIOCGIFADDR: asks Linux for the address of a network card."""


def of_this_machine() -> list[str]:
    """Return the private IPv4 addresses of this machine, the likeliest hotspot first; none where it is in no network."""
    return ranked(_cards())


def ranked(cards: Iterable[tuple[str, str]]) -> list[str]:
    """Put the addresses of network cards (name, address) in order; what no phone can reach is left out.

    >>> ranked([("lo", "127.0.0.1"), ("eth0", "192.168.1.7"), ("wlan0", "10.42.0.1"), ("docker0", "172.17.0.1")])
    ['10.42.0.1', '192.168.1.7']
    """
    reachable = [
        (name, address)
        for name, address in cards
        if not name.startswith(OF_NO_NETWORK)
        and IPv4Address(address).is_private
        and not IPv4Address(address).is_loopback
    ]
    in_order = sorted(reachable, key=lambda card: (not card[1].startswith(HOTSPOTS), card[0][:1] != "w"))
    return list(dict.fromkeys(address for _, address in in_order))


def _cards() -> list[tuple[str, str]]:
    try:
        import fcntl
    except ImportError:  # Windows, which names all of them when it is asked for its own name
        found = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
        return [("", str(each[4][0])) for each in found]
    cards = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _, name in socket.if_nameindex():
            question = struct.pack("256s", name.encode()[:15])
            try:
                answer = fcntl.ioctl(asking.fileno(), GET_ADDRESS, question)
            except OSError:
                continue  # this card has no address now
            cards.append((name, socket.inet_ntoa(answer[20:24])))
    return cards
