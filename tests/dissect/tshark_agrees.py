#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""tshark judges tests/captures: no packet is malformed, no checksum is bad, and every field that both of us know has the same text."""
import json
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(os.environ["TRAWL_SOURCE_DIR"])
TRAWL = os.environ["TRAWL_BINARY"]
# Names in frame.protocols that both of us give; from the first other one on they are not compared.
LAYERS = set("eth ethertype vlan ieee8021ad ip ipv6 ipv6.hopopts ipv6.dstopts ipv6.routing ipv6.fraghdr ah tcp udp icmp icmpv6 arp gre vxlan sctp llc sll null raw "
             "radiotap wlan_radio dns data".split())
QUIET = ["-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE", "-o", "tcp.desegment_tcp_streams:FALSE", "-o", "tcp.relative_sequence_numbers:FALSE",
         "-o", "tcp.analyze_sequence_numbers:FALSE", "-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE",
         "-o", "tcp.try_heuristic_first:FALSE", "-o", "udp.try_heuristic_first:FALSE", "-o", "sctp.checksum:crc-32c"]


def run(*words):
    return subprocess.run(words, capture_output=True, check=True, timeout=120).stdout.decode(errors="replace")


def rows(tool, file, fields, separator="\x02"):
    words = [word for field in fields for word in ("-e", field)]
    how = ["-T", "fields", "-E", f"separator={separator}", "-E", "aggregator=|", *words]
    text = run("tshark", "-n", "-r", str(file), *QUIET, *how) if tool == "tshark" else run(TRAWL, "read", *how, str(file))
    return [line.split(separator) for line in text.split("\n")[:-1]]


def up_to_the_first_unknown(theirs, ours):
    layers = theirs.split(":")
    count = next((i for i, layer in enumerate(layers) if layer not in LAYERS), len(layers))
    return layers[:count], ours.split(":")[:count] if count < len(layers) else ours.split(":")


def explained():
    """Lines "file field: why" of tshark_differences.txt; "*" is any file."""
    text = (ROOT / "tests/dissect/tshark_differences.txt").read_text()
    return {line.split(":")[0] for line in text.splitlines() if line and not line.startswith("#")}


def main():
    if not shutil.which("tshark"):
        print("skipped: tshark is not installed")
        return 77
    known = {line.split("\t")[2] for line in run("tshark", "-G", "fields").splitlines() if line.startswith("F\t")}
    differences, bad, compared, seen = explained(), [], 0, set()
    for file in sorted((ROOT / "tests/captures").glob("*.pcap")):
        for number, row in enumerate(rows("tshark", file, ["_ws.malformed", "ip.checksum.status", "tcp.checksum.status", "udp.checksum.status",
                                                            "icmp.checksum.status", "icmpv6.checksum.status", "sctp.checksum.status"]), 1):
            if row[0]:
                bad.append(f"{file.name} packet {number}: tshark calls it malformed")
            for name, cell in zip(("ip", "tcp", "udp", "icmp", "icmpv6", "sctp"), row[1:]):
                if "0" in cell.split("|"):
                    bad.append(f"{file.name} packet {number}: tshark says that the sum of {name} is bad")
        packets = [json.loads(line) for line in run(TRAWL, "read", "--json", str(file)).splitlines()]
        fields = sorted({field for packet in packets for layer in packet["layers"] for field in layer["fields"]} & known) + ["frame.protocols", "frame.len"]
        for number, (theirs, ours) in enumerate(zip(rows("tshark", file, fields), rows("trawl", file, fields), strict=True), 1):
            for field, a, b in zip(fields, theirs, ours, strict=True):
                compared += 1
                if field == "frame.protocols":
                    a, b = up_to_the_first_unknown(a, b)
                if a == b:
                    continue
                why = {f"{file.stem} {field}", f"* {field}"} & differences
                seen |= why
                if not why:
                    bad.append(f"{file.name} packet {number} {field}: tshark {a!r}, trawl {b!r}")
    for line in sorted(differences - seen):
        bad.append(f"tshark_differences.txt explains {line}, which does not differ")
    print("\n".join(bad))
    print(f"{compared} cells compared, {len(bad)} complaints, {len(seen)} kinds of difference are explained")
    return 1 if bad or not compared else 0


if __name__ == "__main__":
    sys.exit(main())
