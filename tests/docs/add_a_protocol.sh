#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Follows docs/add-a-protocol.md in a copy of the tree: three files change, and the command built there knows the protocol.
set -euo pipefail
page=$TRAWL_SOURCE_DIR/docs/add-a-protocol.md
cache=$TRAWL_BINARY_DIR/CMakeCache.txt
skip() { echo "skipped: $1"; exit 77; }
for want in 'CMAKE_BUILD_TYPE:[A-Z]*=Release' 'BUILD_SHARED_LIBS:BOOL=OFF' 'TRAWL_WITH_PCAPNG:BOOL=ON'; do
  grep -q "^$want" "$cache" || skip "it builds trawl once more, which the release build does for all"
done
[ "$(basename "$TRAWL_BINARY")" = trawl ] || skip "cross build"
command -v ninja >/dev/null || skip "ninja is not installed"

tree=$TRAWL_BINARY_DIR/add_a_protocol/tree   # kept, so that a second run compiles what has changed only
mkdir -p "$tree"
list=$tree/../list
if ! (cd "$TRAWL_SOURCE_DIR" && git ls-files -co --exclude-standard) >"$list" 2>/dev/null; then
  (cd "$TRAWL_SOURCE_DIR" && find . -path ./build -prune -o -type f -print) >"$list"
fi
(cd "$TRAWL_SOURCE_DIR" && while read -r file; do [ -f "$file" ] && printf '%s\n' "$file"; done <"$list") | LC_ALL=C sort -u >"$list.there"
(cd "$tree" && find . -path ./build -prune -o -type f -print | sed 's|^\./||' | LC_ALL=C sort) | LC_ALL=C comm -13 "$list.there" - | (cd "$tree" && xargs -r -d '\n' rm --)
while read -r file; do   # what has not changed keeps its time
  cmp -s "$TRAWL_SOURCE_DIR/$file" "$tree/$file" || install -D -p "$TRAWL_SOURCE_DIR/$file" "$tree/$file"
done <"$list.there"

python3 - "$page" "$tree" <<'PYTHON'
import pathlib
import re
import subprocess
import sys

page, tree = pathlib.Path(sys.argv[1]).read_text(), pathlib.Path(sys.argv[2])
for file, kind, text in re.findall(r"File `([^`]+)`:[^\n]*\n```(\w+)\n(.*?)```", page, re.S):
    path = tree / file
    if kind == "cpp":
        path.write_text(text)
    elif kind == "sh":
        subprocess.run(["bash", "-euc", text], cwd=tree, check=True)
    elif kind == "diff":
        lines, after = path.read_text().splitlines(), None
        for line in text.splitlines():
            if line.startswith("+"):
                lines.insert(after + 1, line[1:])
                after += 1
            elif line.strip():
                found = [i for i, there in enumerate(lines) if there.strip().startswith(line.strip())]
                assert len(found) == 1, f"{file}: {line!r} stands there {len(found)} times"
                after = found[0]
        path.write_text("\n".join(lines) + "\n")
PYTHON

changed=$(cd "$tree" && find . -path ./build -prune -o -type f -print | sed 's|^\./||' | LC_ALL=C sort | while read -r file; do
  cmp -s "$file" "$TRAWL_SOURCE_DIR/$file" || printf '%s\n' "$file"
done)
want=$(printf '%s\n' include/trawl/wire/standard.hpp include/trawl/wire/tunnel/vxlan_gpe.hpp tests/captures/vxlan_gpe.pcap)
[ "$changed" = "$want" ] || { echo "FAILED: these files were touched:"; echo "$changed"; exit 1; }

compiler=$(sed -n 's/^CMAKE_CXX_COMPILER:[A-Z]*=//p' "$cache")
cmake -S "$tree" -B "$tree/build" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O0 -DCMAKE_CXX_COMPILER="$compiler" -DTRAWL_TESTS=OFF \
  -DTRAWL_BENCH=OFF -DTRAWL_FUZZ=OFF -DTRAWL_EXAMPLES=OFF >"$tree/../log" || { cat "$tree/../log"; exit 1; }
# What cannot see a protocol is taken from the build that runs this test; the rest is compiled.
changed_rooms=(export display rewrite dissect wire) same_rooms=(capture file filter bpf core)
read -ra third_party < <(sed -n 's/^Libs: .*-ltrawl_core//p' "$TRAWL_BINARY_DIR/trawl.pc")
mapfile -t objects < <(ninja -C "$tree/build" -t targets all | sed -n 's|^\(CMakeFiles/trawl_cli.dir/.*\.o\):.*|\1|p')
{ cmake --build "$tree/build" -j "$(nproc)" --target "${objects[@]}" "${changed_rooms[@]/#/trawl_}" &&
  mkdir -p "$tree/build/bin" &&
  (cd "$tree/build" && "$compiler" -o bin/trawl "${objects[@]}" -Wl,--start-group $(printf 'lib/libtrawl_%s.a ' "${changed_rooms[@]}") \
    $(printf "$TRAWL_BINARY_DIR/lib/libtrawl_%s.a " "${same_rooms[@]}") -Wl,--end-group "${third_party[@]}")
} >"$tree/../log" 2>&1 || { cat "$tree/../log"; exit 1; }

cd "$tree"
export PATH=$tree/build/bin:$PATH
line=$(sed -n 's/^\$ \(trawl .*\)/\1/p' "$page")
said=$(bash -c "$line")
want=$(sed -n '/^\$ trawl/,/^```/p' "$page" | sed '1d;$d')
[ "$said" = "$want" ] || { echo "FAILED: $line"; diff <(echo "$want") <(echo "$said"); exit 1; }
if command -v tshark >/dev/null; then
  fields=(-e vxlan.flags -e vxlan.ver -e vxlan.i_bit -e vxlan.p_bit -e vxlan.o_bit -e vxlan.reserved_16 -e vxlan.next_proto -e vxlan.vni -e vxlan.reserved8 -e frame.protocols)
  diff <(tshark -n -r tests/captures/vxlan_gpe.pcap -T fields "${fields[@]}" 2>/dev/null) <(trawl read -T fields "${fields[@]}" tests/captures/vxlan_gpe.pcap) ||
    { echo "FAILED: tshark sees other values"; exit 1; }
fi
trawl read -V tests/captures/vxlan_gpe.pcap | grep -q 'vxlan.next_proto: 3 (Ethernet)'
echo "three files, and trawl knows VXLAN-GPE"
