#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Sample captures printed by trawl read -x and read again by trawl convert: the same packets, as text2pcap reads them, too.

Left out: captures with several link types, packets without bytes (which print no line), and packets cut when captured (a dump does not say so).
Arguments: files, else every fourth capture of the corpus of at most 64 KiB.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from sample_captures import some_captures

TRAWL = os.environ["TRAWL_BINARY"]
MOST_BYTES, EVERY = 64 << 10, 4


def tool(*words, stdin=b""):
    return subprocess.run(list(map(str, words)), input=stdin, capture_output=True, check=False, timeout=300).stdout


def packets(path, out):
    """Bytes of each, by way of a pcap file of one form."""
    tool(TRAWL, "convert", "--little-endian", "--microseconds", path, out)
    data, at, found = out.read_bytes() if out.exists() else b"", 24, []
    while at < len(data):
        size = int.from_bytes(data[at + 8:at + 12], "little")
        found.append(data[at + 16:at + 16 + size])
        at += 16 + size
    return found


def main():
    files = [pathlib.Path(word) for word in sys.argv[1:]]
    if not files:
        files = some_captures(MOST_BYTES, EVERY)
    bad = judged = 0
    for file in files:
        said = tool(TRAWL, "info", "--json", file)
        facts = json.loads(said) if said else {}
        links = {interface["link_type_number"] for interface in facts.get("interfaces", [])}
        if len(links) != 1 or facts["damaged"] or not facts["packets"] or facts["bytes"] != facts["captured_bytes"]:
            continue
        with tempfile.TemporaryDirectory() as folder:
            scratch = pathlib.Path(folder)
            wanted = packets(file, scratch / "wanted.pcap")
            if not all(wanted):
                continue
            judged += 1
            link = str(links.pop())
            text = tool(TRAWL, "read", "-tt", "-x", file)
            (scratch / "dump").write_bytes(text)
            tool(TRAWL, "convert", "--link-type", link, scratch / "dump", scratch / "ours.pcapng")
            wrong = ["trawl"] if packets(scratch / "ours.pcapng", scratch / "ours.pcap") != wanted else []
            if shutil.which("text2pcap"):
                bare = [line if re.match(rb"[0-9a-f]{4,}  ", line) else b"" for line in text.splitlines()]   # a number in the text is an offset to it
                (scratch / "bare").write_bytes(b"\n".join(bare) + b"\n")
                tool("text2pcap", "-q", "-a", "-l", link, scratch / "bare", scratch / "theirs.pcapng")
                wrong += ["text2pcap"] if packets(scratch / "theirs.pcapng", scratch / "theirs.pcap") != wanted else []
        if wrong:
            print(f"{file}: other packets by {', '.join(wrong)}", flush=True)
        bad += "trawl" in wrong
    print(f"{judged} captures, {bad} with differences")
    return bad != 0 or not judged


if __name__ == "__main__":
    sys.exit(main())
