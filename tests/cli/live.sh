#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
# trawl capture, in a network namespace of its own: what it writes, prints and counts, and how it ends.
# shellcheck source=tests/support/live_interface.sh
. "$TRAWL_SOURCE_DIR/tests/support/live_interface.sh"
trawl=$TRAWL_BINARY
is() { [ "$2" = "$3" ] || failed "$1: $2, not $3"; }
json() { python3 -c 'import json, sys; o = json.load(sys.stdin); print(eval(sys.argv[1], {}, o))' "$1"; }

traffic "$TRAWL_SOURCE_DIR"/tests/captures/tcp.pcap

echo "-c ends it, and the statistics add up"
timeout 30 "$trawl" capture -i eth0 -c 10 -w ten.pcapng --json 'tcp port 80' 2>stats.err || failed "status $?"
is packets "$("$trawl" read --count ten.pcapng)" 10
is matching "$("$trawl" read --count ten.pcapng tcp port 80)" 10
tail -1 stats.err >stats.json
is written "$(json written <stats.json)" 10
is "the sum" "$(json 'received == captured + dropped_kernel + discarded and captured == written + filtered and len(interfaces) == 1' <stats.json)" True
is "the filter in the file" "$("$trawl" info ten.pcapng | grep -c 'filter "tcp port 80"')" 1
is "statistics blocks" "$("$trawl" info --blocks ten.pcapng | grep -c interface_statistics)" 1

echo "one line a packet, and nothing else on standard output"
timeout 30 "$trawl" capture -i eth0 -c 3 tcp port 80 >lines 2>lines.err || failed "status $?"
is lines "$(wc -l <lines)" 3
is "summary lines" "$(grep -cE '\.4000[01]\b' lines)" "$(wc -l <lines)"

echo "through a pipe"
is piped "$(timeout 30 "$trawl" capture -i eth0 -c 5 -w - 2>pipe.err | "$trawl" read --count -)" 5
timeout 30 "$trawl" capture -i eth0 2>closed.err | head -2 >head || failed "a closed pipe gives ${PIPESTATUS[0]}"
is "lines before the pipe closed" "$(wc -l <head)" 2

echo "a signal ends an idle capture at once with status 0, and the file is whole"
for signal in INT TERM; do
  rm -f idle.err
  "$trawl" capture -i eth0 -w idle.pcapng 'udp port 1' 2>idle.err & capture=$!
  running+=("$capture")
  for _ in $(seq 200); do grep -qs capturing idle.err && break; sleep 0.05; done
  kill -"$signal" "$capture"
  wait "$capture" || failed "SIG$signal gives $?"
  is "packets of an idle capture" "$("$trawl" read --count idle.pcapng)" 0
done

echo "--duration ends it too"
timeout 30 "$trawl" capture -i eth0 --duration 0.3 -q 2>duration.err || failed "status $?"

echo "--fanout: with several threads, every packet once and in order of time"
timeout 30 "$trawl" capture -i eth0 --fanout 2 -c 50 -w fan.pcapng --json 2>fan.err || failed "status $?"
is "packets of two threads" "$("$trawl" read --count fan.pcapng)" 50
is "in order of time" "$("$trawl" info --json fan.pcapng | json in_order)" True
tail -1 fan.err >stats.json
is "the sum of two threads" "$(json 'received == captured + dropped_kernel + discarded and written == 50 and len(interfaces) == 1' <stats.json)" True
timeout 30 "$trawl" capture -i eth0 --fanout 2 -w fan.pcapng --duration 0.4 2>fan.err || failed "status $?"

echo "-C, -W, -z: a ring of files of bounded size, none of the packets lost before it wraps"
mkdir ring && cat >list.sh <<'END' && chmod +x list.sh
#!/bin/sh
echo "$1" >>"${0%/*}/finished"
END
timeout 30 "$trawl" capture -i eth0 -c 60 -w ring/r.pcap -C 2k -W 100 -z "$PWD/list.sh" 2>ring.err || failed "status $?"
total=0
for file in ring/*; do
  [ "$(stat -c %s "$file")" -le 2000 ] || failed "$file is too large"
  total=$((total + $("$trawl" read --count "$file")))
done
is "packets in the ring" "$total" 60
[ -e ring/r00.pcap ] || failed "names: $(ls ring)"
is "finished files" "$(sort finished | tr '\n' ' ')" "$(ls ring/* | tr '\n' ' ')"

echo "-G: a file for each second, and -W of them"
timeout 30 "$trawl" capture -i eth0 -w 'g%S.pcap.gz' -G 1 -W 2 2>interval.err || failed "status $?"
count=$(ls g*.pcap.gz | wc -l)
[ "$count" -ge 1 ] && [ "$count" -le 3 ] || failed "$count files"
status=0; "$trawl" capture -i eth0 -C 1M 2>usage.err || status=$?
is "-C without -w" "$status" 2

echo "what cannot be"
status=0; "$trawl" capture -i eth0 -c 1 'tcp prot 80' 2>bad.err || status=$?
is "a bad filter" "$status" 2
grep -q '\^' bad.err || failed "no caret"
is "link types" "$("$trawl" capture -i eth0 -L | cut -d' ' -f1)" EN10MB
echo done
