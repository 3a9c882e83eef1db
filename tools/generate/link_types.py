#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Turns data/link_types.tsv into the rows of a C++ table: link_types.py IN.tsv OUT.inc"""
import sys


def rows(path):
    last = -1
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        if line.startswith("#"):
            continue
        fields = line.rstrip("\n").split("\t")
        if len(fields) != 5:
            sys.exit(f"{path}:{number}: {len(fields)} columns instead of 5")
        if int(fields[0]) <= last:
            sys.exit(f"{path}:{number}: numbers must rise")
        if any(c in "".join(fields) for c in '"\\'):
            sys.exit(f"{path}:{number}: quotes and backslashes are not allowed")
        last = int(fields[0])
        yield fields


source, target = sys.argv[1:]
with open(target, "w", encoding="utf-8") as out:
    out.write("// Made by tools/generate/link_types.py from data/link_types.tsv.\n")
    for number, linktype, dlt_name, dlt, description in rows(source):
        out.write(f'{{LinkType{{{number}}}, "{linktype}", "{dlt_name}", {dlt}, "{description}"}},\n')
