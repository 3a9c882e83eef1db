# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Two network namespaces, joined by a pair of interfaces: tx0 in the sender's, rx0 in the receiver's.

Packets are delivered on the second processor, where the receiver runs, not on the sender's. Nothing else speaks there.
"""
import os
import shutil
import subprocess

TX, RX = f"trawlbtx{os.getpid()}", f"trawlbrx{os.getpid()}"
IN_TX = ["ip", "netns", "exec", TX, "taskset", "-c", "0"]
IN_RX = ["ip", "netns", "exec", RX, "taskset", "-c", "1"]


def run(*words):
    subprocess.run(words, check=True)


def possible():
    return os.geteuid() == 0 and shutil.which("ip") and shutil.which("taskset") and (os.cpu_count() or 1) >= 2


class TwoNetworks:
    def __enter__(self):
        try:
            for name in (TX, RX):
                run("ip", "netns", "add", name)
                run("ip", "netns", "exec", name, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1")
            run("ip", "link", "add", "tx0", "netns", TX, "type", "veth", "peer", "name", "rx0", "netns", RX)
            run("ip", "-n", TX, "link", "set", "tx0", "up", "arp", "off")
            run("ip", "-n", RX, "link", "set", "rx0", "up", "arp", "off")
            run("ip", "netns", "exec", RX, "sh", "-c", "echo 2 > /sys/class/net/rx0/queues/rx-0/rps_cpus")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for name in (TX, RX):
            subprocess.run(["ip", "netns", "del", name], stderr=subprocess.DEVNULL, check=False)


def counter(name):
    """One of tx0's counters."""
    return int(subprocess.check_output(["ip", "netns", "exec", TX, "cat", f"/sys/class/net/tx0/statistics/{name}"]))
