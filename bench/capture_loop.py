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
import shutil
import statistics
import subprocess
import sys

MEASURES = ("thread_ns", "process_ns")
TX, RX = f"trawlbtx{os.getpid()}", f"trawlbrx{os.getpid()}"


def run(*words):
    subprocess.run(words, check=True)


def make_network():
    for name in (TX, RX):
        run("ip", "netns", "add", name)
        run("ip", "netns", "exec", name, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1")
    run("ip", "link", "add", "tx0", "netns", TX, "type", "veth", "peer", "name", "rx0", "netns", RX)
    run("ip", "-n", TX, "link", "set", "tx0", "up", "arp", "off")
    run("ip", "-n", RX, "link", "set", "rx0", "up", "arp", "off")
    run("ip", "netns", "exec", RX, "sh", "-c", "echo 2 > /sys/class/net/rx0/queues/rx-0/rps_cpus")


def remove_network():
    for name in (TX, RX):
        subprocess.run(["ip", "netns", "del", name], stderr=subprocess.DEVNULL, check=False)


def one(bench, receiver, count, rate):
    command = ["ip", "netns", "exec", RX, "taskset", "-c", "1", bench, receiver, "rx0", str(count)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout.readline().strip() != "ready":
            return None
        run("ip", "netns", "exec", TX, "taskset", "-c", "0", bench, "send", "tx0", str(count), str(rate))
        return json.loads(process.stdout.readline())


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("bench")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=1200000)
    parser.add_argument("--rate", type=int, default=300000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if os.geteuid() != 0 or not shutil.which("ip") or (os.cpu_count() or 1) < 2:
        print("capture_loop: needs root, ip and two processors; skipped")
        return 0
    results = {"trawl": [], "libpcap": []}
    try:
        make_network()
        for _ in range(options.rounds):
            for receiver, runs in results.items():
                result = one(os.path.abspath(options.bench), receiver, options.count, options.rate)
                if result:
                    runs.append(result)
                    print(json.dumps(result), file=sys.stderr)
    finally:
        remove_network()
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
