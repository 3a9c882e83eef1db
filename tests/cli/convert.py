#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""trawl convert, merge, split and repair, judged by capinfos, tshark, editcap and mergecap where they are installed."""
import gzip
import json
import os
import pathlib
import pty
import shutil
import struct
import subprocess
import time
import unittest

from _cli import ENVIRONMENT, TRAWL, Case, capture, trawl


def tool(*words):
    done = subprocess.run(list(map(str, words)), capture_output=True, env=ENVIRONMENT, check=False, timeout=60)
    return done.stdout.decode(errors="replace")


class Files(Case):
    def facts(self, path):
        return json.loads(self.text("info", "--json", path))

    def packets(self, path):
        """Times, lengths and bytes."""
        return self.text("read", "-tt", "-x", path)

    def needs(self, *programs):
        for program in programs:
            if not shutil.which(program):
                self.skipTest(f"{program} is not installed")

    def ng(self, *words):
        """A pcapng file with comments, made of a pcap file."""
        path = self.scratch / "in.pcapng"
        self.text("convert", *words, "--comment", "2:the second", capture("tcp"), path)
        return path


class Convert(Files):
    def test_every_form_there_and_back(self):
        wanted = self.packets(capture("tcp"))
        for suffix in ("pcap", "pcapng", "pcap.gz", "pcapng.zst", "pcap.lz4"):
            with self.subTest(suffix):
                out, back = self.scratch / f"x.{suffix}", self.scratch / "back.pcap"
                self.text("convert", capture("tcp"), out)
                self.assertEqual(self.packets(out), wanted)
                _, _, err = trawl("convert", out, back)
                self.assertEqual("warning" in err, "pcapng" in suffix, err)
                self.assertEqual(self.packets(back), wanted)
                self.assertEqual(self.facts(back)["packets"], 6)

    def test_nothing_asked_nothing_changed(self):
        source = self.ng()
        self.text("convert", source, self.scratch / "same.pcapng")
        self.assertEqual(source.read_bytes(), (self.scratch / "same.pcapng").read_bytes())

    def test_byte_order_there_and_back(self):
        source = self.ng()
        self.text("convert", "--big-endian", source, self.scratch / "big.pcapng")
        self.assertEqual(self.facts(self.scratch / "big.pcapng")["byte_order"], "big")
        self.assertEqual(self.packets(self.scratch / "big.pcapng"), self.packets(source))
        self.text("convert", "--little-endian", self.scratch / "big.pcapng", self.scratch / "back.pcapng")
        self.assertEqual(source.read_bytes(), (self.scratch / "back.pcapng").read_bytes())

    def test_standard_input_and_output_keep_blocks(self):
        source = self.ng().read_bytes()
        status, out, err = trawl("convert", "-", "-", stdin=source)
        self.assertEqual((status, err), (0, ""))
        self.assertEqual(out, source)
        status, out, err = trawl("convert", "--compress", "gzip", "-", "-", stdin=source)
        self.assertEqual((status, gzip.decompress(out)), (0, source), err)

    def test_selection_is_that_of_editcap(self):
        self.needs("editcap")
        for ours, theirs in ((["-r", "2-4"], ["-r", "2-4"]), (["-r", "1", "-r", "5-"], ["-r", "1", "5-6"]), (["-s", "40"], ["-s", "40"]),
                             (["--shift", "1.5"], ["-t", "1.5"]), (["--shift", "-0.25"], ["-t", "-0.25"]),
                             (["--from", "1767225602", "--to", "1767225604"], ["-A", "1767225602", "-B", "1767225604"])):
            for suffix in ("pcap", "pcapng"):
                with self.subTest(f"{ours} {suffix}"):
                    source = capture("tcp") if suffix == "pcap" else self.ng()
                    self.text("convert", *ours, source, self.scratch / f"a.{suffix}")
                    tool("editcap", "-F", suffix, *theirs[:2 if theirs[0] != "-A" else 4], source, self.scratch / f"b.{suffix}",
                         *(theirs[1:] if theirs[0] == "-r" else []))
                    if theirs[0] == "-r":
                        tool("editcap", "-F", suffix, "-r", source, self.scratch / f"b.{suffix}", *theirs[1:])
                    self.assertEqual(self.packets(self.scratch / f"a.{suffix}"), self.packets(self.scratch / f"b.{suffix}"))

    def test_filter_and_times(self):
        self.text("convert", "-f", "tcp[13] & 2 != 0", capture("tcp"), self.scratch / "syn.pcap")
        self.assertEqual(self.facts(self.scratch / "syn.pcap")["packets"],
                         int(self.text("read", "--count", capture("tcp"), "tcp[13] & 2 != 0")))
        for time in ("2026-01-01T00:00:02Z", "2026-01-01 01:00:02+01:00", "1767225602", "2026-01-01T00:00:02.000"):
            self.text("convert", "--from", time, capture("tcp"), self.scratch / "late.pcap")
            self.assertEqual(self.facts(self.scratch / "late.pcap")["first"], "1767225602.000000000", time)
        self.refused(2, "convert", "--from", "yesterday", capture("tcp"), self.scratch / "x.pcap")
        self.refused(2, "convert", "-r", "9-3", capture("tcp"), self.scratch / "x.pcap")
        self.refused(2, "convert", "-f", "tcp prot 80", capture("tcp"), self.scratch / "x.pcap")

    def test_resolution(self):
        self.text("convert", "--nanoseconds", capture("tcp"), self.scratch / "n.pcap")
        self.assertEqual(self.facts(self.scratch / "n.pcap")["interfaces"][0]["ticks_per_second"], 10**9)
        self.text("convert", "--microseconds", self.ng(), self.scratch / "m.pcapng")
        self.assertEqual(self.facts(self.scratch / "m.pcapng")["interfaces"][0]["ticks_per_second"], 10**6)
        self.assertEqual(self.packets(self.scratch / "m.pcapng"), self.packets(capture("tcp")))

    def test_comments_are_shown_by_tshark(self):
        self.needs("tshark")
        self.assertEqual(tool("tshark", "-n", "-r", self.ng(), "-T", "fields", "-e", "frame.comment").splitlines(), ["", "the second"] + [""] * 4)
        again = self.scratch / "again.pcapng"
        self.text("convert", "--comment", "2:and more", "--comment", "6:last", self.ng(), again)
        said = tool("tshark", "-n", "-r", again, "-T", "fields", "-e", "frame.comment").splitlines()
        self.assertEqual(said, ["", "the second,and more", "", "", "", "last"])

    def test_secrets_go_when_asked(self):
        self.needs("editcap", "tshark")
        keys = self.scratch / "keys.txt"
        keys.write_text("CLIENT_RANDOM " + "00" * 32 + " " + "11" * 48 + "\n")
        with_secrets = self.scratch / "secrets.pcapng"
        tool("editcap", "--inject-secrets", f"tls,{keys}", capture("tcp"), with_secrets)
        self.text("convert", with_secrets, self.scratch / "kept.pcapng")
        self.assertEqual(with_secrets.read_bytes(), (self.scratch / "kept.pcapng").read_bytes())
        self.text("convert", "--discard-secrets", with_secrets, self.scratch / "gone.pcapng")
        self.assertNotIn(b"CLIENT_RANDOM", (self.scratch / "gone.pcapng").read_bytes())
        self.assertEqual(self.packets(self.scratch / "gone.pcapng"), self.packets(with_secrets))

    def test_blocks_that_are_not_packets_are_kept_or_said_to_be_left_out(self):
        path = self.ng()
        custom = struct.pack("<IIII", 0xBAD, 16, 32473, 16)
        never_copied = struct.pack("<IIII", 0x40000BAD, 16, 32473, 16)
        with open(path, "ab") as file:
            file.write(custom)
        kept = self.scratch / "kept.pcapng"
        self.text("convert", path, kept)
        self.assertTrue(kept.read_bytes().endswith(custom))
        out, part = self.scratch / "out.pcapng", self.scratch / "out1.pcapng"
        commands = (("merge", "-w", out, path, path), ("split", "--packets", "5", "-w", out, path), ("repair", path, out),
                    ("convert", "--split-packets", "5", path, out), ("read", path, "-w", out))
        for words in commands:
            with self.subTest(words[0]):
                status, _, err = trawl(*words)
                self.assertEqual(status, 0, err)
                self.assertNotIn("left out", err)
                written = (part if "5" in words else out).read_bytes()
                self.assertEqual(written.count(custom), 2 if words[0] == "merge" else 1)
                status, _, err = trawl(*(self.scratch / "out.pcap" if word == out else word for word in words))
                self.assertEqual(status, 0, err)
                self.assertIn("2 blocks" if words[0] == "merge" else "1 block", err)
        with open(path, "ab") as file:
            file.write(never_copied)
        for words in commands:
            status, _, err = trawl(*words)
            self.assertEqual((status, "must not be copied" in err), (0, words[0] != "repair"), err)

    def test_names_secrets_and_statistics_are_there_for_tshark_behind_every_command(self):
        self.needs("tshark")
        def block(kind, body):
            return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)
        name = b"server.example.net\0"
        names = block(4, struct.pack("<HH", 1, 4 + len(name)) + bytes([192, 0, 2, 80]) + name + bytes(-(len(name)) % 4) + bytes(4))
        keys = b"CLIENT_RANDOM " + b"00" * 32 + b" " + b"11" * 48 + b"\n"
        secrets = block(10, struct.pack("<II", 0x544C534B, len(keys)) + keys + bytes(-len(keys) % 4))
        statistics = block(5, struct.pack("<IIIHHQI", 0, 0x5F000, 7, 4, 8, 4242, 0))
        whole = self.ng().read_bytes()
        first = struct.unpack("<I", whole[4:8])[0]
        path = self.scratch / "rich.pcapng"
        path.write_bytes(whole[:first] + names + secrets + whole[first:] + statistics)
        other = self.scratch / "other.pcapng"
        self.text("convert", capture("udp"), other)
        def said(file):
            hosts = tool("tshark", "-q", "-z", "hosts,ip", "-r", file)
            return ("server.example.net" in hosts, keys.decode() in tool("tshark", "-q", "-r", file, "--export-tls-session-keys", "/dev/stdout")
                    or keys in pathlib.Path(file).read_bytes())
        self.assertEqual(said(path), (True, True))
        out = self.scratch / "out.pcapng"
        for words, files in ((("merge", "-w", out, other, path), [out]), (("merge", "--concatenate", "-w", out, other, path), [out]),
                             (("split", "--packets", "2", "-w", out, path), [out, self.scratch / "out1.pcapng", self.scratch / "out2.pcapng"]),
                             (("repair", path, out), [out]), (("convert", "--split-packets", "3", path, out), [out, self.scratch / "out1.pcapng"]),
                             (("read", path, "-w", out), [out]), (("read", path, path, "-w", out, "--packets", "3-8", "--", "tcp"), [out])):
            status, _, err = trawl(*words)
            self.assertEqual(status, 0, err)
            for file in files:
                with self.subTest(f"{words[:2]} {file.name}"):
                    self.assertEqual(said(file), (True, True))
            with open(files[-1], "rb") as file:
                self.assertIn(struct.pack("<HHQ", 4, 8, 4242), file.read())
            self.assertIn("interface_statistics", self.text("info", "--blocks", files[-1]))
        listed = self.text("info", "--blocks", out)
        self.assertEqual([listed.count(kind) for kind in ("section_header", "name_resolution", "decryption_secrets", "interface_statistics")],
                         [1, 1, 1, 2])

    def test_dedup_keeps_one_of_each(self):
        double = self.scratch / "double.pcap"
        self.text("merge", "-w", double, capture("tcp"), capture("tcp"))
        self.assertEqual(self.facts(double)["packets"], 12)
        self.text("convert", "--dedup", "5", double, self.scratch / "single.pcap")
        self.assertEqual(self.packets(self.scratch / "single.pcap"), self.packets(capture("tcp")))
        self.text("convert", "--dedup", "0.5s", double, self.scratch / "single.pcap")
        self.assertEqual(self.facts(self.scratch / "single.pcap")["packets"], 6)
        if shutil.which("editcap"):
            tool("editcap", "-F", "pcap", "-D", "5", double, self.scratch / "theirs.pcap")
            self.assertEqual(self.packets(self.scratch / "single.pcap"), self.packets(self.scratch / "theirs.pcap"))

    def test_damage_is_1_and_what_was_before_it_is_written(self):
        cut = self.scratch / "cut.pcapng"
        cut.write_bytes(self.ng().read_bytes()[:-150])
        self.refused(1, "convert", cut, self.scratch / "out.pcapng")
        self.assertGreaterEqual(self.facts(self.scratch / "out.pcapng")["packets"], 4)

    def test_the_input_is_never_written_over(self):
        copy = self.scratch / "x.pcap"
        shutil.copy(capture("tcp"), copy)
        self.refused(2, "convert", copy, copy)
        self.assertEqual(copy.read_bytes(), pathlib.Path(capture("tcp")).read_bytes())

    def test_split(self):
        self.text("convert", "--split-packets", "4", capture("tcp"), self.scratch / "part.pcap")
        self.assertEqual([self.facts(self.scratch / name)["packets"] for name in ("part.pcap", "part1.pcap")], [4, 2])


