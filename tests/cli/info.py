#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""trawl info."""
import hashlib
import json
import pathlib
import unittest

from _cli import Case, capture, trawl

KEYS = {"file", "file_size", "format", "compression", "byte_order", "sections", "interfaces", "packets", "bytes", "captured_bytes", "first", "last",
        "in_order", "comments", "warnings", "damaged", "damage_count"}


class Info(Case):
    def test_text(self):
        self.golden("info.txt", self.text("info", capture("tcp"), capture("sll")))

    def test_json_has_the_keys_of_the_contract(self):
        facts = json.loads(self.text("info", "--json", capture("tcp")))
        self.assertEqual(set(facts), KEYS)
        self.assertEqual(set(facts["interfaces"][0]), {"id", "section", "name", "link_type", "link_type_number", "snaplen", "ticks_per_second"})
        self.assertEqual((facts["format"], facts["byte_order"], facts["packets"], facts["sections"]), ("pcap", "little", 6, 1))
        self.assertEqual((facts["first"], facts["last"], facts["in_order"]), ("1767225600.000000000", "1767225605.000000000", True))
        self.assertEqual(facts["file_size"], pathlib.Path(capture("tcp")).stat().st_size)
        self.assertIsNone(facts["damaged"])

    def test_one_object_for_each_file(self):
        lines = self.text("info", "--json", capture("tcp"), capture("udp")).splitlines()
        self.assertEqual([json.loads(line)["packets"] for line in lines], [6, 4])

    def test_digest(self):
        facts = json.loads(self.text("info", "--json", "--sha256", capture("tcp")))
        self.assertEqual(facts["sha256"], hashlib.sha256(pathlib.Path(capture("tcp")).read_bytes()).hexdigest())

    def test_damage_is_1_and_in_the_object(self):
        cut = self.scratch / "cut.pcap"
        cut.write_bytes(pathlib.Path(capture("tcp")).read_bytes()[:-10])
        status, out, err = trawl("info", "--json", cut)
        self.assertEqual(status, 1)
        facts = json.loads(out)
        self.assertEqual((facts["packets"], facts["damage_count"]), (5, 1))
        self.assertEqual(set(facts["damaged"]), {"offset", "reason"})
        self.assertTrue(err.startswith("trawl: "))

    def test_an_empty_capture_has_no_times(self):
        empty = self.scratch / "empty.pcap"
        empty.write_bytes(pathlib.Path(capture("tcp")).read_bytes()[:24])
        facts = json.loads(self.text("info", "--json", empty))
        self.assertEqual((facts["packets"], facts["first"], facts["last"]), (0, None, None))

    def test_standard_input(self):
        facts = json.loads(self.text("info", "--json", "-", stdin=pathlib.Path(capture("udp")).read_bytes()))
        self.assertEqual((facts["file"], facts["file_size"], facts["packets"]), ("-", None, 4))

    def test_blocks(self):
        self.text("read", "-w", self.scratch / "ng.pcapng", capture("udp"))
        blocks = [json.loads(line) for line in self.text("info", "--blocks", "--json", self.scratch / "ng.pcapng").splitlines()]
        self.assertEqual([block["name"] for block in blocks][:3], ["section_header", "interface_description", "enhanced_packet"])
        self.assertEqual(sum(block["length"] for block in blocks), (self.scratch / "ng.pcapng").stat().st_size)
        self.assertEqual(len(self.text("info", "--blocks", self.scratch / "ng.pcapng").splitlines()), len(blocks))


if __name__ == "__main__":
    unittest.main()
