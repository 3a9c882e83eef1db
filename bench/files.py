#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Promises about capture files: `info` takes at most 1/4 of capinfos' time on pcap and 1/3.5 on pcapng, `convert` 1/2.3 of editcap's,
`merge` 1/2.5 of mergecap's, a copy with a filter 1/2 of tcpdump's, compressed files 1/1.3 (gzip), 1/1.6 (zstd) and 1/1.8 (lz4) of
capinfos', in at most 16 MiB. Readers and writers inside of one process: bench_read_file and bench_write_file.

bench/files.py TRAWL [CAPTURE...] [--megabytes N] [--rounds N] [--only WORD] [--folder DIR]: the Ethernet captures (without any, made
packets) over and over, in the page cache of DIR's file system (that of temporary files unless told). Memory (/dev/shm) may have smaller
pages and be another measure: `cat` and `cp` are the floors of reading and writing. The commands run in turn; medians of the rounds' ratios of elapsed and of processor time. Prints a table and a
JSON line for each job. Peers that are not installed are left out."""
import argparse
import json
import os
import pathlib
import random
import shutil
import statistics
import struct
import subprocess
import tempfile
import time

FILTER = "tcp port 443"


def run(words):
    """Elapsed and processor seconds; none where it failed."""
    before = time.perf_counter()
    with subprocess.Popen(list(map(str, words)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        return None
    return time.perf_counter() - before, used.ru_utime + used.ru_stime


def memory_of(words, folder):
    """Most memory in MiB, by time(1): what wait4() says counts this program, which starts the other. None without it."""
    said = folder / "memory"
    if not shutil.which("/usr/bin/time"):
        return None
    subprocess.run(["/usr/bin/time", "-f", "%M", "-o", said, *map(str, words)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return int(said.read_text().split()[-1]) / 1024


def made_packets(count):
    """Sizes as on real links; half of each packet's bytes say nothing to a compressor."""
    dice = random.Random(1)
    for i in range(count):
        size = dice.choices((60, dice.randrange(61, 1400), 1514), (60, 25, 15))[0]
        head = bytes.fromhex("020000000001020000000002080045000028000100004006") + bytes(2) + struct.pack(">IIHH", 0x0A000001, 0x0A000002 + i % 50,
                                                                                       40000 + i % 999, (443, 80, 53)[i % 3])
        body = (head + dice.randbytes(size // 2)).ljust(size, b"\0")[:size]
        yield struct.pack("<IIII", 1767225600 + i // 1000, i % 1000 * 1000, size, size) + body


def sample(trawl, captures, wanted, path):
    """A pcap file of so many bytes, in order of time."""
    body = b"".join(made_packets(20_000))
    ethernet = []
    for name in captures:
        info = subprocess.run([trawl, "info", "--json", name], capture_output=True, check=False)
        if info.returncode == 0 and [one["link_type"] for one in json.loads(info.stdout)["interfaces"]] == ["EN10MB"]:
            ethernet.append(name)
    if ethernet:
        once = path.with_suffix(".once")
        subprocess.run([trawl, "merge", "--format", "pcap", "-w", once, *ethernet], stderr=subprocess.DEVNULL, check=False)
        body = once.read_bytes()[24:]
        once.unlink()
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        while out.tell() < wanted:
            out.write(body)


def jobs(trawl, folder, big):
    """Name, ours, peers, how many times as fast is promised."""
    ng, out, theirs = folder / "big.pcapng", folder / "out", folder / "theirs"
    subprocess.run([trawl, "convert", big, ng], check=True)
    brief = ("capinfos", "-c", "-d", "-a", "-e", "-o")
    yield "read pcap", (trawl, "read", "--count", big), [("cat", big), ("tcpdump", "-r", big, "--count")], None
    yield "read pcapng", (trawl, "read", "--count", ng), [("cat", ng), ("tcpdump", "-r", ng, "--count")], None
    yield "info pcap", (trawl, "info", big), [(*brief, big)], 4
    yield "info pcapng", (trawl, "info", ng), [(*brief, ng)], 3.5
    yield "pcap to pcapng", (trawl, "convert", big, f"{out}.pcapng"), [("editcap", "-F", "pcapng", big, theirs), ("cp", big, theirs)], 2.3
    yield "pcapng to pcap", (trawl, "convert", ng, f"{out}.pcap"), [("editcap", "-F", "pcap", ng, theirs), ("cp", ng, theirs)], 2.3
    yield "copy with filter", (trawl, "read", big, "-w", f"{out}.pcap", FILTER), [("tcpdump", "-r", big, "-w", theirs, FILTER)], 2
    yield "copy to /dev/null", (trawl, "read", big, "-w", "/dev/null", "--format", "pcap"), [("tcpdump", "-r", big, "-w", "/dev/null")], 2
    tenths = []
    packets = json.loads(subprocess.run([trawl, "info", "--json", big], capture_output=True, check=True).stdout)["packets"]
    for i in range(10):
        tenths.append(folder / f"tenth{i}.pcap")
        first, last = packets * i // 10 + 1, packets * (i + 1) // 10
        subprocess.run([trawl, "convert", "-r", f"{first}-{last}", big, tenths[-1]], check=True)
    yield "merge 10 files", (trawl, "merge", "-w", f"{out}.pcapng", *tenths), [("mergecap", "-w", theirs, *tenths)], 2.5
    for file in (*tenths, pathlib.Path(f"{out}.pcapng"), pathlib.Path(f"{out}.pcap"), theirs):
        file.unlink(missing_ok=True)
    some = max(1, int(packets * min(1, 200e6 / big.stat().st_size)))
    subprocess.run([trawl, "convert", "-r", f"1-{some}", big, f"{big}.gz"], check=False, capture_output=True)
    yield "info gzip", (trawl, "info", f"{big}.gz"), [(*brief, f"{big}.gz")], 1.3
    for suffix, promised in (("zst", 1.6), ("lz4", 1.8)):
        if subprocess.run([trawl, "convert", big, f"{big}.{suffix}"], check=False, capture_output=True).returncode == 0:
            yield f"info {suffix}", (trawl, "info", f"{big}.{suffix}"), [(*brief, f"{big}.{suffix}")], promised


def measure(job, ours, peers, promised, rounds, folder):
    peers = [peer for peer in peers if shutil.which(peer[0]) or print(f"{job}: {peer[0]} is not installed")]
    most = memory_of(ours, folder)
    times = [[run(words) for words in (ours, *peers)] for _ in range(rounds)]
    for i, peer in enumerate(peers, 1):
        both = [(row[0], row[i]) for row in times if row[0] and row[i]]
        if not both:
            print(f"{job}: {peer[0]} or trawl fails")
            continue
        elapsed, processor = (statistics.median(theirs[k] / max(mine[k], 1e-4) for mine, theirs in both) for k in range(2))
        mine, theirs = (statistics.median(row[k][0] for row in both) * 1e3 for k in range(2))
        promised = promised if peer[0] not in ("cat", "cp") else None
        size = "" if most is None else f"  {most:5.1f} MiB"
        print(f"{job:18} {mine:8.0f} ms {peer[0]:>9} {theirs:8.0f} ms   x{elapsed:5.2f} elapsed  x{processor:5.2f} processor{size}"
              + (f"  (promised x{promised})" if promised else ""))
        print(json.dumps({"job": job, "peer": peer[0], "ours_ms": round(mine, 1), "peer_ms": round(theirs, 1), "ratio": round(elapsed, 3),
                          "processor_ratio": round(processor, 3), "ours_mib": most and round(most, 1), "promised": promised}))


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("trawl")
    words.add_argument("captures", nargs="*")
    words.add_argument("--megabytes", type=float, default=200)
    words.add_argument("--rounds", type=int, default=5)
    words.add_argument("--folder", help="where the files lie; else among temporary files")
    words.add_argument("--only", default="", help="jobs that have this word in their names")
    asked = words.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        big = pathlib.Path(folder) / "big.pcap"
        sample(asked.trawl, asked.captures, asked.megabytes * 1e6, big)
        print(f"{big.stat().st_size / 1e6:.0f} MB")
        for job, ours, peers, promised in jobs(asked.trawl, pathlib.Path(folder), big):
            if asked.only in job:
                measure(job, ours, peers, promised, asked.rounds, pathlib.Path(folder))


if __name__ == "__main__":
    main()
