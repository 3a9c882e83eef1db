#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What holds for all subcommands: exit statuses, outputs, pipes."""
import json
import subprocess
import unittest

from _cli import ENVIRONMENT, TRAWL, Case, capture, trawl


class Contract(Case):
    def test_help_fits_a_screen(self):
        for words in (["--help"], ["-h"]):
            lines = self.text(*words).splitlines()
            self.assertLessEqual(len(lines), 24)
            self.assertLessEqual(max(map(len, lines)), 80)
        self.assertTrue(self.text("--version").startswith("trawl 0."))

    def test_each_subcommand_has_help(self):
        for command in ("interfaces", "capture", "read", "info", "convert", "anonymize", "dedup", "merge", "split", "repair", "index", "sort", "tail", "send", "filter"):
            self.assertIn("Usage:", self.text(command, "--help"))

    def test_wrong_usage_is_2(self):
        for words in (["nosuchcommand"], ["read"], ["read", "--nosuchflag", capture("tcp")], ["info"], ["capture"],
                      ["read", "-T", "yaml", "-e", "ip.src", capture("tcp")], ["read", "-T", "fields", capture("tcp")],
                      ["read", "-e", "ip.src", capture("tcp")], ["read", "--json", "--count", capture("tcp")], ["read", "-c", "many", capture("tcp")],
                      ["filter", "-y", "NOSUCHLINK", "ip"]):
            self.refused(2, *words)
        status, out, err = trawl()
        self.assertEqual(status, 2, err)
        self.assertIn(b"read", out + err.encode())

    def test_what_the_world_refuses_is_1(self):
        for command in ("read", "info"):
            err = self.refused(1, command, self.scratch / "nothing.pcap")
            self.assertIn("nothing.pcap", err)
            self.assertEqual(len(err.splitlines()), 1)
        text = self.scratch / "text.pcap"
        text.write_text("these are no packets, and there is enough of them to fill a header")
        self.refused(1, "read", text)
        self.refused(1, "read", "-w", self.scratch / "no/such/folder/out.pcap", capture("tcp"))

    def test_an_unknown_interface_is_1_and_the_known_ones_are_listed(self):
        err = self.refused(1, "capture", "-i", "nosuch0")
        self.assertIn("nosuch0", err)
        self.assertIn("lo", err)

    def test_interfaces_as_json(self):
        keys = {"name", "index", "description", "flags", "link_type", "link_type_number", "hardware_type", "mtu", "mac", "addresses"}
        names = []
        for line in self.text("interfaces", "--json").splitlines():
            interface = json.loads(line)
            self.assertEqual(set(interface), keys)
            names.append(interface["name"])
            for address in interface["addresses"]:
                self.assertEqual(set(address), {"address", "prefix", "broadcast", "peer"})
        self.assertIn("lo", names)
        self.assertEqual([line.split()[1].split(":")[0] for line in self.text("interfaces").splitlines()], names)

    def test_a_bad_filter_is_2_and_shows_where(self):
        lines = self.refused(2, "read", capture("tcp"), "tcp", "prot", "80").splitlines()
        self.assertIn("column 5", lines[0])
        self.assertEqual(lines[1].strip(), "tcp prot 80")
        self.assertEqual(lines[2].index("^"), lines[1].index("prot"))
        self.assertIn("column 7", self.refused(2, "filter", "ip and"))   # the end of the input
        self.refused(2, "filter", "ether proto 0x800", "-y", "RAW", "and", "(")

    def test_an_unknown_field_is_2_and_the_nearest_is_suggested(self):
        self.assertIn("tcp.dstport", self.refused(2, "read", "-T", "fields", "-e", "tcp.dstprot", capture("tcp")))

    def test_a_closed_pipe_ends_quietly(self):
        for words in (["-V", *[capture("tcp")] * 300, "--"], ["-w", "-", *[capture("tcp")] * 3000, "--"]):
            with subprocess.Popen([TRAWL, "read", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT) as process:
                process.stdout.read(100)
                process.stdout.close()
                self.assertEqual(process.stderr.read(), b"")
            self.assertEqual(process.returncode, 0, words[0])

    def test_a_full_disk_is_1(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([TRAWL, "read", capture("tcp")], stdout=full, stderr=subprocess.PIPE, env=ENVIRONMENT, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertTrue(done.stderr.startswith(b"trawl: "), done.stderr)


if __name__ == "__main__":
    unittest.main()
