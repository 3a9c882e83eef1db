#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""trawl convert as editcap is used: chopping, lengths, comments, secrets; trawl dedup. Judged by editcap and tshark."""
import json
import pathlib
import shutil
import struct
import subprocess
import unittest

from _cli import ENVIRONMENT, Case, capture, trawl


def tool(*words):
    return subprocess.run(list(map(str, words)), capture_output=True, env=ENVIRONMENT, check=False, timeout=60).stdout.decode(errors="replace")


class Edit(Case):
    def needs(self, *programs):
        for program in programs:
            if not shutil.which(program):
                self.skipTest(f"{program} is not installed")

    def packets(self, path):
        """Lengths and bytes of each."""
        lines = [json.loads(line) for line in self.text("read", "--json", path).splitlines()]
        dump = self.text("read", "-tt", "-x", path).split("\n")
        groups, group = [], []
        for line in dump:
            if line[:1].isdigit() and "." in line.split(" ")[0]:
                groups.append(group)
                group = []
            else:
                group.append(line)
        groups.append(group)
        return [(p["captured_length"], p["length"], tuple(g)) for p, g in zip(lines, groups[1:])]

    def test_chopping_as_editcap_does(self):
        self.needs("editcap")
        for words in (["4"], ["-4"], ["14:4"], ["-8:-4"], ["-8:4"], ["14", "-3"], ["2000"], ["-2000"]):
            chops = [word for w in words for word in ("-C", w)]
            for lengths, flag in (("keep", []), ("adjust", ["-L"])):
                for source in (capture("tcp"), self.noted()):
                    with self.subTest(words=words, lengths=lengths, source=source):
                        ours, theirs = self.scratch / "ours.pcapng", self.scratch / "theirs.pcapng"
                        self.text("convert", *[f"--chop={w}" for w in words], "--lengths", lengths, source, ours)
                        tool("editcap", *chops, *flag, source, theirs)
                        self.assertEqual(self.packets(ours), self.packets(theirs))

    def test_strict_times_as_editcap_has_them(self):
        self.needs("editcap")
        mixed = self.scratch / "mixed.pcap"
        self.text("merge", "--concatenate", "-w", mixed, *[capture(name) for name in ("tcp", "udp", "tcp")])
        as_ng = self.scratch / "mixed.pcapng"
        self.text("convert", mixed, as_ng)
        for seconds in ("0", "0.000001", "1.5", "-0", "-0.25"):
            for source in (mixed, as_ng):
                for suffix in ("pcap", "pcapng"):
                    for more, theirs_too in (([], []), (["--shift", "3.5"], ["-t", "3.5"]), (["-r", "2-12"], ["-r"])):
                        with self.subTest(seconds=seconds, source=source.name, suffix=suffix, more=more):
                            ours, theirs = self.scratch / f"ours.{suffix}", self.scratch / f"theirs.{suffix}"
                            status, _, err = trawl("convert", f"-S{seconds}", *more, source, ours)
                            self.assertEqual(status, 0, err)
                            tool("editcap", "-F", suffix, "-S", seconds, *theirs_too, source, theirs, *(["2-12"] if theirs_too == ["-r"] else []))
                            self.assertEqual(self.text("read", "-tt", "-x", ours), self.text("read", "-tt", "-x", theirs))

    def test_errors_are_as_many_as_asked_for_and_the_same_for_a_seed(self):
        merged, source = self.scratch / "merged.pcap", self.scratch / "many.pcap"
        self.text("merge", "-w", merged, *[capture("tcp")] * 200)
        self.text("convert", "--little-endian", merged, source)
        def data(path):
            return pathlib.Path(path).read_bytes()
        outs = {}
        for probability, offset, seed in (("0", 0, 1), ("0.01", 0, 1), ("0.01", 0, 2), ("0.25", 30, 1), ("1", 0, 1), ("1", 14, 7)):
            with self.subTest(probability=probability, offset=offset, seed=seed):
                out = self.scratch / f"{probability}-{offset}-{seed}.pcap"
                flags = ["-E", probability, "--seed", seed, "--error-offset", offset, "--little-endian"]
                self.text("convert", *flags, source, out)
                outs[probability, offset, seed] = data(out)
                self.text("convert", *flags, source, self.scratch / "again.pcap")
                self.assertEqual(data(self.scratch / "again.pcap"), data(out))
                before, after = data(source), data(out)
                self.assertEqual(len(before), len(after))
                at, changed, could = 24, 0, 0
                while at < len(before):
                    size = struct.unpack_from("<I", before, at + 8)[0]
                    self.assertEqual(before[at:at + 16 + offset], after[at:at + 16 + offset])
                    could += max(0, size - offset)
                    changed += sum(a != b for a, b in zip(before[at + 16:at + 16 + size], after[at + 16:at + 16 + size]))
                    at += 16 + size
                expected = could * float(probability)
                self.assertLessEqual(abs(changed - expected), 5 * (expected * (1 - float(probability))) ** 0.5)
        self.assertNotEqual(outs["0.01", 0, 1], outs["0.01", 0, 2])
        ng, plain = self.scratch / "x.pcapng", self.scratch / "y.pcapng"
        self.text("convert", "--little-endian", source, plain)
        self.text("convert", "-E", "0.01", "--seed", "1", plain, ng)
        trawl("convert", "--little-endian", ng, self.scratch / "back.pcap")
        self.assertEqual(data(self.scratch / "back.pcap"), outs["0.01", 0, 1])
        self.assertIn("--seed", trawl("convert", "-E", "0.5", capture("tcp"), self.scratch / "z.pcap")[2])
        for bad in (["-E", "1.5"], ["-E", "x"], ["--seed", "3"], ["-S", "x"]):
            self.refused(2, "convert", *bad, capture("tcp"), self.scratch / "z.pcap")

    def test_statistics_move_with_the_packets(self):
        seconds = 1_767_229_200
        time = struct.pack("<II", seconds * 10**6 >> 32, seconds * 10**6 & 0xFFFFFFFF)
        block = struct.pack("<III", 5, 40, 0) + time + struct.pack("<HH", 2, 8) + time + struct.pack("<HHI", 0, 0, 40)
        source = self.scratch / "in.pcapng"
        self.text("convert", "--little-endian", capture("tcp"), source)
        with open(source, "ab") as file:
            file.write(block)
        later = (seconds * 10**6 + 2_500_000)
        wanted = struct.pack("<II", later >> 32, later & 0xFFFFFFFF)
        for flags in ([], ["--split-packets", "100"]):
            with self.subTest(flags=flags):
                out = self.scratch / "out.pcapng"
                self.text("convert", "--shift", "2.5", "--little-endian", *flags, source, out)
                written = out.read_bytes()
                self.assertEqual(written.count(wanted), 2, "of the block and of its option")
                self.assertNotIn(time, written[-60:])

    def noted(self):
        path = self.scratch / "noted.pcapng"
        self.text("convert", "--comment", "2:the second", "--file-comment", "the file", capture("tcp"), path)
        return path

    def test_headers_that_fit(self):
        self.needs("tshark")
        for name in ("tcp", "udp", "dns", "icmp", "icmpv6", "vxlan", "vlan"):
            for source, flags in ((capture(name), ["-s", "60"]), (capture(name), ["--chop=-3"])):
                out = self.scratch / "out.pcapng"
                self.assertEqual(trawl("convert", *flags, "--lengths", "fit", source, out)[0], 0)
                checks = [word for p in ("ip", "udp", "tcp") for word in ("-o", f"{p}.check_checksum:TRUE")]
                rows = [tool("tshark", "-n", "-r", path, *checks, "-T", "fields", "-e", "frame.len", "-e", "frame.cap_len", "-e", "ip.len", "-e", "ip.checksum.status",
                             "-e", "tcp.checksum.status", "-e", "udp.checksum.status", "-e", "icmp.checksum.status", "-e", "icmpv6.checksum.status").splitlines()
                        for path in (source, out)]
                if name == "tcp":
                    self.assertIn("\t1\t1", "".join(rows[1]))
                for before, after in zip(*([line.split("\t") for line in lines] for lines in rows)):
                    with self.subTest(name, flags=flags):
                        if after[0] == after[1] and after[2]:
                            self.assertLessEqual(int(after[2].split(",")[0]), int(after[0]))
                        self.assertNotIn("0", ",".join(after[3:]).split(","), f"a bad checksum; before: {before[3:]}")

    def test_packets_whose_headers_were_cut_are_reported(self):
        status, _, err = trawl("convert", "--chop=4", "--lengths", "fit", capture("tcp"), self.scratch / "x.pcap")
        self.assertEqual(status, 0)
        self.assertIn("headers of 6 packets could not be made to fit", err)

    def test_secrets_in_and_out(self):
        self.needs("editcap", "capinfos")
        keys = self.scratch / "keys"
        keys.write_text("CLIENT_RANDOM 00 11\n")
        for source in (capture("tcp"), self.noted()):
            ours, theirs = self.scratch / "ours.pcapng", self.scratch / "theirs.pcapng"
            self.text("convert", "--inject-secrets", f"tls,{keys}", source, ours)
            tool("editcap", "--inject-secrets", f"tls,{keys}", source, theirs)
            found = [[line["name"] for line in self.blocks(path) if line["name"] == "decryption_secrets"] for path in (ours, theirs)]
            self.assertEqual(found, [["decryption_secrets"]] * 2)
            self.assertIn("decryption secrets in file: 1", tool("capinfos", "-D", ours))
            self.assertEqual(self.packets(ours), self.packets(source))
            self.text("convert", "--discard-secrets", ours, theirs)
            self.assertNotIn(b"CLIENT_RANDOM", theirs.read_bytes())
        self.assertIn("TYPE,FILE", self.refused(2, "convert", "--inject-secrets", "keys", capture("tcp"), self.scratch / "x.pcapng"))
        self.assertIn("No such file", self.refused(2, "convert", "--inject-secrets", "tls,/nowhere", capture("tcp"), self.scratch / "x.pcapng"))

    def blocks(self, path):
        return [json.loads(line) for line in self.text("info", "--json", "--blocks", path).splitlines()]

    def test_comments_in_and_out(self):
        self.needs("tshark", "editcap")
        source, out = self.noted(), self.scratch / "out.pcapng"
        self.assertIn(b"the file", source.read_bytes())
        self.assertEqual(tool("tshark", "-r", source, "-T", "fields", "-e", "frame.comment").splitlines()[1], "the second")
        for what, gone, left in (("file", b"the file", b"the second"), ("packets", b"the second", b"the file"), ("interfaces", b"nothing", b"the file")):
            self.text("convert", "--discard-comments", what, source, out)
            self.assertNotIn(gone, out.read_bytes())
            self.assertIn(left, out.read_bytes())
            self.assertEqual(self.packets(out), self.packets(source))
        self.text("convert", "--discard-comments", "all", "--file-comment", "new", "--comment", "1:first", source, out)
        self.assertEqual(tool("tshark", "-r", out, "-T", "fields", "-e", "frame.comment").splitlines()[:2], ["first", ""])
        for gone in (b"the second", b"the file"):
            self.assertNotIn(gone, out.read_bytes())
        self.assertIn(b"new", out.read_bytes())
        judge = self.scratch / "judge.pcapng"
        tool("editcap", "--discard-capture-comment", source, judge)
        self.assertEqual(self.packets(judge), self.packets(out))

    def doubled(self, form="pcapng"):
        """Every packet three times, a second later each."""
        one, two, all_of_them = (self.scratch / f"{name}.{form}" for name in ("one", "two", "all"))
        self.text("convert", "--shift", "0.000001", capture("tcp"), one)
        self.text("convert", "--shift", "30", capture("tcp"), two)
        self.text("merge", "-w", all_of_them, capture("tcp"), one, two)
        return all_of_them

    def test_dedup_as_editcap_does(self):
        self.needs("editcap")
        for form in ("pcap", "pcapng"):
            source = self.doubled(form)
            for words in (["-d"], ["-D", "2"], ["-D", "100"], ["-w", "0.000001"], ["-w", "5"], ["-w", "100"], ["-D", "100", "-I", "30"]):
                with self.subTest(form, words=words):
                    ours, theirs = self.scratch / f"ours.{form}", self.scratch / f"theirs.{form}"
                    status, _, err = trawl("dedup", *words, source, ours)
                    self.assertEqual(status, 0, err)
                    tool("editcap", "-F", form, *words, source, theirs)
                    self.assertEqual(self.packets(ours), self.packets(theirs))

    def test_dedup_says_what_went(self):
        out = self.scratch / "out.pcapng"
        status, said, err = trawl("dedup", "--list", self.doubled(), out)
        self.assertEqual((status, err), (0, "trawl: 18 packets, 6 of them removed\n"))
        self.assertEqual(said.decode().splitlines()[:2], ["2 = 1", "4 = 3"])
        self.assertIn("seconds are needed", self.refused(2, "dedup", "-w", "x", capture("tcp"), out))

    def test_dedup_takes_tags_as_nothing_when_asked(self):
        tagged, plain, both = self.scratch / "tagged.pcap", self.scratch / "plain.pcap", self.scratch / "both.pcap"
        self.text("convert", "-r", "1", capture("vlan"), tagged)
        self.text("convert", "--chop=12:4", "--lengths", "adjust", tagged, plain)
        self.text("merge", "-w", both, tagged, plain)
        for flags, removed in (([], 0), (["--novlan"], 1)):
            self.assertIn(f"{removed} of them removed", trawl("dedup", *flags, both, self.scratch / "out.pcap")[2])


if __name__ == "__main__":
    unittest.main()
