#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Compares our columns with tshark's over the sample captures: at least 99.9 % of the cells of each column are equal or explained.

Judged are packets whose frame.protocols, up to the transport, holds only protocols that trawl has; a cell is judged when its protocol
stands before the first one that trawl does not have. Files in which tshark's frame numbers are not packet numbers are left out.
oracle_differences.md explains differences; an explanation that is no longer needed fails too. Arguments: files, else the whole corpus; --show prints differences.
"""
import collections
import csv
import os
import pathlib
import shutil
import subprocess
import sys

from sample_captures import BUILD, SHARED, corpus, skip

TRAWL = os.environ["TRAWL_BINARY"]
KNOWN = set("eth ethertype vlan ieee8021ad ip ipv6 tcp udp icmp icmpv6 arp gre vxlan sctp llc sll null raw radiotap ipv6.hopopts ipv6.dstopts ipv6.routing "
            "ipv6.fraghdr ah dns data wlan_radio".split())
TRANSPORT = {"tcp", "udp", "sctp", "icmp", "icmpv6", "arp"}
LEAST = 0.999
ROOT = pathlib.Path(os.environ["TRAWL_SOURCE_DIR"])


def table(text):
    return list(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


def theirs(file, name):
    kept = BUILD / "oracle" / (name.replace("/", "_") + ".tsv")
    kept.parent.mkdir(exist_ok=True)
    if not kept.exists():
        done = subprocess.run(["bash", SHARED / "bench/dissect/oracle_fields.sh", file, "-E", "occurrence=f"], capture_output=True, timeout=600, check=False)
        kept.write_bytes(done.stdout)
    return table(kept.read_text(errors="replace"))


def ours(file, columns):
    words = [word for column in columns for word in ("-e", column)]
    how = ["-T", "fields", "-E", "occurrence=f", "-E", "header=y", "-E", "aggregator=|"]
    done = subprocess.run([TRAWL, "read", *how, *words, file], capture_output=True, timeout=600, check=False)
    return table(done.stdout.decode(errors="replace"))


def known_part(protocols):
    """The layers before the first that trawl does not have."""
    layers = protocols.split(":")
    count = next((i for i, layer in enumerate(layers) if layer not in KNOWN), len(layers))
    return layers[:count]


def is_judged(protocols):
    layers = protocols.split(":")
    known = known_part(protocols)
    return len(known) == len(layers) or bool(TRANSPORT.intersection(known))


def up_to_transport(protocols):
    layers = []
    for layer in protocols:
        layers.append(layer)
        if layer in TRANSPORT:
            break
    return layers


def as_number(column, cell):
    cell = cell.strip().lower()
    if column.endswith((".flags", ".id", ".type")):
        try:
            return str(int(cell, 0))
        except ValueError:
            pass
    return cell


def explained():
    """Rows "| file | packets | columns | why |" of oracle_differences.md: {(file, packet or "any", column or protocol)}."""
    known = set()
    for line in (ROOT / "tests/dissect/oracle_differences.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == 4 and cells[0] != "file":
            known |= {(cells[0], packet, column) for packet in cells[1].split() for column in cells[2].split()}
    return known


class Column:
    def __init__(self):
        self.cells = self.equal = self.explained = 0
        self.kinds = collections.Counter()
        self.files = collections.Counter()


def compare(name, row, mine, columns, counts, reasons, show):
    known = known_part(row["frame.protocols"])
    for column in columns[1:]:
        a, b = (as_number(column, side.get(column) or "") for side in (row, mine))
        if column == "frame.protocols":
            a, b = ":".join(up_to_transport(known)), ":".join(up_to_transport(b.split(":")[:len(known)]))
        elif a and column.split(".")[0] not in known:
            continue
        if not a and not b:
            continue
        count = counts[column]
        count.cells += 1
        if a == b:
            count.equal += 1
            continue
        keys = {(name, packet, what) for packet in (row["frame.number"], "any") for what in (column, column.split(".")[0])} & reasons.keys()
        if keys:
            count.explained += 1
            for key in keys:
                reasons[key] += 1
            continue
        count.kinds["missing" if not b else "extra" if not a else "different"] += 1
        count.files[name] += 1
        if show:
            print(f"{name} {row['frame.number']} {column}: tshark {a!r}, trawl {b!r}; {row['frame.protocols']}")


def main():
    if not shutil.which("tshark"):
        skip("tshark is not installed")
    root = corpus()
    packets_of = {row["file"]: row for row in table((root / "oracle_capinfos.tsv").read_text())} if (root / "oracle_capinfos.tsv").exists() else {}
    show = "--show" in sys.argv
    given = [pathlib.Path(word) for word in sys.argv[1:] if not word.startswith("--")]
    files = given or sorted(path for path in root.rglob("*") if path.suffix in (".pcap", ".pcapng", ".cap"))
    reasons = dict.fromkeys(explained(), 0)
    counts, packets, left_out, lost = collections.defaultdict(Column), 0, [], []
    for file in files:
        name = str(file.relative_to(root)) if file.is_relative_to(root) else str(file)
        rows = theirs(file, name)
        if not rows:
            continue
        columns = [column for column in rows[0] if column and not column.startswith(("tls.", "http."))]
        mine = {row["frame.number"]: row for row in ours(file, columns)}
        if len(mine) != len(rows):
            left_out.append(name)
            truth = packets_of.get(name, {}).get("packets", "")
            if truth.isdigit() and int(truth) != len(mine):
                lost.append(f"{name}: {len(mine)} packets, capinfos says {truth}")
            continue
        for row in rows:
            if is_judged(row["frame.protocols"]):
                packets += 1
                compare(name, row, mine[row["frame.number"]], columns, counts, reasons, show)

    print(f"{len(files)} files, {packets} packets judged; left out, because tshark's frames are not the packets: {len(left_out)}")
    worst = 1.0
    for column, count in counts.items():
        share = (count.equal + count.explained) / count.cells
        worst = min(worst, share)
        where = ", ".join(f"{name} {n}" for name, n in count.files.most_common(3))
        print(f"{column:24} {count.cells:7} cells {100 * count.equal / count.cells:8.3f} % equal, {100 * share:8.3f} % equal or explained  {dict(count.kinds) or ''} {where}")
    print("\n".join(left_out), file=sys.stderr if given else sys.stdout)
    if lost:
        print("fewer or more packets than there are:", *lost, sep="\n  ")
    stale = [] if given else sorted(key for key, used in reasons.items() if not used)
    if stale:
        print("oracle_differences.md explains what does not differ:", *stale, sep="\n  ")
    return 0 if counts and worst >= LEAST and not stale and not lost else 1


if __name__ == "__main__":
    sys.exit(main())
