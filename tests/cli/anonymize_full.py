#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""trawl anonymize over sample captures, judged by tshark: no real address in anything that tshark shows of the output, one address for
one address, common prefixes as long as before, and the state of every checksum as before.

Arguments: files, else every fourth capture of the corpus of at most 64 KiB.
"""
import ipaddress
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from sample_captures import skip, some_captures

TRAWL = os.environ["TRAWL_BINARY"]
KEY = "00112233445566778899aabbccddeeff" * 2
MOST_BYTES, EVERY = 64 << 10, 4
ADDRESSES = ["ip.addr", "ipv6.addr", "eth.addr", "arp.src.hw_mac", "arp.src.proto_ipv4", "arp.dst.hw_mac", "arp.dst.proto_ipv4",
             "icmpv6.nd.ns.target_address", "icmpv6.nd.na.target_address", "icmpv6.opt.linkaddr", "icmp.redir_gw", "dns.a", "dns.aaaa", "sll.src.eth"]
SUMS = [f"{p}.checksum.status" for p in ("ip", "tcp", "udp", "icmp", "icmpv6", "sctp")]
CHECK = [word for p in ("ip", "tcp", "udp") for word in ("-o", f"{p}.check_checksum:TRUE")]
ALONE = ["-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE", "-o", "tcp.desegment_tcp_streams:FALSE", "-o", "sctp.checksum:TRUE"]
IPV4, IPV6, MAC = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])"), re.compile(r"(?<![\w:.])[0-9a-f:]*:[0-9a-f:.]*:[0-9a-f.]*(?![\w:])"), re.compile(r"(?<![\w:])(?:[0-9a-f]{2}:){5}[0-9a-f]{2}(?![\w:])")


def tshark(file, *words):
    done = subprocess.run(["tshark", "-n", "-r", file, *CHECK, *ALONE, *words], capture_output=True, check=False, timeout=300)
    return done.stdout.decode(errors="replace").splitlines()


def rows(file, fields, occurrence="a"):
    words = [word for field in fields for word in ("-e", field)]
    return [line.split("\t") for line in tshark(file, "-T", "fields", "-E", f"occurrence={occurrence}", "-E", "aggregator=|", *words)]


def stays(text):
    """By the rules in trawl/rewrite/address_map.hpp, or not an address at all."""
    if MAC.fullmatch(text):
        return int(text[:2], 16) & 1 or text == "00:00:00:00:00:00"
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return True
    if address.version == 6:
        return address.is_multicast or int(address) <= 1
    return address.is_multicast or address.is_loopback or text in ("0.0.0.0", "255.255.255.255")


def number(text):
    if MAC.fullmatch(text):
        return int(text.replace(":", ""), 16), 48
    address = ipaddress.ip_address(text)
    return int(address), address.max_prefixlen


def common(a, b):
    (x, bits), (y, _) = number(a), number(b)
    return bits - (x ^ y).bit_length()


def shown(lines):
    found = set()
    for line in lines:
        for pattern in (IPV4, IPV6, MAC):
            found.update(pattern.findall(line.lower()))
    return found


def judge(file, scratch):
    """What is wrong; nothing at all where there is nothing to judge."""
    out, kept = scratch / "out.pcapng", scratch / "kept.pcapng"
    for path, content in ((out, "zero"), (kept, "keep")):
        done = subprocess.run([TRAWL, "anonymize", "--key", KEY, "--content", content, file, "-w", path], capture_output=True, check=False, timeout=300)
        if done.returncode not in (0, 1) or b"Sanitizer" in done.stderr:
            return [f"exit status {done.returncode}: {done.stderr.decode()}"]
        if not path.exists():
            return None
    wrong, pairs = [], {}
    before, after = rows(file, ADDRESSES), rows(kept, ADDRESSES)
    if len(before) != len(after):
        return None   # tshark counts records that are no packets
    real = set()
    for packet, (old, new) in enumerate(zip(before, after), 1):
        for field, a, b in zip(ADDRESSES, old, new):
            a, b = a.split("|"), b.split("|")
            real.update(text for text in a if text and not stays(text))
            if len(a) != len(b):
                continue   # another dissection, for a port's heuristics look at addresses
            for one, other in zip(a, b):
                if one and not stays(one) and one != other and pairs.setdefault(one, other) != other:
                    wrong.append(f"packet {packet}: {field} {one} is {other} and {pairs[one]}")
    if len(set(pairs.values())) != len(pairs):
        wrong.append("two addresses became one")
    names = sorted(pairs)[:150]
    for i, a in enumerate(names):
        for b in names[:i]:
            if number(a)[1] == number(b)[1] and common(a, b) != common(pairs[a], pairs[b]):
                wrong.append(f"{a} and {b} share {common(a, b)} bits, {pairs[a]} and {pairs[b]} {common(pairs[a], pairs[b])}")
    leaked = (real & shown(tshark(out, "-V"))) - set(pairs.values())
    if leaked:
        wrong.append(f"still there: {sorted(leaked)[:5]}")
    for path, occurrence in ((kept, "a"), (out, "f")):
        old, new = rows(file, SUMS, occurrence), rows(path, SUMS, occurrence)
        if path == out:   # what trawl does not know is zero: tshark finds fewer layers there
            old = [[a if b else "" for a, b in zip(*pair)] for pair in zip(old, new)]
        different = [(i + 1, a, b) for i, (a, b) in enumerate(zip(old, new)) if a != b]
        if different:
            wrong.append(f"{path.name}: {len(different)} packets with other checksum states, first {different[0]}")
    return wrong


def main():
    if not shutil.which("tshark"):
        skip("tshark is not installed")
    files = [pathlib.Path(word) for word in sys.argv[1:]]
    if not files:
        files = some_captures(MOST_BYTES, EVERY)
    bad = judged = 0
    for file in files:
        with tempfile.TemporaryDirectory() as scratch:
            wrong = judge(file, pathlib.Path(scratch))
        bad += bool(wrong)
        judged += wrong is not None
        for line in wrong or []:
            print(f"{file}: {line}", flush=True)
    print(f"{judged} captures, {bad} with differences")
    return bad != 0 or not judged


if __name__ == "__main__":
    sys.exit(main())
