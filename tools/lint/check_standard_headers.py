#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Checks that what is used of the standard library is included: by the file itself, or by headers of ours that it includes.

Other libraries' headers bring others along, so that a file which compiles with one does not with the next.
"""
import functools
import os
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.M)
# Header: names behind std:: that it is for.
NAMES = {
    "algorithm": r"(min|max|clamp|sort|stable_sort|find_if|find|any_of|all_of|none_of|copy|fill|lower_bound|upper_bound|equal|count_if|reverse|unique|remove_if|partition_point)\(",
    "array": r"array\b", "atomic": r"atomic\b", "bit": r"(bit_ceil|bit_floor|popcount|countl_zero|countr_zero|bit_width|has_single_bit|bit_cast|endian)\b",
    "charconv": r"(from_chars|to_chars)\b", "chrono": r"chrono\b", "cmath": r"(isfinite|floor|pow|sqrt|log2|llround|round|isnan|ldexp)\(",
    "condition_variable": r"condition_variable\b", "coroutine": r"coroutine_handle\b", "csignal": r"signal\(",
    "cstdio": r"(printf|fprintf|FILE|snprintf|fflush|fputs|fwrite|puts|fopen)\b", "cstdlib": r"(getenv|strtol|strtod|strtoull|system|exit|abort)\(",
    "cstring": r"(memcpy|memcmp|memset|strlen|memmove|memchr|strerror)\(", "deque": r"deque\b", "expected": r"(expected|unexpected)\b",
    "functional": r"function\b", "limits": r"numeric_limits\b", "map": r"map\b", "memory": r"(unique_ptr|shared_ptr|make_unique|make_shared)\b",
    "mutex": r"(mutex|scoped_lock|unique_lock)\b", "optional": r"(optional|nullopt)\b", "set": r"set\b", "span": r"span\b",
    "string": r"(string\b|to_string\()", "string_view": r"string_view\b", "thread": r"thread\b", "unordered_map": r"unordered_map\b",
    "utility": r"(exchange|pair)\b", "variant": r"(variant|visit|monostate)\b", "vector": r"vector\b",
}
USES = {header: re.compile(r"\bstd::" + names) for header, names in NAMES.items()}
USES["cerrno"] = re.compile(r"\berrno\b")
# What a header brings along by the standard's own word, or as every library must.
BRINGS = {"string": ["string_view"], "map": ["utility"], "unordered_map": ["utility"], "algorithm": ["utility"], "optional": ["utility"],
          "memory": ["utility"], "functional": ["utility"], "variant": ["utility"], "expected": ["utility"], "array": ["utility"], "condition_variable": ["mutex"]}
# What others' headers are used for.
OTHERS = {"gtest/gtest.h": ["string", "vector", "memory", "map", "set", "functional", "utility"], "CLI/CLI.hpp": ["string", "vector", "memory", "functional", "map", "utility"]}
OTHERS["gmock/gmock.h"] = OTHERS["gtest/gtest.h"]


@functools.lru_cache(None)
def reached(path):
    """Standard headers that a file includes, itself or through ours."""
    found = set()
    for name in INCLUDE.findall(path.read_text()):
        if name in USES:
            found |= {name, *BRINGS.get(name, [])}
        elif name in OTHERS:
            found.update(OTHERS[name])
        else:
            for folder in (ROOT / "include", ROOT / "src", ROOT / "tests", ROOT, path.parent):
                if (folder / name).is_file():
                    found |= reached(folder / name)
                    break
    return frozenset(found)


def main():
    bad = 0
    for top in ("include", "src", "cli", "tests", "examples", "bench", "fuzz"):
        for path in sorted((ROOT / top).rglob("*.?pp")):
            text = re.sub(r"//.*", "", path.read_text())
            for header, use in USES.items():
                if header not in reached(path) and (match := use.search(text)):
                    line = text.count("\n", 0, match.start()) + 1
                    print(f"{os.path.relpath(path, ROOT)}:{line}: {match[0].rstrip('(')} is of <{header}>, which is not included", file=sys.stderr)
                    bad += 1
    return bad != 0


if __name__ == "__main__":
    sys.exit(main())
