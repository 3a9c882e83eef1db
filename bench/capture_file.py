#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""From an interface to a file, and back: `trawl capture -w` against tcpdump -B 32768 and dumpcap -B 32, `trawl send` against tcpreplay -K.

usage: capture_file.py TRAWL BENCH_CAPTURE_LOOP [--rounds 5] [--count 1200000] [--rate 300000] [--only capture|send]
Programs take turns; medians of the rounds' ratios. capture: processor time a packet of the whole process (it contains what work of
the kernel for the network interrupted it), and packets lost. send: packets a second from start to end, and those that the interface
did not send. Promised: capture 0.75 of tcpdump and 0.25 of dumpcap; send 1.5 of tcpreplay, 2.4 through AF_XDP. Needs root, ip and
two processors; peers that are not installed are left out.
"""
import argparse
import os
import pathlib
import shutil
import signal
import statistics
import struct
import subprocess
import tempfile
import time

from two_networks import IN_RX, IN_TX, TwoNetworks, counter, possible, run

SENT_PACKETS, LOOPS = 100_000, 4


def receivers(trawl, file):
    every = {
        "tcpdump": ["tcpdump", "-n", "-i", "rx0", "-B", "32768", "-w", file],
        "dumpcap": ["dumpcap", "-q", "-i", "rx0", "-B", "32", "-w", file],
        "trawl pcapng": [trawl, "capture", "-q", "-i", "rx0", "-w", file],
        "trawl pcap": [trawl, "capture", "-q", "-i", "rx0", "--format", "pcap", "-w", file],
    }
    return {name: command for name, command in every.items() if shutil.which(command[0])}


def senders(trawl, file):
    every = {
        "tcpreplay": ["tcpreplay", "-q", "-t", "-K", "--loop", str(LOOPS), "-i", "tx0", file],
        "trawl": [trawl, "send", "--topspeed", "--loop", str(LOOPS), "-i", "tx0", file],
        "trawl xdp": [trawl, "send", "--topspeed", "--backend", "xdp", "--loop", str(LOOPS), "-i", "tx0", file],
    }
    return {name: command for name, command in every.items() if shutil.which(command[0])}


def packets_in(trawl, file):
    counted = subprocess.run([trawl, "read", "--count", file], capture_output=True, text=True, check=False).stdout.split()
    return int(counted[0]) if counted else 0


def receive(command, bench, options):
    """@return processor seconds of the receiver"""
    with subprocess.Popen([*IN_RX, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        time.sleep(1.5)
        run(*IN_TX, bench, "send", "tx0", str(options.count), str(options.rate))
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_utime + used.ru_stime


def capture_rounds(trawl, bench, file, options):
    nanoseconds, lost = {}, {}
    for _ in range(options.rounds):
        for name, command in receivers(trawl, file).items():
            seconds = receive(command, bench, options)
            got = packets_in(trawl, file)
            os.unlink(file)
            nanoseconds.setdefault(name, []).append(1e9 * seconds / max(got, 1))
            lost.setdefault(name, []).append(options.count - got)
    for name, values in nanoseconds.items():
        print(f"{name:13} {statistics.median(values):7.0f} ns a packet ({min(values):.0f}-{max(values):.0f}), lost {lost[name]}")
    return nanoseconds


def send_rounds(trawl, file, options):
    with open(file, "wb") as capture:
        capture.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        frame = bytes.fromhex("020000000002020000000001" "0800" "4500003200000000401100000a0000010a000002") + bytes(30)
        for i in range(SENT_PACKETS):
            capture.write(struct.pack("<IIII", 1, i, len(frame), len(frame)) + frame)
    rates = {}
    for _ in range(options.rounds):
        for name, command in senders(trawl, file).items():
            sent, dropped, begin = counter("tx_packets"), counter("tx_dropped"), time.perf_counter()
            subprocess.run([*IN_TX, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
            seconds = time.perf_counter() - begin
            sent, dropped = counter("tx_packets") - sent, counter("tx_dropped") - dropped
            rates.setdefault(name, []).append(sent / seconds)
            if sent + dropped != LOOPS * SENT_PACKETS:
                print(f"{name}: {sent} sent and {dropped} dropped of {LOOPS * SENT_PACKETS}")
    os.unlink(file)
    for name, values in rates.items():
        print(f"{name:13} {statistics.median(values):9.0f} packets/s ({min(values):.0f}-{max(values):.0f})")
    return rates


def ratios(table, peers):
    for name in table:
        for peer in peers:
            if name.startswith("trawl") and peer in table:
                each = [ours / theirs for ours, theirs in zip(table[name], table[peer])]
                print(f"{name:13} / {peer:9} {statistics.median(each):5.2f}  ({min(each):.2f}-{max(each):.2f})")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("trawl")
    parser.add_argument("bench")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=1_200_000)
    parser.add_argument("--rate", type=int, default=300_000)
    parser.add_argument("--only", choices=["capture", "send"])
    options = parser.parse_args()
    if not possible():
        print("capture_file: needs root, ip and two processors; skipped")
        return
    trawl, bench = (os.path.abspath(name) for name in (options.trawl, options.bench))
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory) as folder, TwoNetworks():
        os.chmod(folder, 0o777)  # tcpdump gives up root before it opens the file
        file = str(pathlib.Path(folder, "packets"))
        if options.only != "send":
            ratios(capture_rounds(trawl, bench, file, options), ["tcpdump", "dumpcap"])
        if options.only != "capture":
            ratios(send_rounds(trawl, file, options), ["tcpreplay"])


if __name__ == "__main__":
    main()
