# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What the tests of the command have in common."""
import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(os.environ["TRAWL_SOURCE_DIR"])
TRAWL = os.environ["TRAWL_BINARY"]
CAPTURES = ROOT / "tests/captures"
ENVIRONMENT = {**os.environ, "TZ": "UTC", "LC_ALL": "C", "NO_COLOR": "1"}


def capture(name):
    return str(CAPTURES / f"{name}.pcap")


def trawl(*words, stdin=b"", cwd=None):
    """Exit status, standard output, standard error. Outputs are bytes where they are not text."""
    done = subprocess.run([TRAWL, *map(str, words)], input=stdin, capture_output=True, env=ENVIRONMENT, cwd=cwd, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr.decode()


class Case(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.scratch = pathlib.Path(scratch.name)

    def text(self, *words, stdin=b""):
        """Standard output of a command that must succeed without a word on standard error."""
        status, out, err = trawl(*words, stdin=stdin)
        self.assertEqual((status, err), (0, ""), words)
        return out.decode()

    def refused(self, status, *words, stdin=b""):
        """Standard error of a command that must fail with this status: its first line begins with "trawl: "."""
        got, _, err = trawl(*words, stdin=stdin)
        self.assertEqual(got, status, f"{words}: {err}")
        self.assertTrue(err.startswith("trawl: "), err)
        return err

    def golden(self, name, said):
        """Compares with tests/cli/golden/<name>; TRAWL_WRITE_GOLDEN=1 writes it."""
        path = ROOT / "tests/cli/golden" / name
        said = said.replace(str(ROOT) + "/", "")
        if os.environ.get("TRAWL_WRITE_GOLDEN"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(said)
        self.assertEqual(said, path.read_text(), f"tests/cli/golden/{name}")
