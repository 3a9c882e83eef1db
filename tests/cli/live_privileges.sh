#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
# What trawl capture and send need, and what they give up.
# shellcheck source=tests/support/live_interface.sh
. "$TRAWL_SOURCE_DIR/tests/support/live_interface.sh"
trawl=$TRAWL_BINARY
is() { [ "$2" = "$3" ] || failed "$1: $2, not $3"; }
chmod 755 . && mkdir -m 777 open
traffic "$TRAWL_SOURCE_DIR"/tests/captures/tcp.pcap

# running ERR: waits until the capture whose messages go there has begun
begun() {
  for _ in $(seq 200); do grep -qs capturing "$1" && return; sleep 0.05; done
  failed "it does not begin"
}
status_of() { sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status" | tr -s '[:space:]' ' ' | sed 's/ $//'; }

echo "a capture keeps no capability, takes no new one, and may make few system calls"
"$trawl" capture -i eth0 -w left.pcap 2>left.err & capture=$!
running+=("$capture")
begun left.err
is "capabilities" "$(status_of $capture CapPrm) $(status_of $capture CapEff)" "0000000000000000 0000000000000000"
is "no new privileges" "$(status_of $capture NoNewPrivs)" 1
seccomp=$(status_of $capture Seccomp)
[ "$seccomp" = 2 ] || echo "  (no seccomp here: $seccomp)"
sleep 0.5
kill -INT "$capture" && wait "$capture" || failed "status $?"
[ "$("$trawl" read --count left.pcap)" -gt 0 ] || failed "nothing captured"

echo "what is captured is the same in every mode"
for mode in "-w plain.pcapng" "-w packed.pcapng.gz -U" "-w zoned.pcapng.zst" "-w quick.pcapng.lz4" "-V" "-x" "--json" "-T fields -e ip.src -e frame.number" \
            "-tttt" "--fanout 2 -w fan.pcapng" "-w row%M.pcap -G 1" "-w row.pcap -C 1k -W 5" "-Y tcp.port==80" "-w - tcp" "--backend socket" "--backend libpcap" "--backend xdp"; do
  status=0
  # shellcheck disable=SC2086
  timeout 30 "$trawl" capture -i eth0 -c 20 $mode >mode.out 2>mode.err || status=$?
  case $mode in *xdp | *libpcap) if grep -qE "not supported|permission|system refused|not installed" mode.err; then continue; fi ;; esac
  is "$mode" "$status" 0
done

echo "with CAP_NET_RAW and nothing else"
command -v setpriv >/dev/null || { echo "skipped: setpriv is not installed"; exit 77; }
alone="setpriv --bounding-set=-all,+net_raw --inh-caps=-all"
$alone "$trawl" capture -i eth0 -c 10 -w alone.pcap 2>alone.err || failed "capture with CAP_NET_RAW alone: $?"
is "captured" "$("$trawl" read --count alone.pcap)" 10
$alone "$trawl" send -i eth0 --topspeed "$TRAWL_SOURCE_DIR"/tests/captures/tcp.pcap 2>sent.err || failed "send with CAP_NET_RAW alone: $?"
$alone "$trawl" capture -i any --fanout 2 -c 10 -w any.pcapng 2>any.err || failed "any, two threads: $?"

echo "without it, and the way out is said"
status=0; setpriv --bounding-set=-all --inh-caps=-all "$trawl" capture -i eth0 -c 1 2>none.err || status=$?
is "no capability" "$status" 1
grep -q 'CAP_NET_RAW.*setcap.*docs/privileges.md' none.err || failed "$(cat none.err)"
status=0; "$trawl" capture -i eth0 -Z no-such-user -c 1 2>user.err || status=$?
is "an unknown user" "$status" 1
grep -q "no-such-user: unknown name" user.err || failed "$(cat user.err)"

setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups true 2>/dev/null || { echo "done; other users are not known in this namespace"; exit 0; }

echo "an ordinary user with CAP_NET_RAW"
cp "$trawl" open/trawl
if open/trawl --version >/dev/null 2>&1 && cd open; then
  setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups --inh-caps=-all,+net_raw --ambient-caps=-all,+net_raw --bounding-set=-all,+net_raw \
    ./trawl capture -i eth0 -c 10 -w user.pcap 2>../user.err || failed "a user with CAP_NET_RAW: $?"
  is "captured by a user" "$("$trawl" read --count user.pcap)" 10
  cd ..
fi

echo "-Z: another user, whose files they are"
"$trawl" capture -i eth0 -Z nobody -w open/theirs.pcap 2>theirs.err & capture=$!
running+=("$capture")
begun theirs.err
nobody=$(id -u nobody)
is "user" "$(status_of $capture Uid)" "$nobody $nobody $nobody $nobody"
is "groups" "$(status_of $capture Groups)" "$(id -G nobody)"
is "capabilities" "$(status_of $capture CapPrm)" 0000000000000000
kill -INT "$capture" && wait "$capture" || failed "status $?"
is "owner" "$(stat -c %U open/theirs.pcap)" nobody
status=0; "$trawl" capture -i eth0 -Z nobody -w mine.pcap -c 1 2>mine.err || status=$?
is "a folder that is not theirs" "$status" 1
grep -q "mine.pcap.*permission" mine.err || failed "$(cat mine.err)"
cat >open/who.sh <<'END' && chmod 755 open/who.sh
#!/bin/sh
id -un >>"${1%/*}/who"
END
timeout 30 "$trawl" capture -i eth0 -Z nobody -w open/r.pcap -C 2k -W 9 -c 40 -z "$PWD/open/who.sh" 2>rotated.err || failed "-Z with -z: $?"
is "the command of -z ran as" "$(sort -u open/who)" nobody
timeout 30 "$trawl" send -i eth0 -Z nobody --topspeed - <"$TRAWL_SOURCE_DIR"/tests/captures/tcp.pcap 2>sent.err || failed "send -Z: $?"
echo done
