#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Checks who includes whom, by the table in cmake/rooms.txt.

A room includes itself and the rooms its row names; its tests also those behind the bar. Installed headers include only the
standard library and trawl's own headers: no third-party ones, no private ones from src/, no operating system's.
Sources of freestanding rooms, outside hosted/ folders, include no header that needs a heap or an operating system.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:<([^>]+)>|"([^"]+)")', re.M)
HOSTED = {"string", "vector", "map", "set", "unordered_map", "unordered_set", "deque", "list", "memory_resource", "iostream", "ostream",
          "istream", "fstream", "sstream", "iomanip", "filesystem", "thread", "mutex", "condition_variable", "future", "regex", "random",
          "functional", "cstdio", "locale", "stdio.h"}


def read_rooms():
    rooms = {}
    for line in (ROOT / "cmake/rooms.txt").read_text().splitlines():
        match = re.match(r"([a-z_]+) *(F?) *:([^|]*)\|?(.*)$", line)
        if match:
            name, free, may, tests = match.groups()
            rooms[name] = (bool(free), may.split(), tests.split())
    for name, (_, may, tests) in rooms.items():
        for other in may + tests:
            if other != "*" and other not in rooms:
                sys.exit(f"cmake/rooms.txt: {name} may include {other}, which is not in the table")
    order = list(rooms)
    for name, (free, may, _) in rooms.items():
        for other in may:
            if other != "*" and order.index(other) >= order.index(name):
                sys.exit(f"cmake/rooms.txt: {name} includes {other}, which stands below it in the table")
            if free and not rooms[other][0]:
                sys.exit(f"cmake/rooms.txt: {name} is freestanding and may not include {other}")
    return rooms


def main():
    rooms = read_rooms()
    bad = []
    count = 0
    trees = {"include/trawl": "header", "src": "source", "tests": "test"}
    for tree, kind in trees.items():
        for path in sorted((ROOT / tree).rglob("*")):
            if path.suffix not in (".hpp", ".cpp", ".inc"):
                continue
            parts = path.relative_to(ROOT / tree).parts
            room = parts[0]
            where = path.relative_to(ROOT)
            if len(parts) < 2 or room not in rooms:
                if kind != "test" and len(parts) >= 2:
                    bad.append((where, 1, f"{room}/ is not a room: add it to cmake/rooms.txt"))
                if kind == "test" or len(parts) < 2:
                    continue
            count += 1
            free, may, tests = rooms.get(room, (False, ["*"], []))
            allowed = set(may) | {room} | (set(tests) if kind == "test" else set())
            hosted = "hosted" in parts
            text = path.read_text(encoding="utf-8")
            for match in INCLUDE.finditer(text):
                line = text.count("\n", 0, match.start(1) if match.group(1) else match.start(2)) + 1
                name = match.group(1) or match.group(2)
                own = re.match(r"trawl/([a-z_]+)/", name)
                private = None if own or match.group(1) else re.match(r"([a-z_]+)/", name)
                target = own.group(1) if own else private.group(1) if private and private.group(1) in rooms else None
                if target and target not in allowed and "*" not in allowed:
                    bad.append((where, line, f"{room} may not include {target} ({name})"))
                if kind == "header" and not own and name != "trawl/trawl.hpp":
                    if "/" in name or "." in name or not match.group(1):
                        bad.append((where, line, f"an installed header may include the standard library and trawl/ only, not {name}"))
                if kind == "source" and free and not hosted and name in HOSTED:
                    bad.append((where, line, f"{room} is freestanding: {name} belongs under hosted/"))
    for where, line, text in bad:
        print(f"{where}:{line}: {text}")
    print(f"includes: {count} files, {len(bad)} arrows that are not in cmake/rooms.txt")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
