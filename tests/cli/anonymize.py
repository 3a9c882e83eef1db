#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""trawl anonymize: keys, reports, and what is left of a pcapng file."""
import json
import shutil
import subprocess
import unittest

from _cli import ENVIRONMENT, Case, capture, trawl

KEY = "00112233445566778899aabbccddeeff" * 2


class Anonymize(Case):
    def anonymized(self, name, *words, key=("--key", KEY), suffix="pcapng"):
        """The output, and the report as an object."""
        out = self.scratch / f"out.{suffix}"
        status, said, err = trawl("anonymize", *key, "--json", *words, name, "-w", out)
        self.assertEqual((status, said), (0, b""), err)
        return out, json.loads(err)

    def test_one_key_one_mapping(self):
        first, _ = self.anonymized(capture("tcp"))
        wanted = first.read_bytes()
        again, _ = self.anonymized(capture("tcp"))
        self.assertEqual(again.read_bytes(), wanted)
        other, _ = self.anonymized(capture("tcp"), key=())
        self.assertNotEqual(other.read_bytes(), wanted)

    def test_a_new_key_is_kept_and_used_again(self):
        path = self.scratch / "key"
        first, _ = self.anonymized(capture("tcp"), key=("--new-key", path))
        wanted = first.read_bytes()
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        again, _ = self.anonymized(capture("tcp"), key=("--key-file", path))
        self.assertEqual(again.read_bytes(), wanted)
        self.assertIn("File exists", self.refused(1, "anonymize", "--new-key", path, capture("tcp"), "-w", self.scratch / "x.pcap"))

    def test_wrong_usage(self):
        out = self.scratch / "x.pcap"
        self.assertIn("64 hex digits", self.refused(2, "anonymize", "--key", "12", capture("tcp"), "-w", out))
        self.assertIn("10.0.0.0/8", self.refused(2, "anonymize", "--keep-prefix", "ten", capture("tcp"), "-w", out))
        self.assertIn("10.0.0.0/8", self.refused(2, "anonymize", "--keep-prefix", "10.0.0.0/33", capture("tcp"), "-w", out))
        self.assertIn("only one", self.refused(2, "anonymize", "--key", KEY, "--new-key", out, capture("tcp"), "-w", out))
        self.assertFalse(out.exists())

    def test_the_report_says_what_was_and_what_was_not_understood(self):
        _, report = self.anonymized(capture("icmp"))
        self.assertEqual((report["packets"], report["ipv4"], report["mac"], report["content"]), (6, 16, 12, "zero"))
        self.assertEqual(report["protocols"], [{"protocol": "icmp", "packets": 2, "header_bytes": 0, "payload_bytes": 64}])
        status, _, err = trawl("anonymize", "--content", "keep", capture("icmp"), "-w", self.scratch / "kept.pcap")
        self.assertEqual(status, 0)
        self.assertIn("warning: icmp: 0 bytes of headers and 64 of payload in 2 packets were not looked into", err)

    def test_nothing_of_comments_names_and_secrets_is_left(self):
        if not shutil.which("editcap"):
            self.skipTest("editcap is not installed")
        plain, noted, full = (self.scratch / name for name in ("a.pcapng", "b.pcapng", "c.pcapng"))
        secrets = self.scratch / "keys"
        secrets.write_text("CLIENT_RANDOM 00 11\n")
        self.text("convert", "--comment", "1:PACKET-NOTE", capture("tcp"), plain)
        subprocess.run(["editcap", "--capture-comment", "FILE-NOTE", plain, noted], check=True, env=ENVIRONMENT)
        subprocess.run(["editcap", "--inject-secrets", f"tls,{secrets}", noted, full], check=True, env=ENVIRONMENT)
        self.assertIn(b"CLIENT_RANDOM", full.read_bytes())
        out, report = self.anonymized(full)
        for leak in (b"NOTE", b"CLIENT_RANDOM", b"editcap", b"Editcap"):
            self.assertNotIn(leak, out.read_bytes())
        self.assertEqual((report["packet_options_left_out"], report["blocks_left_out"]), (1, 1))
        self.assertIn(b"anonymized by trawl", out.read_bytes())

    def test_damaged_input_is_done_as_far_as_it_goes(self):
        cut = self.scratch / "cut.pcap"
        with open(capture("tcp"), "rb") as file:
            cut.write_bytes(file.read()[:-5])
        out = self.scratch / "out.pcap"
        self.assertIn("ends in the middle", self.refused(1, "anonymize", cut, "-w", out))
        self.assertEqual(json.loads(self.text("info", "--json", out))["packets"], 5)


if __name__ == "__main__":
    unittest.main()
