"""Where phones in the same network reach this machine: its addresses, and the mark of a request that came by a hotspot."""

import socket
import struct
from array import array
from collections.abc import Iterable
from ipaddress import IPv4Address

BY_HOTSPOT = "siposyandu.hotspot"
"""In the environment of a request that came from a phone: the host that it must name (no header can set this)."""
THIS_MACHINE = frozenset({"127.0.0.1", "::1"})
"""Where somebody comes from who sits at the machine itself."""
# What NetworkManager, Windows and Android give the machine that makes the hotspot.
HOTSPOTS = ("10.42.", "192.168.137.", "192.168.43.")
OF_NO_NETWORK = ("lo", "docker", "br-", "veth", "virbr", "tun", "tap")
LIST_ADDRESSES = 0x8912
"""SIOCGIFCONF: asks Linux for all network cards that have an address: name, kind, port, address, and what is not needed."""
CARD_BYTES = 40 if struct.calcsize("P") == 8 else 32  # as C lays `ifreq` out
CARDS_AT_MOST = 64


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
    # Not socket.if_nameindex: it asks by netlink, which the service's unit shuts (deploy/siposyandu.service).
    room = array("B", bytes(CARDS_AT_MOST * CARD_BYTES))
    where, length = room.buffer_info()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        answer = fcntl.ioctl(asking.fileno(), LIST_ADDRESSES, struct.pack("iP", length, where))
    told = room.tobytes()[: struct.unpack("iP", answer)[0]]
    cards = [told[start : start + CARD_BYTES] for start in range(0, len(told), CARD_BYTES)]
    return [(card[:16].split(b"\0")[0].decode(), socket.inet_ntoa(card[20:24])) for card in cards]