class Index(Files):
    def test_what_is_chosen_is_the_same_with_an_index(self):
        big = self.scratch / "big.pcap"
        self.text("merge", "-w", big, *[capture("tcp")] * 400)
        for suffix in ("pcap", "pcapng", "pcap.zst", "pcap.gz"):
            path = self.scratch / f"in.{suffix}"
            self.text("convert", *(["--seekable"] if "zst" in suffix else []), big, path)
            for words in (["-r", "2000-2003"], ["-r", "3", "-r", "2399-"], ["-r", "9000-"], ["--from", "1767225603", "--to", "1767225604"],
                          ["--from", "1767225605"], ["--to", "1767225601"], ["--from", "2100000000"], ["-r", "1500-1600", "-f", "tcp[13] & 2 != 0"]):
                for out in ("pcap", "pcapng"):
                    with self.subTest(f"{suffix} {words} {out}"):
                        pathlib.Path(f"{path}.index").unlink(missing_ok=True)
                        without, indexed = self.scratch / f"a.{out}", self.scratch / f"b.{out}"
                        trawl("convert", *words, path, without)
                        self.assertIn("2400 packets", self.text("index", path))
                        status, _, err = trawl("convert", *words, path, indexed)
                        self.assertEqual((status, "index" in err), (0, False), err)
                        self.assertEqual(without.read_bytes(), indexed.read_bytes())

    def test_what_is_read_is_the_same_with_an_index(self):
        first, second = self.scratch / "first.pcap", self.scratch / "second.pcapng"
        self.text("merge", "-w", first, *[capture("tcp")] * 400)
        self.text("merge", "-w", second, *[capture("udp")] * 400)
        columns = [word for name in ("number", "time_relative", "time_delta", "time_delta_displayed", "len") for word in ("-e", f"frame.{name}")]
        for words in (["--packets", "2000-2003"], ["--packets", "3", "--packets", "2399-2401"], ["--packets", "3500-"], ["--packets", "9000-"],
                      ["--from", "1767225603", "--to", "1767225604"], ["--from", "2100000000"], ["--packets", "1500-2500", "-Y", "frame.len > 60"],
                      ["--packets", "2600-3000", "-c", "5"]):
            for form in (["-T", "fields", *columns], ["--json"], ["-w", "-", "--format", "pcap"], ["--count"]):
                with self.subTest(f"{words} {form}"):
                    said = []
                    for index in (False, True):
                        for path in (first, second):
                            pathlib.Path(f"{path}.index").unlink(missing_ok=True)
                            if index:
                                self.text("index", path)
                        said.append(trawl("read", "-r", first, "-r", second, *words, *form, "--stats"))
                        if form == ["--count"]:
                            rows = self.text("read", "-r", first, "-r", second, "-T", "fields", "-e", "frame.number", *words).splitlines()
                            self.assertEqual(said[-1][1].split(), [str(len(rows)).encode()])
                    self.assertEqual(said[0], said[1])
        whole = self.text("read", "-r", first, "-r", second, "-T", "fields", *columns[:6]).splitlines()
        self.assertEqual(self.text("read", "-r", first, "-r", second, "-T", "fields", *columns[:6], "--packets", "2398-2405").splitlines(), whole[2397:2405])

    def test_reading_a_range_is_that_of_editcap(self):
        self.needs("editcap")
        tool("editcap", "-r", capture("tcp"), self.scratch / "theirs.pcap", "2-3", "5")
        self.text("read", capture("tcp"), "--packets", "2-3", "--packets", "5", "-w", self.scratch / "ours.pcap")
        self.assertEqual(self.packets(self.scratch / "ours.pcap"), self.packets(self.scratch / "theirs.pcap"))
        self.assertIn("--packets x: a packet number or a range", self.refused(2, "read", capture("tcp"), "--packets", "x"))

    def test_one_of_another_file_is_said_and_not_used(self):
        path = self.scratch / "x.pcap"
        shutil.copy(capture("tcp"), path)
        self.text("index", path)
        self.text("index", "--check", path)
        shutil.copy(capture("udp"), path)
        self.assertIn("belongs to another state of the file; make it anew", self.refused(1, "index", "--check", path))
        status, _, err = trawl("convert", "-r", "1-2", path, self.scratch / "out.pcap")
        self.assertEqual((status, "another state" in err), (0, True))
        self.assertEqual(self.facts(self.scratch / "out.pcap")["packets"], 2)
        self.refused(1, "index", self.scratch / "missing.pcap")
        self.refused(1, "index", "--check", capture("dns"))

    def test_seekable_is_zstd_that_zstd_reads(self):
        path = self.scratch / "s.pcap.zst"
        self.text("convert", "--seekable", capture("tcp"), path)
        self.assertEqual(path.read_bytes()[-4:], struct.pack("<I", 0x8F92EAB1))
        self.assertEqual(self.packets(path), self.packets(capture("tcp")))
        self.refused(1, "convert", "--seekable", capture("tcp"), self.scratch / "x.pcap")
        self.needs("zstd")
        done = subprocess.run(["zstd", "-dc", path], capture_output=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, pathlib.Path(capture("tcp")).read_bytes()))


