#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""trawl filter."""
import json
import unittest

from _cli import Case, capture, trawl


class Filter(Case):
    def test_listings(self):
        self.golden("filter.txt", "".join(f"== {' '.join(words)}\n" + self.text("filter", *words)
                                          for words in (["tcp port 80"], ["-dd", "ip"], ["-ddd", "ip"], ["-y", "LINUX_SLL2", "udp"], ["--snaplen", "100", "arp"], [""])))

    def test_json_is_the_same_program(self):
        program = json.loads(self.text("filter", "--json", "tcp port 80"))
        numbers = [list(map(int, line.split())) for line in self.text("filter", "-ddd", "tcp port 80").splitlines()]
        self.assertEqual(program["length"], numbers[0][0])
        self.assertEqual([[i["code"], i["jt"], i["jf"], i["k"]] for i in program["instructions"]], numbers[1:])

    def test_words_are_joined(self):
        self.assertEqual(self.text("filter", "tcp", "port", "80"), self.text("filter", "tcp port 80"))

    def test_link_types_by_any_name(self):
        one = self.text("filter", "-y", "EN10MB", "ip")
        for name in ("en10mb", "ETHERNET", "1", "DLT_EN10MB"):
            self.assertEqual(self.text("filter", "-y", name, "ip"), one, name)

    def test_what_matches_nothing_compiles_with_a_warning(self):
        status, out, err = trawl("filter", "tcp and udp")
        self.assertEqual((status, out), (0, b"(000) ret      #0\n"))
        self.assertIn("warning", err)

    def test_unoptimized_is_longer(self):
        text = "tcp port 80 or tcp port 80"
        self.assertGreater(len(self.text("filter", "--no-optimize", text)), len(self.text("filter", text)))

    def test_a_netmask_where_it_is_needed(self):
        self.refused(2, "filter", "ip broadcast")
        self.text("filter", "--netmask", "255.255.255.0", "ip broadcast")
        self.refused(2, "filter", "--netmask", "24", "ip broadcast")

    def test_long_lists_are_sets_and_every_form_says_so(self):
        addresses = self.scratch / "addresses.txt"
        addresses.write_text("".join(f"10.{i >> 8}.{i & 255}.2\n" for i in range(10_000)))
        words = f'host in {{"{addresses}"}}'
        status, out, err = trawl("filter", words)
        self.assertEqual(status, 0)
        self.assertIn(b"jin      @0", out)
        self.assertIn("no kernel takes it", err)
        program = json.loads(self.text("filter", "--json", words))
        self.assertEqual(len(program["sets"]), 1)
        self.assertEqual(program["sets"][0][1], [0x0a000102, 0x0a000103])
        self.assertIn("set 0 of 10000 numbers, the lowest 10.0.0.2", self.text("filter", "--explain", words))
        self.assertIn("capture to a file", trawl("filter", "--live", words)[2])
        # a name with a dot is that of a file, where there is one
        self.assertEqual(trawl("read", "--count", capture("arp"), "-f", "host in {addresses.txt}", cwd=self.scratch)[:2], (0, b"0\n"))

    def test_verdicts_line_by_line(self):
        lines = "EN10MB\ttcp port 80\nEN10MB\ttcp prot 80\n\nRAW\tip\nNOSUCH\tip\nicmp\n"
        status, out, err = trawl("filter", "--check", "-", stdin=lines.encode())
        self.assertEqual((status, err), (0, ""))
        verdicts = [json.loads(line) for line in out.splitlines()]
        self.assertEqual([verdict["ok"] for verdict in verdicts], [True, False, True, True, False, True])
        self.assertEqual(verdicts[1]["column"], 5)
        self.assertEqual(set(verdicts[0]), {"ok", "length"})
        self.assertEqual(set(verdicts[1]), {"ok", "column", "error"})


if __name__ == "__main__":
    unittest.main()
