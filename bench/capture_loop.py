#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Counting packets live: our loop against pcap_dispatch, in interleaved rounds over a pair of interfaces in two namespaces.

usage: capture_loop.py BENCH_CAPTURE_LOOP [--rounds 5] [--count 1200000] [--rate 300000] [--json]
Needs root, ip and two processors. Packets are delivered on the receiver's processor, not the sender's: thread_ns and process_ns
contain whatever network work of the kernel interrupted the thread; user_ns does not but is counted in whole clock ticks. process_ns
contains opening the ring.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys

from two_networks import IN_RX, IN_TX, TwoNetworks, possible, run

MEASURES = ("thread_ns", "process_ns")


def one(bench, receiver, count, rate):
    command = [*IN_RX, bench, receiver, "rx0", str(count)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout.readline().strip() != "ready":
            return None
        run(*IN_TX, bench, "send", "tx0", str(count), str(rate))
        return json.loads(process.stdout.readline())


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("bench")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=1200000)
    parser.add_argument("--rate", type=int, default=300000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not possible():
        print("capture_loop: needs root, ip and two processors; skipped")
        return 0
    results = {"trawl": [], "libpcap": []}
    with TwoNetworks():
        for _ in range(options.rounds):
            for receiver, runs in results.items():
                result = one(os.path.abspath(options.bench), receiver, options.count, options.rate)
                if result:
                    runs.append(result)
                    print(json.dumps(result), file=sys.stderr)
    table = {}
    for measure in MEASURES:
        ours, peer = (statistics.median(r[measure] for r in results[name]) if results[name] else None for name in ("trawl", "libpcap"))
        table[measure] = {"ours": ours, "peer": peer, "ratio": round(ours / peer, 3) if ours and peer else None}
    table["lost"] = {name: [options.count - r["got"] for r in runs] for name, runs in results.items()}
    if options.json:
        print(json.dumps(table))
    else:
        for measure in MEASURES:
            print(f"{measure:12} trawl {table[measure]['ours']}  libpcap {table[measure]['peer']}  ratio {table[measure]['ratio']}")
        print(f"lost         {table['lost']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