class Merge(Files):
    def test_is_that_of_mergecap(self):
        self.needs("mergecap")
        inputs = [capture(name) for name in ("tcp", "udp", "dns", "arp")]
        self.text("merge", "-w", self.scratch / "ours.pcap", *inputs)
        tool("mergecap", "-F", "pcap", "-w", self.scratch / "theirs.pcap", *inputs)
        lines = {name: self.text("read", "-tt", self.scratch / f"{name}.pcap").splitlines() for name in ("ours", "theirs")}
        self.assertEqual(sorted(lines["ours"]), sorted(lines["theirs"]))   # packets of equal time: ours by input, theirs otherwise
        self.assertEqual([line.split()[0] for line in lines["ours"]], [line.split()[0] for line in lines["theirs"]])
        self.text("merge", "--concatenate", "-w", self.scratch / "ours.pcap", *inputs)
        tool("mergecap", "-a", "-F", "pcap", "-w", self.scratch / "theirs.pcap", *inputs)
        self.assertEqual(self.packets(self.scratch / "ours.pcap"), self.packets(self.scratch / "theirs.pcap"))

    def test_link_types_stay_apart(self):
        self.text("merge", "-w", self.scratch / "m.pcapng", capture("tcp"), capture("sll"), capture("raw"))
        facts = self.facts(self.scratch / "m.pcapng")
        self.assertEqual(len({interface["link_type"] for interface in facts["interfaces"]}), 3)
        self.refused(1, "merge", "-w", self.scratch / "m.pcap", capture("tcp"), capture("sll"))

    def test_damaged_and_missing_inputs_cost_only_themselves(self):
        cut = self.scratch / "cut.pcap"
        cut.write_bytes(pathlib.Path(capture("udp")).read_bytes()[:-10])
        status, _, err = trawl("merge", "-w", self.scratch / "m.pcap", capture("tcp"), cut, self.scratch / "missing.pcap")
        self.assertEqual(status, 1)
        self.assertIn("cut.pcap", err)
        self.assertIn("missing.pcap", err)
        self.assertEqual(self.facts(self.scratch / "m.pcap")["packets"], 6 + 3)

    def test_a_thousand_inputs_with_few_descriptors(self):
        for i in range(1000):
            shutil.copy(capture("udp"), self.scratch / f"in{i}.pcap")
        inputs = " ".join(f"in{i}.pcap" for i in range(1000))
        done = subprocess.run(["bash", "-c", f"ulimit -n 256; exec '{TRAWL}' merge -w m.pcap {inputs}"], cwd=self.scratch,
                              capture_output=True, check=False, timeout=120)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        facts = self.facts(self.scratch / "m.pcap")
        self.assertEqual((facts["packets"], facts["in_order"]), (4000, True))


