#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""trawl read: what it prints, what it writes, which packets it takes."""
import csv
import io
import json
import pathlib
import re
import struct
import unittest

from _cli import CAPTURES, Case, capture, trawl

ALL = sorted(path.stem for path in CAPTURES.glob("*.pcap"))
OWN = re.findall(r"(\w+)\.pcap", (CAPTURES / "README.md").read_text())


class Forms(Case):
    def test_lines(self):
        self.golden("lines.txt", "".join(f"== {name}\n{self.text('read', capture(name))}" for name in sorted(OWN)))

    def test_trees(self):
        for name in ("tcp", "dns", "icmp", "sctp", "radiotap"):
            self.golden(f"tree-{name}.txt", self.text("read", "-V", capture(name)))

    def test_json(self):
        for name in ("tcp", "dns", "icmp", "gre"):
            self.golden(f"json-{name}.txt", self.text("read", "--json", capture(name)))

    def test_bytes(self):
        self.golden("hex.txt", self.text("read", "-x", capture("udp")) + self.text("read", "-A", "-c", "1", capture("tcp"), "tcp[tcpflags] & tcp-push != 0"))

    def test_time_styles(self):
        self.golden("times.txt", "".join(f"== {style}\n" + self.text("read", *style.split(), capture("udp"), "port", "40000")
                                         for style in ("-n", "-t", "-tt", "-ttt", "-tttt", "-ttttt")))

    def test_columns(self):
        words = ["-e", "frame.number", "-e", "ip.src", "-e", "tcp.port", "-e", "tcp.options.mss_val"]
        self.golden("columns.txt", "".join(f"== {' '.join(how)}\n" + self.text("read", "-T", "fields", *words, *how, capture("tcp"))
                                           for how in ([], ["-E", "header=y"], ["-E", "separator=/s"], ["-E", "separator=|", "-E", "aggregator=;"],
                                                       ["-E", "occurrence=f"], ["-E", "occurrence=l"], ["-E", "quote=d"])))

    def test_csv_is_rfc_4180(self):
        text = self.text("read", "-T", "csv", "-e", "frame.number", "-e", "udp.port", "-e", "dns.qry.name", capture("dns"))
        rows = list(csv.reader(io.StringIO(text)))
        self.assertEqual(rows[0], ["frame.number", "udp.port", "dns.qry.name"])
        self.assertEqual(rows[2], ["2", "40000;53", "www.example.test"])

    def test_json_of_every_packet_is_json(self):
        for name in ALL:
            for number, line in enumerate(self.text("read", "--json", capture(name)).splitlines(), 1):
                packet = json.loads(line, object_pairs_hook=self.without_twins)
                self.assertEqual(set(packet), {"number", "time", "interface", "link_type", "captured_length", "length", "layers", "fault"}, name)
                self.assertEqual(packet["number"], number)
                self.assertIsNone(packet["fault"], name)
                self.assertRegex(packet["time"], r"^-?\d+\.\d{9}$")
                for layer in packet["layers"]:
                    self.assertEqual(set(layer) - {"quoted"}, {"protocol", "offset", "length", "fields"})

    def without_twins(self, pairs):
        self.assertEqual(len({key for key, _ in pairs}), len(pairs), [key for key, _ in pairs])
        return dict(pairs)

    def test_json_and_columns_say_the_same(self):
        for name in ALL:
            packets = [json.loads(line) for line in self.text("read", "--json", capture(name)).splitlines()]
            fields = sorted({field for packet in packets for layer in packet["layers"] for field in layer["fields"] if not field.endswith(".raw")})
            table = self.text("read", "-T", "fields", "-E", "aggregator=\x01", *[word for field in fields for word in ("-e", field)], capture(name)).split("\n")
            for packet, row in zip(packets, table):
                cells = dict(zip(fields, row.split("\t")))
                for field in fields:
                    seen = [value for layer in packet["layers"] for value in self.listed(layer["fields"].get(field))]
                    self.assertEqual(len(seen), len(cells[field].split("\x01")) if cells[field] else 0, f"{name} {packet['number']} {field}")

    def listed(self, value):
        return [] if value is None else value if isinstance(value, list) else [value]


