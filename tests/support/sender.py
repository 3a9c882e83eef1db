# SPDX-License-Identifier: Apache-2.0 OR MIT
"""sender.py INTERFACE PCAP...: sends the packets of these files, over and over, 200 a second, until it is ended."""
import socket
import struct
import sys
import time


def packets(path):
    data = open(path, "rb").read()
    at = 24
    while at < len(data):
        size = struct.unpack_from("<I", data, at + 8)[0]
        yield data[at + 16:at + 16 + size]
        at += 16 + size


wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
wire.bind((sys.argv[1], 0))
while True:
    for file in sys.argv[2:]:
        for packet in packets(file):
            wire.send(packet)
            time.sleep(0.005)