class Sort(Files):
    def test_is_that_of_reordercap(self):
        self.needs("reordercap", "editcap", "tshark")
        # Different times, in pieces that stand the wrong way round.
        whole = self.scratch / "whole.pcapng"
        self.text("merge", "-w", whole, capture("tcp"), capture("udp"))
        parts = []
        for number, moved in enumerate((30.5, 20.25, 0, 10.75)):
            parts.append(self.scratch / f"{number}.pcapng")
            self.text("convert", "--shift", moved, whole, parts[-1])
        mixed = self.scratch / "mixed.pcapng"
        self.text("merge", "--concatenate", "-w", mixed, *parts)
        self.assertFalse(self.facts(mixed)["in_order"])
        for suffix in ("pcap", "pcapng"):
            source, ours, theirs = (self.scratch / f"{name}.{suffix}" for name in ("mixed", "ours", "theirs"))
            if suffix == "pcap":
                trawl("convert", mixed, source)
            else:   # with one interface: reordercap 4.0 stumbles over descriptions that come late
                self.text("convert", self.scratch / "mixed.pcap", source)
            self.text("sort", source, "-w", ours)
            tool("reordercap", source, theirs)
            self.assertTrue(self.facts(ours)["in_order"])
            times = [[line.split()[0] for line in self.text("read", "-tt", file).splitlines()] for file in (ours, theirs)]
            self.assertEqual(*times)
            self.assertEqual(sorted(self.packets(ours).splitlines()), sorted(self.packets(theirs).splitlines()))
        self.text("sort", "-", "-w", self.scratch / "piped.pcap", stdin=(self.scratch / "mixed.pcap").read_bytes())
        self.assertEqual((self.scratch / "piped.pcap").read_bytes(), (self.scratch / "ours.pcap").read_bytes())
        self.refused(2, "sort", "--memory", "much", mixed, "-w", ours)
        self.refused(2, "sort", ours, "-w", ours)