class Choice(Case):
    def test_count_and_numbers_and_limit(self):
        self.assertEqual(self.text("read", "--count", capture("tcp"), "port", "80"), "5\n")
        self.assertEqual(self.text("read", "--count", capture("tcp"), "port", "81"), "0\n")
        self.assertEqual(self.text("read", "--numbers", capture("tcp"), "src", "port", "80"), "3\n")
        self.assertEqual(self.text("read", "--numbers", "-c", "2", capture("tcp"), "ip", "and", "port", "80"), "2\n3\n")
        self.assertEqual(self.text("read", "-q", capture("tcp")), "")

    def test_a_filter_by_words_by_option_and_by_file(self):
        wanted = self.text("read", capture("dns"), "udp port 53")
        (self.scratch / "filter").write_text("udp\nport 53\n")
        self.assertEqual(self.text("read", capture("dns"), "udp", "port", "53"), wanted)
        self.assertEqual(self.text("read", "-f", "udp port 53", capture("dns")), wanted)
        self.assertEqual(self.text("read", "-F", self.scratch / "filter", capture("dns")), wanted)
        self.assertEqual(self.text("read", "-r", capture("dns"), "udp", "port", "53"), wanted)
        self.refused(2, "read", "-F", self.scratch / "filter", capture("dns"), "ip")
        self.refused(2, "read", "-f", "ip", capture("dns"), "udp")
        self.refused(1, "read", "-F", self.scratch / "nothing", capture("dns"))

    def test_options_may_follow_operands(self):
        self.assertEqual(self.text("read", capture("tcp"), "port", "80", "--count"), "5\n")
        self.assertEqual(self.text("read", capture("tcp"), "-T", "fields", "-e", "frame.number", "src", "port", "80"), "3\n")

    def test_format_overrides_the_name(self):
        # pcap is written in the byte order of the machine that runs trawl, which need not be this one
        magics = {"pcap": (b"\xa1\xb2\xc3\xd4", b"\xd4\xc3\xb2\xa1"), "pcapng": (b"\x0a\x0d\x0d\x0a",)}
        for kind, magic in magics.items():
            for name in ("other.out", "other.pcap", "other.pcapng"):
                self.text("read", "--format", kind, "-w", self.scratch / name, capture("tcp"))
                self.assertIn((self.scratch / name).read_bytes()[:4], magic)
        self.refused(2, "read", "--format", "erf", "-w", self.scratch / "x", capture("tcp"))

    def test_several_files_are_numbered_as_one(self):
        files = [capture("udp"), capture("tcp")]
        self.assertEqual(self.text("read", "--numbers", *files, "--", "port", "9"), "2\n3\n4\n")
        self.assertEqual(self.text("read", "--numbers", "-r", files[0], "-r", files[1], "src", "port", "80"), "7\n")

    def test_standard_input(self):
        data = pathlib.Path(capture("tcp")).read_bytes()
        self.assertEqual(self.text("read", "-", stdin=data), self.text("read", capture("tcp")))


