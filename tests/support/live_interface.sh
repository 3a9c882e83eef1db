# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Sourced by tests that capture: the script goes on in a network namespace of its own, where eth0 and eth1 are joined by a
# wire, in a scratch folder. It is skipped with a word where that is not to be had.
#   traffic FILE...   sends the packets of these captures into eth1, again and again
#   failed WORDS      ends the test, with what was written to *.err
#   running+=($!)     ends that process with the test
set -euo pipefail
# shellcheck source=tools/privilege
. "$TRAWL_SOURCE_DIR/tools/privilege"
if [ "${1:-}" != --inside ]; then
  skip() { echo "skipped: $1"; exit 77; }
  [ "$(basename "$TRAWL_BINARY")" = trawl ] || skip "no packet sockets in an emulator"
  command -v ip >/dev/null || skip "ip(8) is not installed"
  prefix=$(own_network) || skip "$(own_network_remedy)"
  # shellcheck disable=SC2086
  exec $prefix bash "$0" --inside
fi

scratch=$(mktemp -d)
running=()
trap '{ kill "${running[@]}" && wait; } 2>/dev/null || true; rm -rf "$scratch"' EXIT
cd "$scratch"
failed() {
  echo "FAILED: $*"
  for f in *.err; do
    if [ -e "$f" ]; then echo "-- $f"; cat "$f"; fi
  done
  exit 1
}
traffic() { python3 "$TRAWL_SOURCE_DIR/tests/support/sender.py" eth1 "$@" & running+=($!); }

ip link add eth0 type veth peer name eth1
ip link set eth0 up
ip link set eth1 up