class Split(Files):
    def test_by_packets_size_and_time(self):
        def names(*words):
            return self.text("split", "-w", self.scratch / "p.pcap", *words, capture("tcp")).splitlines()
        self.assertEqual([self.facts(name)["packets"] for name in names("--packets", "4")], [4, 2])
        sizes = [pathlib.Path(name).stat().st_size for name in names("--size", "300")]
        self.assertGreater(len(sizes), 1)
        self.assertLessEqual(max(sizes), 300)
        out = self.text("split", "-w", self.scratch / "t%H%M%S.pcap", "--seconds", "2", capture("tcp")).splitlines()
        self.assertEqual([pathlib.Path(name).name for name in out], ["t000000.pcap", "t000002.pcap", "t000004.pcap"])
        self.assertEqual(sum(self.facts(name)["packets"] for name in out), 6)

    def test_joined_again_it_is_what_it_was(self):
        parts = self.text("split", "-w", self.scratch / "p.pcap.gz", "--packets", "1", capture("tcp")).splitlines()
        self.assertEqual(pathlib.Path(parts[1]).name, "p1.pcap.gz")
        self.text("merge", "-w", self.scratch / "whole.pcap", *parts)
        self.assertEqual(self.packets(self.scratch / "whole.pcap"), self.packets(capture("tcp")))


