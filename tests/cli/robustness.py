#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Files that claim too much, writers that are killed, disks that are full."""
import gzip
import json
import os
import pathlib
import shutil
import signal
import struct
import subprocess
import tempfile
import time
import unittest

from _cli import ENVIRONMENT, TRAWL, Case, trawl

MIB = 1 << 20
MOST_MEMORY = 64 * MIB
PCAP = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)
SECTION = struct.pack("<IIIHHqI", 0x0A0D0D0A, 28, 0x1A2B3C4D, 1, 0, -1, 28)


def record(data, second=1):
    return struct.pack("<IIII", second, 0, len(data), len(data)) + data


def interface(name=b""):
    options = struct.pack("<HH", 2, len(name)) + name + bytes(-len(name) % 4 + 4) if name else b""
    size = 20 + len(options)
    return struct.pack("<IIHHI", 1, size, 1, 0, 0) + options + struct.pack("<I", size)


def built_with(ending):
    """Whether this program writes such files; a cross build may lack the libraries."""
    with tempfile.TemporaryDirectory() as scratch:
        return trawl("convert", "-", f"{scratch}/x{ending}", stdin=PCAP)[0] == 0


class Limits(Case):
    def peak(self, *words):
        """Exit status, most memory that the command had, standard error."""
        with open(self.scratch / "err", "wb+") as err, open(os.devnull, "wb") as out:
            process = subprocess.Popen([TRAWL, *map(str, words)], stdout=out, stderr=err, env=ENVIRONMENT)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            err.seek(0)
            return process.returncode, usage.ru_maxrss * 1024, err.read().decode()

    def hostile(self):
        """What it is, its name, its beginning, a piece and how often that follows. Little by little: what this process has held counts
        as the command's, too."""
        block, megabyte = struct.pack("<II", 6, 0xFFFFFFFC), b"x" * MIB
        yield "a block of 4 GiB", "x.pcapng", SECTION + interface() + block, megabyte, 20
        yield "a block of 32 MiB that is not there", "x.pcapng", SECTION + interface() + struct.pack("<II", 6, 32 * MIB), megabyte, 20
        yield "a packet of 4 GiB", "x.pcap", PCAP + struct.pack("<IIII", 1, 1, 0xFFFFFFFF, 0xFFFFFFFF), megabyte, 40
        yield "a huge snaplen and packet", "x.pcap", PCAP[:16] + struct.pack("<IIIIII", 0xFFFFFFFF, 1, 1, 1, 32 * MIB, 32 * MIB), megabyte, 32
        yield "many interfaces", "x.pcapng", SECTION, interface() * 1000, 300
        yield "many interfaces with names", "x.pcapng", SECTION, interface(b"n" * 60) * 1000, 200
        yield "many long names", "x.pcapng", SECTION, interface(b"n" * 65_000), 400
        yield "zeros in gzip", "x.pcapng.gz", SECTION, bytes(MIB), 200
        yield "packets in gzip", "x.pcap.gz", PCAP, record(bytes(60_000)), 3000
        yield "a zstd window of 2 GiB", "x.pcap.zst", bytes.fromhex("28b52ffd") + bytes([0, 21 << 3]) + b"\1\0\0", b"", 0

    def test_no_file_takes_much_memory(self):
        if b"__asan_init" in pathlib.Path(TRAWL).read_bytes() or self.peak("--version")[1] > MOST_MEMORY // 6:
            self.skipTest("this program needs more memory by itself: a sanitizer or an emulator")
        for what, name, begin, piece, count in self.hostile():
            path = self.scratch / name
            with gzip.open(path, "wb", 1) if name.endswith(".gz") else open(path, "wb") as file:
                file.write(begin)
                for _ in range(count):
                    file.write(piece)
            for words in (["info"], ["read", "-q"], ["repair"], ["convert"]):
                with self.subTest(what, words=words):
                    more = [self.scratch / "out.pcapng"] if words[0] in ("repair", "convert") else []
                    status, memory, err = self.peak(*words, path, *more)
                    self.assertIn(status, (0, 1), err)
                    self.assertLess(memory, MOST_MEMORY, f"{memory / MIB:.1f} MiB")

    def test_limits_can_be_set(self):
        path = self.scratch / "x.pcap"
        path.write_bytes(PCAP[:16] + struct.pack("<II", 1 << 20, 1) + record(b"x" * 5000))
        self.text("info", path)
        self.assertIn("over the limit", self.refused(1, "info", "--max-packet", "4k", path))
        self.assertIn("raise the limit", self.refused(1, "info", "--max-packet", "4k", path))
        path = self.scratch / "x.pcapng"
        path.write_bytes(SECTION + interface(b"name") * 10)
        self.text("info", path)
        self.assertIn("more than 9 interfaces", self.refused(1, "--max-interfaces", "9", "info", path))
        self.assertIn("bytes of interface options", self.refused(1, "read", "--max-interface-bytes", "50", path))
        self.assertIn("a number is needed", self.refused(2, "info", "--max-packet", "much", path))

    def test_the_window_of_zstd_can_be_set(self):
        if not (shutil.which("zstd") and built_with(".zst")):
            self.skipTest("zstd is not installed")
        plain, packed = self.scratch / "x.pcap", self.scratch / "x.pcap.zst"
        plain.write_bytes(PCAP + b"".join(record(os.urandom(1000)) for _ in range(20_000)) * 2)
        subprocess.run(["zstd", "-q", "--long=26", plain, "-o", packed], check=True)
        self.assertIn("over the limit", self.refused(1, "info", packed))
        self.assertEqual(json.loads(self.text("info", "--json", "--max-window", "64Mi", packed))["packets"], 40_000)


