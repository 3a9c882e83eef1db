#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""README.md and docs/ say what is so: code stands in examples/, lines that begin with "$ trawl" run, links lead somewhere."""
import os
import pathlib
import re
import subprocess
import tempfile
import textwrap
import unittest

ROOT = pathlib.Path(os.environ["TRAWL_SOURCE_DIR"])
TRAWL = os.environ["TRAWL_BINARY"]
PAGES = [ROOT / "README.md", ROOT / "ARCHITECTURE.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def squeezed(text):
    return re.sub(r"\s+", " ", text).strip()


class Readme(unittest.TestCase):
    def test_each_piece_of_cpp_stands_in_an_example(self):
        examples = [squeezed(path.read_text()) for path in sorted((ROOT / "examples").glob("*.cpp"))]
        blocks = re.findall(r"```cpp\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
        self.assertGreater(len(blocks), 2)
        for block in blocks:
            for piece in re.split(r"^\s*// \.\.\.\n", block, flags=re.M):
                self.assertTrue(any(squeezed(piece) in example for example in examples), f"in no example:\n{piece}")

    def test_each_example_is_run_by_a_test(self):
        script = "".join(path.read_text() for path in (ROOT / "tests/docs").glob("*_examples.sh"))
        for path in sorted((ROOT / "examples").glob("*.cpp")):
            self.assertTrue(path.with_suffix(".test").exists() or f"example_{path.stem}" in script, f"nobody runs {path.name}")

    def test_each_line_of_trawl_runs(self):
        captures = [str(ROOT / f"tests/captures/{name}.pcap") for name in ("icmp", "dns", "tcp", "icmpv6")]
        lines = re.findall(r"^\$ (trawl .*)$", (ROOT / "README.md").read_text(), re.M)
        self.assertGreater(len(lines), 6)
        with tempfile.TemporaryDirectory() as scratch:
            pathlib.Path(scratch, "trawl").symlink_to(TRAWL)
            environment = {**os.environ, "PATH": scratch + os.pathsep + os.environ["PATH"]}
            subprocess.run([TRAWL, "read", "-w", f"{scratch}/demo.pcapng", *captures, "--"], check=True)
            for line in lines:
                done = subprocess.run(["bash", "-o", "pipefail", "-c", line.split("  #")[0]], cwd=scratch, env=environment, capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, f"{line}: {done.stderr}")
                self.assertTrue(done.stdout or "-w" in line, f"{line} says nothing")

    def test_links_lead_somewhere(self):
        for page in PAGES:
            for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text()):
                if not re.match(r"[a-z]+:", target):
                    self.assertTrue((page.parent / target).exists(), f"{page.relative_to(ROOT)}: {target}")

    def test_code_pages_are_not_wider_than_a_screen(self):
        for line in textwrap.dedent((ROOT / "README.md").read_text()).splitlines():
            if not line.startswith("|"):
                self.assertLessEqual(len(line), 140, line)


if __name__ == "__main__":
    unittest.main()