class Repair(Files):
    def test_what_is_left_can_be_read_by_anyone(self):
        data = pathlib.Path(capture("tcp")).read_bytes()
        broken = self.scratch / "broken.pcap"
        broken.write_bytes(data + b"\x5a" * 41 + data[24:] + data[:-7])
        self.refused(1, "read", broken)
        status, _, err = trawl("repair", broken, self.scratch / "mended.pcap")
        self.assertEqual(status, 0, err)
        self.assertIn("41 bytes are passed over", err)
        self.assertEqual(self.facts(self.scratch / "mended.pcap")["packets"], 17)
        if shutil.which("capinfos"):
            self.assertIn("17", tool("capinfos", "-M", "-c", self.scratch / "mended.pcap"))

    def test_a_whole_file_stays_whole(self):
        status, _, err = trawl("repair", capture("tcp"), self.scratch / "same.pcap")
        self.assertEqual(status, 0)
        self.assertIn("nothing was damaged", err)
        self.assertEqual((self.scratch / "same.pcap").read_bytes(), pathlib.Path(capture("tcp")).read_bytes())

    def test_nothing_to_repair_is_1(self):
        text = self.scratch / "text"
        text.write_text("no packets here, " * 100)
        self.refused(1, "repair", text, self.scratch / "out.pcap")


