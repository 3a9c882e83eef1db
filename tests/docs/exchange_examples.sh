#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
# The examples that ask and wait for answers: eth0 here, a router with eth1 and out0, a host with out1 behind it, each in a
# network namespace of its own.
bin=$TRAWL_BINARY_DIR/bin
[ -x "$bin/example_arp_scan" ] || { echo "skipped: the examples are not built"; exit 77; }
# shellcheck source=tests/support/live_interface.sh
. "$TRAWL_SOURCE_DIR/tests/support/live_interface.sh"
unshare -n true 2>/dev/null || { echo "skipped: no second network namespace"; exit 77; }
export PATH=$bin:$PATH

other_network() {  # leaves the process that holds it in $holder
  unshare -n sleep 300 & holder=$!
  running+=("$holder")
  for _ in $(seq 200); do
    [ "$(readlink "/proc/$holder/ns/net")" != "$(readlink /proc/self/ns/net)" ] && return
    sleep 0.02
  done
  failed "no second network namespace"
}
inside() { nsenter -t "$1" -n "${@:2}"; }

other_network; router=$holder
other_network; host=$holder
ip link set eth1 netns "$router"
inside "$router" ip link add out0 type veth peer name out1
inside "$router" ip link set out1 netns "$host"
ip address add 192.0.2.1/24 dev eth0
inside "$router" sh -ec 'ip address add 192.0.2.254/24 dev eth1; ip address add 198.51.100.254/24 dev out0
  ip link set eth1 up; ip link set out0 up; sysctl -qw net.ipv4.ip_forward=1 2>/dev/null || echo 1 >/proc/sys/net/ipv4/ip_forward'
inside "$host" sh -ec 'ip address add 198.51.100.7/24 dev out1; ip link set out1 up; ip link set lo up; ip route add default via 198.51.100.254'
nsenter -t "$host" -n python3 -c '
import socket, time
listener = socket.create_server(("198.51.100.7", 8080))
print("listening", flush=True)
time.sleep(300)' >listening & running+=($!)
for _ in $(seq 200); do grep -q listening listening && break; sleep 0.05; done

run() { echo "\$ $*"; timeout 60 "$@" >out || failed "$*: status $?"; cat out; }
run example_arp_scan eth0 192.0.2.0 24
grep -qi "^192.0.2.254 is at $(inside "$router" cat /sys/class/net/eth1/address 2>/dev/null || inside "$router" ip -br link show eth1 | awk '{print $3}')$" out || failed "the router is not there"
grep -q '^1 of 256 addresses answered$' out || failed "somebody else answered"

for way in icmp udp; do
  run example_traceroute eth0 192.0.2.254 198.51.100.7 $way
  [ "$(cut -d' ' -f1,2 out | tr '\n' ';')" = "1 192.0.2.254;2 198.51.100.7;" ] || failed "another way: $(cat out)"
done

run example_syn_probe eth0 192.0.2.254 198.51.100.7 8080 8081
[ "$(sort out | tr '\n' ';')" = "8080 open;8081 closed;" ] || failed "other ports: $(cat out)"
run example_syn_probe eth0 192.0.2.254 203.0.113.1 80
grep -q '^80 unreachable$' out || failed "the router has a way to nowhere: $(cat out)"
echo done
