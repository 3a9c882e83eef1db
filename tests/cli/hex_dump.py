#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Hex dumps as input of trawl convert: what our own read -x, tshark, tcpdump, hexdump and xxd print comes back; text2pcap judges."""
import json
import pathlib
import shutil
import subprocess
import unittest

from _cli import CAPTURES, ENVIRONMENT, Case, capture, trawl


def tool(*words, stdin=b""):
    return subprocess.run(list(map(str, words)), input=stdin, capture_output=True, env=ENVIRONMENT, check=False, timeout=60).stdout


class HexDump(Case):
    def converted(self, text, *words, name="out.pcapng"):
        path, out = self.scratch / "dump.txt", self.scratch / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        self.text("convert", *words, path, out)
        return out

    def bytes_of(self, path):
        """Of every packet of a pcap file that trawl writes of it."""
        plain = self.scratch / "plain.pcap"
        status, _, err = trawl("convert", "--little-endian", "--microseconds", path, plain)
        self.assertEqual(status, 0, err)
        data, at, packets = plain.read_bytes(), 24, []
        while at < len(data):
            size = int.from_bytes(data[at + 8:at + 12], "little")
            packets.append(data[at + 16:at + 16 + size])
            at += 16 + size
        return packets

    def needs(self, *programs):
        for program in programs:
            if not shutil.which(program):
                self.skipTest(f"{program} is not installed")

    def test_our_own_dump_comes_back_with_its_times(self):
        for path in sorted(CAPTURES.glob("*.pcap")):
            with self.subTest(path.name):
                link = json.loads(self.text("info", "--json", path))["interfaces"][0]["link_type_number"]
                for zone in ("-tt", "-tttt"):
                    out = self.converted(self.text("read", zone, "-x", path), "--link-type", link)
                    self.assertEqual(self.bytes_of(out), self.bytes_of(path))
                    times = [[json.loads(line)["time"] for line in self.text("read", "--json", f).splitlines()] for f in (path, out)]
                    self.assertEqual(times[0], times[1])

    def test_what_tshark_prints(self):
        self.needs("tshark")
        for name, words in (("tcp", ["-x"]), ("dns", ["-P", "-x"]), ("sctp", ["-x"]), ("radiotap", ["-V", "-x"]), ("ipv6_extensions", ["-V", "-x"])):
            path = CAPTURES / f"{name}.pcap"
            link = json.loads(self.text("info", "--json", path))["interfaces"][0]["link_type_number"]
            with self.subTest(name, words=words):
                text = tool("tshark", "-n", "-r", path, "-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE", *words)
                self.assertEqual(self.bytes_of(self.converted(text, "--link-type", link)), self.bytes_of(path))

    def test_what_tcpdump_prints(self):
        self.needs("tcpdump")
        for name in ("tcp", "dns", "icmp", "udp"):
            whole = self.bytes_of(capture(name))
            with self.subTest(name):
                for flag in ("-xx", "-XX"):
                    self.assertEqual(self.bytes_of(self.converted(tool("tcpdump", "-nr", capture(name), flag))), whole)
                for flag in ("-x", "-X"):
                    out = self.converted(tool("tcpdump", "-nr", capture(name), flag))
                    self.assertEqual(json.loads(self.text("info", "--json", out))["interfaces"][0]["link_type"], "RAW")
                    self.assertEqual(self.bytes_of(out), [packet[14:] for packet in whole])

    def test_what_hexdump_and_xxd_print(self):
        packet = self.bytes_of(capture("tcp"))[1]
        for words in (("hexdump", "-C"), ("xxd",), ("xxd", "-g", "1"), ("od", "-A", "x", "-t", "x1z")):
            if shutil.which(words[0]):
                with self.subTest(words):
                    self.assertEqual(self.bytes_of(self.converted(tool(*words, stdin=packet))), [packet])

    def test_text_that_looks_like_bytes_is_not_taken(self):
        text = "0000  41 42 20 43 44 20 45 46  41 42 20 43 44 20 45 46  AB CD EFAB CD EF\n0010  41 42 20 43                                       AB C\n"
        self.assertEqual(self.bytes_of(self.converted(text)), [b"AB CD EFAB CD EFAB C"])
        self.assertEqual(self.bytes_of(self.converted("0000   61 62 20 63 64                                    ab cd\n")), [b"ab cd"])

    def test_text2pcap_agrees(self):
        self.needs("text2pcap", "tshark")
        text = "I 10:00:00.5\n000000 01 02 03 04 05\n000005 06\n\nO 10:00:01\n000000 0a 0b 0c\n\nI 10:00:01.25\n0000 0a 0b 0c 0d\n"
        fields = ["ip.src", "ip.dst", "ip.proto", "ipv6.src", "ipv6.dst", "udp.port", "tcp.port", "tcp.seq_raw", "tcp.ack_raw", "sctp.port",
                  "sctp.verification_tag", "sctp.data_payload_proto_id", "sctp.data_tsn_raw", "ip.checksum.status", "udp.checksum.status", "tcp.checksum.status",
                  "sctp.checksum.status", "udp.length", "data.data"]
        shown = [word for field in fields for word in ("-e", field)]
        checked = [word for p in ("ip", "udp", "tcp") for word in ("-o", f"{p}.check_checksum:TRUE")] + ["-o", "sctp.checksum:TRUE"]
        v4, v6 = ["198.51.100.1,198.51.100.2"], ["2001:db8::1,2001:db8::2"]
        for theirs, ours in ((["-4", *v4, "-u", "1000,69"], ["--ipv4", *v4, "--udp", "1000,69"]),
                             (["-4", *v4, "-T", "50,60"], ["--ipv4", *v4, "--tcp", "50,60"]),
                             (["-6", *v6, "-T", "50,60"], ["--ipv6", *v6, "--tcp", "50,60"]),
                             (["-6", *v6, "-u", "50,60"], ["--ipv6", *v6, "--udp", "50,60"]),
                             (["-4", *v4, "-s", "30,40,34"], ["--ipv4", *v4, "--sctp", "30,40,34"]),
                             (["-4", *v4, "-S", "30,40,34"], ["--ipv4", *v4, "--sctp-data", "30,40,34"]),
                             (["-4", *v4, "-i", "46"], ["--ipv4", *v4, "--ip-protocol", "46"]),
                             (["-e", "0x88b5"], ["--ethernet-type", "0x88b5"])):
            with self.subTest(ours):
                out = self.converted(text, "--directions", "--time-format", "%H:%M:%S.%f", *ours)
                judge = self.scratch / "judge.pcapng"
                tool("text2pcap", "-q", "-D", "-t", "%H:%M:%S.%f", *theirs, self.scratch / "dump.txt", judge)
                rows = [tool("tshark", "-n", "-r", path, *checked, "-T", "fields", *shown).decode().splitlines() for path in (out, judge)]
                self.assertEqual(len(rows[0]), 3)
                if theirs[0] != "-e" and "-s" not in theirs:   # text2pcap fills Ethernet frames up, and chunks of nothing are judged as data
                    self.assertEqual(rows[0], rows[1])
                flags = [tool("tshark", "-n", "-r", path, "-T", "fields", "-e", "frame.packet_flags_direction").decode() for path in (out, judge)]
                self.assertEqual(flags[0], flags[1])

    def test_times_and_directions(self):
        out = self.converted("2026-01-31T12:00:00.25+01:00 x\n0000 01\n\n1767225600.000000001 IP\n0000 02\n\n  7 3.5 192.0.2.1\n0000 03\n\nnone\n0000 04\n")
        times = [json.loads(line)["time"] for line in self.text("read", "--json", out).splitlines()]
        self.assertEqual(times, ["1769857200.250000000", "1767225600.000000001", "3.500000000", None])
        out = self.converted("31.01.26 11:00:00.75\n0000 01\n", "--time-format", "%d.%m.%y %H:%M:%S.%f")
        self.assertEqual(json.loads(self.text("read", "--json", out))["time"], "1769857200.750000000")

    def test_other_offsets(self):
        self.assertEqual(self.bytes_of(self.converted("000 01 02\n002 03\n", "--offsets", "dec")), [b"\1\2\3"])
        text = "000 " + " ".join(["01"] * 16) + "\n020 02\n"
        self.assertEqual(self.bytes_of(self.converted(text, "--offsets", "oct")), [b"\1" * 16 + b"\2"])
        text = "010203\n04 05\n\n06\n"
        self.assertEqual(self.bytes_of(self.converted(text, "--offsets", "none", "--input-format", "text")), [b"\1\2\3\4\5", b"\6"])

    def test_other_bytes_of_tshark_are_no_packets(self):
        text = "Frame (2 bytes):\n\n0000  01 02  ..\n\nReassembled TCP (3 bytes):\n\n0000  03 04 05  ...\n\n0000  06\n"
        self.assertEqual(self.bytes_of(self.converted(text)), [b"\1\2", b"\6"])

    def test_a_dump_that_does_not_fit_together(self):
        path, out = self.scratch / "dump.txt", self.scratch / "out.pcap"
        path.write_text("0000 01 02\n\n0000 01 02\n0010 03\n\n0000 05\n")
        err = self.refused(1, "convert", path, out)
        self.assertIn("line 4: offset 16 where 2 was expected: is a line missing?", err)
        self.assertIn("packet 2", err)
        self.assertEqual(self.bytes_of(out), [b"\1\2", b"\5"])
        path.write_text("nothing of that kind\n")
        self.assertIn("no line of it is a hex dump", self.refused(1, "convert", "--input-format", "text", path, out))
        self.assertIn("it looks like text", self.refused(1, "convert", path, out))

    LINES = "^(?<dir>[<>]) (?<time>[^ ]+) (?<seqno>\\d+) (?<data>[0-9a-fA-F:]+)$"

    def needs_patterns(self):
        if "TRAWL_WITH_DISPLAY" in trawl("convert", "--pattern", "(?<data>.)", "/dev/null", self.scratch / "none.pcap")[2]:
            self.skipTest("built without regular expressions")

    def test_patterns_find_what_text2pcap_finds(self):
        self.needs_patterns()
        self.needs("text2pcap", "tshark")
        shown = [word for name in ("frame.time_epoch", "frame.len", "frame.packet_flags_direction", "frame.packet_id") for word in ("-e", name)]
        text = ("> 2026-01-31T12:00:00.265620Z 7 a130368b000000080060\nanything 00\n< 2026-01-31T12:00:00.5Z 18446744073709551615 "
                "A1:21:6c\n> 2026-01-31T12:00:01.25Z 0 a2010800000000000000000800000000\n")
        lines = "^(?<seqno>\\d+) (?<data>[^ ]+)$"
        for words, times, pattern, text, count in (([], ["-t", "ISO"], self.LINES, text, 3), (["64"], [], lines, "1 aGVsbG8gd29ybGQ=\n2 aGVsbG8=\n3 aGVs\n", 3),
                                                   (["8"], [], lines, "1 12345670\n2 1234567012345670\n", 2), (["2"], [], lines, "1 0100000101000010\n", 1)):
            with self.subTest(words):
                radix = [["--radix", *words], ["-b", *words]] if words else [[], []]
                out, judge = self.converted(text, "--pattern", pattern, *radix[0]), self.scratch / "judge.pcapng"
                tool("text2pcap", "-q", *times, *radix[1], "-r", pattern, self.scratch / "dump.txt", judge)
                self.assertEqual(self.bytes_of(out), self.bytes_of(judge))
                fields = shown if times else shown[2:]   # text2pcap gives packets without a time the present one
                rows = [tool("tshark", "-n", "-r", path, "-T", "fields", *fields).decode().splitlines() for path in (out, judge)]
                self.assertEqual(len(rows[0]), count)
                self.assertEqual(rows[0], rows[1])

    def test_patterns_with_headers_from_a_pipe(self):
        self.needs_patterns()
        status, data, _ = trawl("convert", "--pattern", "(?<dir>[io]):(?<data>\\w+)", "--ipv4", "192.0.2.1,192.0.2.2", "--udp", "1,2", "-", "-", stdin=b"i:01 o:0203")
        self.assertEqual(status, 0)
        path = self.scratch / "piped.pcapng"
        path.write_bytes(data)
        self.assertEqual([packet[42:44] for packet in self.bytes_of(path)], [b"\1\0"[:len(packet) - 42] for packet in self.bytes_of(path)[:1]] + [b"\2\3"])

    def test_patterns_that_are_wrong_and_bytes_that_are_none(self):
        self.needs_patterns()
        path, out = self.scratch / "dump.txt", self.scratch / "out.pcap"
        path.write_text("x 01\ny 0102zz\nx 03\n")
        err = self.refused(1, "convert", "--pattern", "^. (?<data>\\w+)", path, out)
        self.assertIn("line 2, column 7: not a hexadecimal digit", err)
        self.assertIn("packet 2", err)
        self.assertEqual(self.bytes_of(out), [b"\1", b"\3"])
        self.assertIn("matches nothing", self.refused(1, "convert", "--pattern", "q(?<data>.)", path, out))
        for words, why in ((["--pattern", "(?<data>.)(?<what>.)"], "column 14"), (["--pattern", "(?<data>.))"], "unexpected )"), (["--pattern", "x"], "(?<data>"),
                           (["--pattern", "(?<data>.)", "--offsets", "dec"], "mean nothing"), (["--radix", "8"], "needs --pattern")):
            self.assertIn(why, self.refused(2, "convert", *words, path, out))

    def test_wrong_usage(self):
        out = self.scratch / "out.pcap"
        for words, why in ((("--udp", "1"), "two ports"), (("--udp", "1,2", "--tcp", "1,2"), "only one"), (("--ipv4", "x,y"), "two addresses"),
                           (("--link-type", "NOSUCH"), "DLT"), (("--link-type", "PPP", "--udp", "1,2"), "EN10MB"), (("--sctp", "1,2"), "two ports and a number")):
            self.assertIn(why, self.refused(2, "convert", *words, capture("tcp"), out))
        self.assertIn("not a hex dump", self.refused(2, "convert", "--udp", "1,2", capture("tcp"), out))
        self.assertFalse(pathlib.Path(out).exists())


if __name__ == "__main__":
    unittest.main()
