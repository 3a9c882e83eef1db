#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Checks every file of ours: size, name, licence line, white space, line width."""
import pathlib
import re
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
CODE = {".cpp", ".hpp", ".inc", ".py", ".sh", ".cmake", ".ld"}
NAMES = {"util", "utils", "utility", "common", "misc", "helper", "helpers", "manager", "stuff"}
LICENCE = "SPDX-License-Identifier: Apache-2.0 OR MIT"
MOST_LINES, MOST_COLUMNS, MOST_FILES = 800, 180, 25


def files():
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in sorted(set(listed.decode().split("\0"))):
        path = ROOT / name
        if name and path.is_file() and not path.is_symlink():
            yield path


def is_table(path, text):
    """A table is generated, or is data and says so in its first lines."""
    if re.search(r"trawl/wire/(link|net|transport|tunnel|app)/|/numbers[^/]*$", str(path)):  # protocol files: see .clang-format-ignore
        return len(text.splitlines()) <= MOST_LINES
    return path.suffix == ".inc" or re.search(r"\b(generated|table of|a table)\b", text[:400], re.I)


def main():
    bad = []
    lengths = []
    folders = {}
    for path in files():
        where = path.relative_to(ROOT)
        words = re.split(r"[-_.]", path.stem.lower())
        for word in [*words, *(part.lower() for part in where.parts[:-1])]:
            if word in NAMES:
                bad.append(f"{where}: '{word}' says nothing of what is in it")
        script = False
        if not path.suffix and path.stat().st_size < 1 << 20:
            with path.open("rb") as file:
                script = file.read(2) == b"#!"
        if path.suffix not in CODE and not script and path.name != "CMakeLists.txt":
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            bad.append(f"{where}: not UTF-8")
            continue
        lines = text.splitlines()
        if not any(LICENCE in line for line in lines[:4]):
            bad.append(f"{where}: no line '{LICENCE}' at the top")
        if text and not text.endswith("\n"):
            bad.append(f"{where}: does not end in a newline")
        if "fuzz/corpus" in str(where):
            continue
        table = is_table(path, text)
        for number, line in enumerate(lines, 1):
            if line != line.rstrip():
                bad.append(f"{where}:{number}: white space at the end of the line")
            if len(line) > MOST_COLUMNS and not table and path.suffix in (".cpp", ".hpp") and "http" not in line and 'R"' not in line:
                bad.append(f"{where}:{number}: {len(line)} columns, {MOST_COLUMNS} allowed")
        if path.suffix in (".cpp", ".hpp"):
            if not table:
                lengths.append(len(lines))
                if len(lines) > MOST_LINES:
                    bad.append(f"{where}: {len(lines)} lines, {MOST_LINES} allowed")
            folders[where.parent] = folders.get(where.parent, 0) + 1
    for line in bad:
        print(line)
    if lengths:
        lengths.sort()
        under = sum(1 for length in lengths if length < 500) * 100 // len(lengths)
        print(f"files: {len(lengths)} of C++, {sum(lengths)} lines, median {statistics.median(lengths):.0f}, {under} % under 500, longest {lengths[-1]}")
    for folder, count in sorted(folders.items()):
        if count > MOST_FILES and not re.match(r"(include/trawl/wire/|tests/wire/|fuzz|bench|examples)", str(folder)):
            print(f"note: {folder} holds {count} files")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
