# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Reads "request hex, packet hex" a line; prints 1 where scapy says that the packet answers the request, else 0."""
import logging
import sys

logging.getLogger("scapy").setLevel(logging.ERROR)
from scapy.layers.all import Ether  # noqa: E402
from scapy.layers.inet import IP, ICMP, TCP, UDP  # noqa: E402,F401

for line in sys.stdin:
    request, packet = (Ether(bytes.fromhex(word)) for word in line.split())
    # As its sndrcv() does: the hash chooses, then answers() decides.
    print(int(packet.hashret() == request.hashret() and bool(packet.answers(request))))