FORMS = [form for form in ("pcap", "pcapng", "pcap.gz", "pcapng.zst", "pcap.lz4") if built_with("." + form)]


class Writing(Case):
    def packets_in(self, path):
        """However the file ends."""
        _, out, _ = trawl("info", "--json", path)
        return json.loads(out)["packets"] if out else 0

    def test_a_killed_writer_leaves_what_was_flushed(self):
        for form in FORMS:
            with self.subTest(form):
                out = self.scratch / f"killed.{form}"
                writer = subprocess.Popen([TRAWL, "read", "-q", "-U", "-w", str(out), "-"], stdin=subprocess.PIPE, env=ENVIRONMENT)
                writer.stdin.write(PCAP + b"".join(record(bytes([n]) * 300, n) for n in range(50)))
                writer.stdin.flush()
                for _ in range(400):
                    if out.exists() and self.packets_in(out) == 50:
                        break
                    time.sleep(0.05)
                writer.send_signal(signal.SIGKILL)
                writer.wait()
                writer.stdin.close()
                self.assertEqual(self.packets_in(out), 50)
                dump = trawl("read", "-tt", "-x", out)[1].decode()
                self.assertEqual(dump.count("\n0000  "), 50)

    def test_a_full_disk_is_said_and_leaves_whole_packets(self):
        source = self.scratch / "in.pcap"
        source.write_bytes(PCAP + b"".join(record(os.urandom(700), n) for n in range(3000)))
        mount = self.scratch / "small"
        mount.mkdir()
        if subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "-o", "size=600k", "none", mount], capture_output=True, check=False).returncode:
            self.skipTest("no mount namespace here")
        for form in FORMS:
            with self.subTest(form):
                script = f'mount -t tmpfs -o size=600k none "{mount}" && "{TRAWL}" convert "{source}" "{mount}/out.{form}"; echo $?; "{TRAWL}" info --json "{mount}/out.{form}"'
                done = subprocess.run(["unshare", "-rm", "sh", "-c", script], capture_output=True, env=ENVIRONMENT, check=False, timeout=60)
                status, _, facts = done.stdout.decode().partition("\n")
                self.assertEqual(status, "1", done.stderr)
                self.assertRegex(done.stderr.decode(), r"trawl: .*the disk is full.*, \d+ packets are not on disk")
                if "." not in form:
                    self.assertGreater(json.loads(facts)["packets"], 500)
                    self.assertIsNone(json.loads(facts)["damaged"])

    def test_a_device_that_takes_nothing(self):
        source = self.scratch / "in.pcap"
        source.write_bytes(PCAP + record(b"x" * 100) * 5)
        if not os.path.exists("/dev/full"):
            self.skipTest("there is no /dev/full")
        for form in ("pcap", "pcapng"):
            self.assertIn("5 packets are not on disk", self.refused(1, "convert", "--format", form, source, "/dev/full"))


if __name__ == "__main__":
    unittest.main()