class Tail(Files):
    def test_last_packets_with_their_numbers(self):
        self.assertEqual(self.text("tail", "--last", "2", capture("tcp")).splitlines(), self.text("read", capture("tcp")).splitlines()[-2:])
        self.assertEqual(self.text("tail", "--last", "2", "--numbers", capture("tcp")).split(), ["5", "6"])
        self.assertEqual(self.text("tail", "--count", capture("tcp")).strip(), "6")

    def test_follows_a_file_that_grows(self):
        data = pathlib.Path(capture("tcp")).read_bytes()
        growing = self.scratch / "growing.pcap"
        growing.write_bytes(data[:24])
        with open(growing, "ab", buffering=0) as file, subprocess.Popen(
                [TRAWL, "tail", "-f", "--numbers", growing], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT) as tail:
            file.write(data[24:130])                      # a whole record and part of the next
            self.assertEqual(tail.stdout.readline(), b"1\n")
            file.write(data[130:])
            self.assertEqual([tail.stdout.readline() for _ in range(5)], [b"%d\n" % n for n in range(2, 7)])
            file.write(data[24:60])                       # half a record when it is told to stop
            tail.terminate()
            self.assertEqual(tail.wait(timeout=10), 0)
            self.assertEqual(tail.stderr.read(), b"")

    def test_follows_a_name_through_rotations(self):
        data = pathlib.Path(capture("tcp")).read_bytes()
        path = self.scratch / "live.pcap"
        path.write_bytes(data[:24])
        with subprocess.Popen(["timeout", "30", TRAWL, "tail", "-F", "--numbers", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT) as tail:
            def numbers(*wanted):
                self.assertEqual([tail.stdout.readline() for _ in wanted], [b"%d\n" % n for n in wanted])
            old = open(path, "ab", buffering=0)
            old.write(data[24:])
            numbers(1, 2, 3, 4, 5, 6)
            path.rename(self.scratch / "live.pcap.1")     # as a rotation does: the writer goes on with the old file for a while
            old.write(data[24:])
            numbers(7, 8, 9, 10, 11, 12)
            path.write_bytes(b"")                         # the new one is there, but empty
            old.write(data[24:])
            old.close()
            numbers(13, 14, 15, 16, 17, 18)
            with open(path, "ab", buffering=0) as new:
                new.write(data[:24])
                new.write(data[24:])
                numbers(19, 20, 21, 22, 23, 24)
            path.write_bytes(data[:24])                   # cut and begun again in place
            time.sleep(0.5)                               # nobody can see it when the file is as long as before
            with open(path, "ab", buffering=0) as again:
                again.write(data[24:])
                numbers(25, 26, 27, 28, 29, 30)
            other = self.scratch / "other.pcapng"         # another file takes the name, of another format
            self.text("convert", capture("udp"), other)
            other.rename(path)
            numbers(31, 32, 33, 34)
            tail.terminate()
            self.assertEqual((tail.wait(timeout=10), tail.stderr.read()), (0, b""))


class Progress(Files):
    def test_long_work_shows_a_line_on_a_terminal_and_takes_it_away(self):
        data = pathlib.Path(capture("tcp")).read_bytes()
        out = self.scratch / "out.pcap"
        for terminal in (True, False):
            try:
                ours, theirs = pty.openpty() if terminal else os.pipe()
            except OSError:
                self.skipTest("there are no pseudo terminals here")
            with subprocess.Popen([TRAWL, "convert", "-", out], stdin=subprocess.PIPE, stderr=theirs, env=ENVIRONMENT) as convert:
                os.close(theirs)
                convert.stdin.write(data)
                for _ in range(13):
                    time.sleep(0.2)
                    convert.stdin.write(data[24:])
                    convert.stdin.flush()
                convert.stdin.close()
                said = b""
                try:
                    while piece := os.read(ours, 4096):
                        said += piece
                except OSError:   # how a terminal ends
                    pass
                os.close(ours)
                self.assertEqual(convert.wait(timeout=10), 0)
            if terminal:
                self.assertRegex(said.decode(), r"\r[0-9.]+ k?B, [0-9.]+ k?B/s\x1b\[K")
                self.assertTrue(said.endswith(b"\r\x1b[K"), said)
            else:
                self.assertEqual(said, b"")
            self.assertEqual(self.facts(out)["packets"], 14 * 6)


if __name__ == "__main__":
    unittest.main()
