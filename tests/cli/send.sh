#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
# trawl send, in a network namespace of its own: every packet arrives, in order, at the pace asked for, or is counted.
# shellcheck source=tests/support/live_interface.sh
. "$TRAWL_SOURCE_DIR/tests/support/live_interface.sh"
trawl=$TRAWL_BINARY
is() { [ "$2" = "$3" ] || failed "$1: $2, not $3"; }
json() { python3 -c 'import json, sys; o = json.load(sys.stdin); print(eval(sys.argv[1], {}, o))' "$1"; }
tcp=$TRAWL_SOURCE_DIR/tests/captures/tcp.pcap
packets=$("$trawl" read --count "$tcp")
echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6   # nothing is there but what is sent
ip link add lonely0 type veth peer name lonely1
ip link set lonely0 up && ip link set lonely1 up
sleep 0.1

# arrives NAME COUNT OPTIONS: what `trawl send OPTIONS` puts on lonely0 is on lonely1, COUNT packets of it.
arrives() {
  local name=$1 count=$2 capture; shift 2
  rm -f there.err
  "$trawl" capture -i lonely1 -w there.pcap -c "$count" --duration 20 2>there.err & capture=$!
  running+=("$capture")
  for _ in $(seq 200); do grep -qs capturing there.err && break; sleep 0.05; done
  timeout 30 "$trawl" send -i lonely0 --json "$@" 2>send.json || failed "$name: status $?: $(cat send.json)"
  wait "$capture" || failed "$name: the capture: $(cat there.err)"
  is "$name: arrived" "$("$trawl" read --count there.pcap)" "$count"
  is "$name: sent" "$(json packets <send.json)" "$count"
  is "$name: failed" "$(json failed <send.json)" 0
}
same() { cmp -s <("$trawl" read -x "$1" | grep -E '^ *[0-9a-f]{4}') <("$trawl" read -x "$2" | grep -E '^ *[0-9a-f]{4}'); }

for backend in auto socket ring; do
  echo "$backend: the bytes of the file, in their order"
  arrives "$backend" "$packets" --topspeed --backend $backend "$tcp"
  same "$tcp" there.pcap || failed "$backend changed packets"
done
echo "xdp, where the kernel has it for this user"
if "$trawl" send -i lonely0 --backend xdp --limit 1 "$tcp" 2>xdp.err; then
  arrives xdp "$packets" --topspeed --backend xdp "$tcp"
  same "$tcp" there.pcap || failed "xdp changed packets"
else
  grep -q "AF_XDP\|permission\|permitted" xdp.err || failed "xdp: $(cat xdp.err)"
fi

echo "loops, limits, standard input, preloaded"
arrives loops $((3 * packets)) --topspeed --loop 3 "$tcp"
arrives preloaded $((3 * packets)) --topspeed --loop 3 --preload "$tcp"
arrives "standard input" $((2 * packets)) --topspeed --loop 2 - <"$tcp"
arrives limit 5 --topspeed --loop 100 --limit 5 "$tcp"
arrives "two files" $((2 * packets)) --topspeed "$tcp" "$tcp"

echo "a rate is kept"
arrives rate 200 --pps 1000 --loop 0 --limit 200 "$tcp"
is "about 1,000 a second" "$(json '500 < pps < 1101' <send.json)" True

echo "what is sent as recorded takes as long as it was recorded, divided"
arrives recorded "$packets" --multiplier 1000 "$tcp"

echo "a signal ends it, with the report"
rm -f stopped.json
"$trawl" send -i lonely0 --pps 1 --loop 0 --json "$tcp" 2>stopped.json & sender=$!
running+=("$sender")
sleep 0.4
kill -INT "$sender"
wait "$sender" || failed "SIGINT gives $?"
is "sent until then" "$(json 'packets >= 1 and failed == 0' <stopped.json)" True

echo "what is wrong is said"
"$trawl" send -i nowhere0 "$tcp" 2>err && failed "an unknown interface"
grep -q "nowhere0.*lonely0" err || failed "$(cat err)"
status=0; "$trawl" send -i lonely0 --pps 1 --topspeed "$tcp" 2>err || status=$?
is "two paces" "$status" 2
"$trawl" send -i lonely0 missing.pcap 2>err && failed "a missing file"
head -c 300 "$tcp" >cut.pcap
"$trawl" send -i lonely0 --topspeed --json cut.pcap 2>err && failed "a cut file gives 0"
grep -q '"packets":[1-9]' err || failed "nothing of a cut file is sent: $(cat err)"
"$trawl" convert "$tcp" raw.pcapng && "$trawl" send -i lonely0 --topspeed --json raw.pcapng 2>err || failed "pcapng"
ip link set lonely0 down
"$trawl" send -i lonely0 --topspeed --json "$tcp" 2>err && failed "an interface that is down gives 0"
grep -q "down" err || failed "$(cat err)"
grep '^{' err >send.json
is "all failed" "$(json 'failed > 0 and packets == 0' <send.json)" True
