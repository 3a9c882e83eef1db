#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Display filters select the packets that tshark selects, of those captures whose layers both of them see alike."""
import collections
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile

from _cli import ROOT, TRAWL
from sample_captures import corpus, skip

KNOWN = {"eth", "vlan", "ip", "ipv6", "tcp", "udp", "icmp", "icmpv6", "arp", "dns", "sctp", "gre", "vxlan", "llc"}
OPTIONS = ["-n", "-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE", "-o", "tcp.desegment_tcp_streams:FALSE"]


def packets(path):
    data = open(path, "rb").read()
    if len(data) < 24 or data[:4] != b"\xd4\xc3\xb2\xa1" or struct.unpack("<I", data[20:24])[0] != 1:
        return
    at = 24
    while at + 16 <= len(data):
        captured, length = struct.unpack_from("<II", data, at + 8)
        if captured > 65535 or captured > length or at + 16 + captured > len(data):
            return
        yield data[at:at + 16 + captured]
        at += 16 + captured


def write(path, chosen):
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        out.writelines(chosen)


def layers(command):
    out = subprocess.run(command, capture_output=True, text=True).stdout.split("\n")
    return [collections.Counter(name for name in line.split(":") if name in KNOWN or name.startswith("_ws")) for line in out]


def main():
    if not shutil.which("tshark"):
        skip("no tshark")
    files = sorted(os.path.join(d, f) for d, _, names in os.walk(corpus()) for f in names if f.endswith(".pcap"))
    chosen = []
    for path in files:
        if os.path.getsize(path) < 400_000:
            chosen += [p for p, _ in zip(packets(path), range(60))]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "merged.pcap")
        write(path, chosen)
        theirs = layers(["tshark", "-r", path, *OPTIONS, "-T", "fields", "-e", "frame.protocols"])
        ours = layers([TRAWL, "read", path, "-T", "fields", "-e", "frame.protocols"])
        said = subprocess.run([TRAWL, "read", path, "--json"], capture_output=True, text=True).stdout.splitlines()
        whole = [json.loads(line)["fault"] is None for line in said]
        alike = [p for p, a, b, good in zip(chosen, theirs, ours, whole) if a == b and good]
        write(path, alike)
        print(f"{len(alike)} of {len(chosen)} packets have the same layers")
        wrong = 0
        filters = [line.strip() for line in open(os.path.join(ROOT, "tests/display/filters.txt")) if line.strip() and line[0] != "#"]
        for text in filters:
            tshark = subprocess.run(["tshark", "-r", path, *OPTIONS, "-Y", text, "-T", "fields", "-e", "frame.number"],
                                    capture_output=True, text=True)
            trawl = subprocess.run([TRAWL, "read", path, "-Y", text, "--numbers"], capture_output=True, text=True)
            a, b = set(tshark.stdout.split()), set(trawl.stdout.split())
            if a != b or tshark.returncode or trawl.returncode:
                wrong += 1
                print(f"{text}: {len(a)} and {len(b)}; tshark alone {sorted(map(int, a - b))[:5]}, "
                      f"trawl alone {sorted(map(int, b - a))[:5]} {trawl.stderr.strip()[:120]}")
        print(f"{len(filters)} filters, {wrong} differ")
        sys.exit(1 if wrong else 0)


main()