class Writing(Case):
    def test_the_name_says_the_format(self):
        for name, first in (("out.pcap", "pcap"), ("out.pcapng", "pcapng"), ("out", "pcapng")):
            self.text("read", "-w", self.scratch / name, capture("tcp"), "port", "80")
            facts = json.loads(self.text("info", "--json", self.scratch / name))
            self.assertEqual((facts["format"], facts["packets"]), (first, 5))
            self.assertEqual(self.text("read", self.scratch / name), self.text("read", capture("tcp"), "port", "80"))

    def test_through_a_pipe(self):
        status, data, err = trawl("read", "-w", "-", capture("tcp"))
        self.assertEqual((status, err), (0, ""))
        self.assertEqual(self.text("read", "-", stdin=data), self.text("read", capture("tcp")))

    def test_an_input_is_not_written_over(self):
        path = self.scratch / "same.pcap"
        path.write_bytes(pathlib.Path(capture("tcp")).read_bytes())
        (self.scratch / "link.pcap").symlink_to(path)
        for out in (path, self.scratch / "link.pcap"):
            self.refused(2, "read", "-w", out, path)
            self.assertEqual(path.read_bytes(), pathlib.Path(capture("tcp")).read_bytes())

    def test_snaplen(self):
        self.text("read", "-s", "20", "-w", self.scratch / "short.pcap", capture("tcp"))
        sizes = self.text("read", "-T", "fields", "-e", "frame.cap_len", "-e", "frame.len", self.scratch / "short.pcap").splitlines()
        self.assertTrue(all(line.startswith("20\t") for line in sizes))
        self.assertNotIn("20\t20", sizes)

    def test_several_link_types_need_pcapng(self):
        files = [capture("tcp"), capture("sll")]
        self.text("read", "-w", self.scratch / "both.pcapng", *files, "--")
        self.assertEqual(len(json.loads(self.text("info", "--json", self.scratch / "both.pcapng"))["interfaces"]), 2)
        self.refused(1, "read", "-w", self.scratch / "both.pcap", *files, "--")

    def test_processes_of_several_files_keep_their_packets(self):
        def block(kind, body):
            size = struct.pack("<I", 12 + len(body))
            return struct.pack("<I", kind) + size + body + size

        def option(code, value):
            return struct.pack("<HH", code, len(value)) + value + bytes(-len(value) % 4)

        files = []
        for names in (("mail", "safari"), ("sshd", "mail", "launchd")):
            data = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)) + block(1, struct.pack("<HHI", 1, 0, 0))
            for name in names:
                data += block(0x80000001, struct.pack("<I", 1) + option(2, name.encode()) + bytes(4))
            for i, name in enumerate(names):
                text = name.encode().ljust(20, b".")
                data += block(6, struct.pack("<IIIII", 0, 0, i, 20, 20) + text + option(0x8001, struct.pack("<I", i)) + bytes(4))
            files.append(self.scratch / f"{names[0]}.pcapng")
            files[-1].write_bytes(data)
        out = self.scratch / "out.pcapng"
        for filters in ([], ["len >= 20"]):
            self.text("read", "-w", out, *files, "--", *filters)
            data, at, known, right = out.read_bytes(), 0, [], 0
            order = "<" if data[8:12] == struct.pack("<I", 0x1A2B3C4D) else ">"
            while at < len(data):
                kind, size = struct.unpack_from(order + "II", data, at)
                if kind == 0x80000001:
                    known.append(data[at + 16:at + 16 + struct.unpack_from(order + "H", data, at + 14)[0]])
                elif kind == 6:
                    right += known[struct.unpack_from(order + "I", data, at + 52)[0]] == data[at + 28:at + 48].rstrip(b".")
                at += size
            self.assertEqual((len(known), right), (5, 5))

    def test_statistics(self):
        status, _, err = trawl("read", "--stats", "--json", capture("tcp"), "port", "80")
        self.assertEqual(status, 0)
        counters = json.loads(err)
        self.assertEqual((counters["received"], counters["filtered"], counters["written"]), (6, 1, 5))


class Damage(Case):
    def test_all_that_can_be_read_comes_first_and_the_status_is_1(self):
        whole = pathlib.Path(capture("tcp")).read_bytes()
        cut = self.scratch / "cut.pcap"
        cut.write_bytes(whole[:-10])
        status, out, err = trawl("read", cut)
        self.assertEqual(status, 1)
        self.assertEqual(out.decode().splitlines(), self.text("read", capture("tcp")).splitlines()[:5])
        self.assertEqual(len(err.splitlines()), 1, err)
        self.assertRegex(err, r"^trawl: .*cut\.pcap.*(byte|packet) \d+")

    def test_the_files_behind_are_read_all_the_same(self):
        cut = self.scratch / "cut.pcap"
        cut.write_bytes(pathlib.Path(capture("tcp")).read_bytes()[:-10])
        status, out, _ = trawl("read", "--count", cut, capture("udp"), "--")
        self.assertEqual((status, out), (1, b"9\n"))


if __name__ == "__main__":
    unittest.main()
