#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Promise: filtering a file into a file takes at most 0.7 of tcpdump's time, and a display filter at most 0.1 of tshark's.

bench/filter_cli.py capture|display|both TRAWL CAPTURE... : the Ethernet captures are put together again and again to 200 MB in memory; the tools run in turn, median of
the rounds. Prints a table and a JSON line."""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
CAPTURE_FILTERS = ("tcp port 443", "host 10.0.0.1", "udp port 53", "tcp", "net 192.168.0.0/16 and not port 22", "tcp[tcpflags] & tcp-syn != 0")


def seconds(*words):
    before = time.perf_counter()
    subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - before


def in_turn(rounds, ours, peer):
    times = [(seconds(*ours), seconds(*peer)) for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*times)]


def sample(trawl, captures, target, path):
    """One pcap of Ethernet packets, `target` bytes of the captures over and over."""
    once = path.with_suffix(".once")
    ethernet = []
    for name in captures:
        info = subprocess.run([trawl, "info", "--json", name], capture_output=True, check=False)
        if info.returncode == 0 and [one["link_type"] for one in json.loads(info.stdout)["interfaces"]] == ["EN10MB"]:
            ethernet.append(name)
    subprocess.run([trawl, "merge", "--concatenate", "--format", "pcap", "-w", once, *ethernet], stderr=subprocess.DEVNULL, check=False)
    body = once.read_bytes()
    with open(path, "wb") as out:
        out.write(body)
        while out.tell() < target:
            out.write(body[24:])
    once.unlink()


def capture_filters(trawl, captures, folder):
    large, out = folder / "large.pcap", folder / "out.pcap"
    sample(trawl, captures, 200e6, large)
    print(f"{large.stat().st_size / 1e6:.0f} MB        trawl   tcpdump   ratio")
    ratios = []
    for text in CAPTURE_FILTERS:
        for kind, command in (("read", [trawl, "read", large, "-w", out, text]), ("convert", [trawl, "convert", "-f", text, large, out])):
            ours, peer = in_turn(7, command, ["tcpdump", "-r", large, "-w", folder / "peer.pcap", text])
            ratios.append(ours / peer)
            print(f"{kind:8} {ours * 1e3:8.0f} ms {peer * 1e3:6.0f} ms {ours / peer:7.2f}  {text}")
    print(json.dumps({"what": "filter to file", "ratio": round(statistics.median(ratios), 3), "worst": round(max(ratios), 3)}))


def display_filters(trawl, captures, folder):
    small = folder / "small.pcap"
    few = [name for name in captures if os.path.getsize(name) < 1e6][:150]  # tshark takes seconds for each filter
    sample(trawl, few, 1, small)
    filters = [line for line in (ROOT / "tests/display/filters.txt").read_text().splitlines() if line and not line.startswith("#")][:60]
    ratios = []
    for text in filters:
        ours, peer = in_turn(1, [trawl, "read", small, "--numbers", "-Y", text],
                             ["tshark", "-n", "-r", small, "-Y", text, "-T", "fields", "-e", "frame.number"])
        ratios.append(ours / peer)
    print(json.dumps({"what": "display filter", "bytes": small.stat().st_size, "filters": len(filters),
                      "ratio": round(statistics.median(ratios), 4), "worst": round(max(ratios), 4)}))


def main():
    which, trawl, captures = sys.argv[1], sys.argv[2], sys.argv[3:]
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        for name, measure in (("capture", capture_filters), ("display", display_filters)):
            if which in (name, "both"):
                measure(trawl, captures, pathlib.Path(folder))


if __name__ == "__main__":
    main()
