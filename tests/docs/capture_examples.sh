#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
# The examples and the lines of the README that need a live interface.
bin=$TRAWL_BINARY_DIR/bin
[ -x "$bin/example_capture_pcapng" ] || { echo "skipped: the examples are not built"; exit 77; }
# shellcheck source=tests/support/live_interface.sh
. "$TRAWL_SOURCE_DIR/tests/support/live_interface.sh"
export PATH=$bin:$PATH
until_true() {
  for _ in $(seq 200); do "$@" && return; sleep 0.05; done
  failed "this did not come true: $*"
}
packets_of() { trawl info --json "$1" 2>/dev/null | sed -n 's/.*"packets":\([0-9]*\).*/\1/p'; }
some_packets_in() { [ "$(packets_of "$1")" -gt 0 ] 2>/dev/null; }
captures_on() { [ "$(wc -l </proc/net/packet)" -gt "$1" ]; }

traffic "$TRAWL_SOURCE_DIR"/tests/captures/{tcp,udp,dns,icmp}.pcap

run() { echo "\$ $*"; timeout 30 "$@" || failed "$*: status $?"; }
run example_list_interfaces | grep -q 'eth0 (up)' || failed "eth0 is not listed"
run example_capture_pcapng eth0 five.pcapng
run example_capture_pcap eth0 five.pcap
run example_capture_filter eth0 filtered.pcapng 'tcp port 80'
run example_capture_filter eth0 nested.pcapng 'tcp and (host 192.0.2.1 and port 80)'
[ "$(packets_of nested.pcapng)" = 5 ] || failed "nested.pcapng has not five packets"
run example_count_ports eth0 30 >ports
grep -q '^   80 [1-9]' ports || failed "nobody talked to port 80: $(cat ports)"

echo '$ example_stream_to_disk eth0 stream.pcapng'
example_stream_to_disk eth0 stream.pcapng & stream=$!
running+=("$stream")
until_true some_packets_in stream.pcapng   # whole, although the writer is still at work
kill -0 "$stream" || failed "it ended by itself"
kill -INT "$stream"
wait "$stream" || failed "stream_to_disk ended with $?"
trawl info stream.pcapng >/dev/null || failed "stream.pcapng is damaged"

echo '$ example_poll_capture eth0'
count=$(sleep 0.5 | timeout 30 example_poll_capture eth0) || failed "poll_capture ended with $?"
[ "${count%% *}" -gt 0 ] || failed "no packets while polling"

echo '$ example_send_packets eth0'
before=$(wc -l </proc/net/packet)
trawl capture -i eth1 -q -c 3 -w sent.pcapng 'udp and dst portrange 9001-9003' & capture=$!
running+=("$capture")
until_true captures_on "$before"
sleep 0.2
run example_send_packets eth0
timeout 30 tail --pid="$capture" -f /dev/null || failed "the packets did not arrive"
wait "$capture" || failed "trawl capture ended with $?"
ports=$(trawl read -T fields -e udp.dstport -e udp.checksum.status sent.pcapng | tr '\t\n' ': ')
[ "$ports" = "9001:1 9002:1 9003:1 " ] || failed "sent: $ports"

lines=$(sed -n 's/^\$ sudo \(trawl capture .*\)/\1/p' "$TRAWL_SOURCE_DIR/README.md")
[ -n "$lines" ] || failed "README.md captures nothing"
while read -r line; do
  echo "\$ $line"
  case $line in
    *" -c "*) timeout 60 bash -c "$line" </dev/null ;;
    *) timeout --preserve-status -k 20 -s INT 3 bash -c "exec $line" </dev/null ;;   # it ends at Ctrl-C
  esac || failed "$line: status $?"
done <<<"$lines"
echo done
