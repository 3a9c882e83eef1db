#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Tables under tests/ that say which test shows what: every test that they name exists."""
import os
import pathlib
import re
import unittest

TESTS = pathlib.Path(os.environ["TRAWL_SOURCE_DIR"]) / "tests"


def existing():
    names = set()
    for path in TESTS.rglob("*.cpp"):
        names.update(f"{suite}.{name}" for suite, name in re.findall(r"^TEST(?:_[PF])?\((\w+),\s*(\w+)\)", path.read_text(), re.M))
    return names


class NamedTests(unittest.TestCase):
    def test_each_exists(self):
        known = existing()
        tables = [TESTS / "capture/README.md", TESTS / "bugs_of_others.md"]
        for table in tables:
            rows = [line for line in table.read_text().splitlines() if line.startswith("| ") and "`" in line]
            self.assertGreater(len(rows), 20, table)
            for row in rows:
                named = re.findall(r"`(\w+\.\w+)`", row)
                self.assertTrue(named, row)
                for name in named:
                    self.assertTrue(name in known, f"{table.name} names {name}, which is no test")


if __name__ == "__main__":
    unittest.main(verbosity=1)
