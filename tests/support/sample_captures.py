# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Where the sample captures are that stand beside the tree, for the tests that take long."""
import os
import pathlib
import subprocess
import sys

SHARED = pathlib.Path(os.environ.get("TRAWL_SHARED_DIR", ""))
BUILD = pathlib.Path(os.environ["TRAWL_BINARY_DIR"])


def skip(why):
    print("skipped:", why)
    sys.exit(77)


def corpus():
    """The folder of the corpus; $TRAWL_CAPTURES: where it is unpacked already."""
    if given := os.environ.get("TRAWL_CAPTURES"):
        return pathlib.Path(given) / "corpus"
    unpack, to = SHARED / "captures/unpack", BUILD / "captures"
    if not SHARED.name or not unpack.exists():
        skip("there are no sample captures")
    to.mkdir(exist_ok=True)
    subprocess.run(["flock", to, unpack, to], check=True, stdout=subprocess.DEVNULL)
    return to / "corpus"


def some_captures(most_bytes, every):
    """Every n-th capture of the corpus that is not larger."""
    all_of_them = sorted(path for path in corpus().rglob("*") if path.is_file() and path.suffix not in (".tsv", ".json", ".jsonl", ".md"))
    return [path for path in all_of_them if path.stat().st_size <= most_bytes][::every]
