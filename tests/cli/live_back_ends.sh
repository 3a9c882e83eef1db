#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
# trawl capture over each of its back ends, and what it says while it runs.
# shellcheck source=tests/support/live_interface.sh
. "$TRAWL_SOURCE_DIR/tests/support/live_interface.sh"
trawl=$TRAWL_BINARY
is() { [ "$2" = "$3" ] || failed "$1: $2, not $3"; }
json() { python3 -c 'import json, sys; o = json.load(sys.stdin); print(eval(sys.argv[1], {}, o))' "$1"; }
begun() {
  for _ in $(seq 200); do grep -qs capturing "$1" && return; sleep 0.05; done
  failed "it does not begin"
}

traffic "$TRAWL_SOURCE_DIR"/tests/captures/tcp.pcap

for backend in auto ring socket libpcap; do
  echo "$backend: packets, filter, statistics"
  status=0
  timeout 30 "$trawl" capture -i eth0 --backend $backend -B 1024 -c 20 -w some.pcapng --json 'tcp port 80' 2>some.err || status=$?
  if [ $backend = libpcap ] && grep -q "libpcap is not installed" some.err; then echo "  (libpcap is not installed)"; continue; fi
  is "$backend: status" "$status" 0
  is "$backend: packets" "$("$trawl" read --count some.pcapng)" 20
  is "$backend: matching" "$("$trawl" read --count some.pcapng tcp port 80)" 20
  tail -1 some.err >some.json
  is "$backend: the sum" "$(json 'received == captured + dropped_kernel + discarded and captured == written + filtered and written == 20' <some.json)" True
  is "$backend: bytes" "$("$trawl" read -x some.pcapng | grep -cE '^ *0000')" 20
done

echo "SIGUSR1 prints the statistics, of an idle capture and of a slow sender too"
for backend in ring socket; do
  rm -f idle.err
  "$trawl" capture -i eth0 --backend $backend -w idle.pcap 'udp port 1' 2>idle.err & capture=$!
  running+=("$capture")
  begun idle.err
  kill -USR1 "$capture"
  for _ in $(seq 100); do grep -q "packets captured" idle.err && break; sleep 0.05; done
  grep -q "packets captured" idle.err || failed "$backend: no statistics"
  kill -INT "$capture" && wait "$capture" || failed "$backend: status $?"
done
"$trawl" send -i eth1 --pps 4 "$TRAWL_SOURCE_DIR"/tests/captures/tcp.pcap 2>slow.err & sender=$!
running+=("$sender")
sleep 0.3
kill -USR1 "$sender"
for _ in $(seq 100); do grep -q "packets sent" slow.err && break; sleep 0.05; done
grep -q "packets sent" slow.err || failed "no report of a slow sender"
kill -INT "$sender" && wait "$sender" || failed "send: status $?"

echo "a rate on a terminal, once a second, in one line; nowhere else"
python3 - "$trawl" <<'END' || failed "the rate line"
import os, pty, re, subprocess, sys, time
master, terminal = pty.openpty()
program = subprocess.Popen([sys.argv[1], "capture", "-i", "eth0", "-w", "rated.pcap", "--duration", "3.3"], stderr=terminal)
os.close(terminal)
text = b""
while True:
    try:
        piece = os.read(master, 4096)
    except OSError:
        break
    if not piece:
        break
    text += piece
assert program.wait() == 0, text
lines = re.findall(rb"\r(\d+) packets, (\d+) packets/s, (\d+) dropped, [0-9.]+ k?B\x1b\[K", text)
assert len(lines) in (2, 3, 4), text
assert int(lines[-1][0]) > int(lines[0][0]) > 0 and int(lines[-1][1]) > 0, lines
assert b"\r\x1b[K" in text and b"packets received" in text, text
END
timeout 30 "$trawl" capture -i eth0 -w rated.pcap --duration 1.5 2>plain.err || failed "status $?"
! grep -q "packets/s" plain.err || failed "a rate without a terminal"

echo "what an interface does not have is said"
refused() {
  local name=$1 pattern=$2 status=0; shift 2
  "$trawl" capture -c 1 "$@" 2>no.err || status=$?
  is "$name: status" "$status" 1
  grep -qE "$pattern" no.err || failed "$name: $(cat no.err)"
}
refused "adapter time" "adapter time on eth0.*not supported|not supported.*adapter time on eth0" -i eth0 --time-stamp-type adapter_unsynced
refused "adapter time in step" "in step" -i eth0 --time-stamp-type adapter
refused "monitor mode" "eth0: it is not wireless" -i eth0 -I
for type in host host_lowprec host_hiprec; do
  timeout 30 "$trawl" capture -i eth0 -q -c 1 --time-stamp-type $type 2>type.err || failed "$type: $?"
done
status=0; "$trawl" capture -i eth0 --time-stamp-type sundial 2>no.err || status=$?
is "another clock" "$status" 2
echo done
