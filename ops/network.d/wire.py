"""Carries IP packets between network namespaces with delay, loss and cuts: what tc netem does, on kernels without it too.

Run by run.py: wire.py DELAY JITTER LOSS SEED NAMESPACE=ADDRESS... Times are seconds, LOSS a share of one. Each namespace gets
the device wire0. Standard input takes lines, each answered by one: "cut ADDRESS in|out|both" drops everything to or from an
address without telling anybody, "join ADDRESS" ends that, "count" prints figures as JSON. The end of input ends the program.
"""

import fcntl
import heapq
import json
import os
import random
import select
import socket
import struct
import sys
import time

import namespaces

DEVICE = b"wire0"
# Source: linux/if_tun.h.
TUNSETIFF = 0x400454CA
IFF_TUN = 0x0001
IFF_NO_PI = 0x1000
PACKET_LIMIT = 65_536
# Packets on the way to one address; more are dropped, as tc netem does with its `limit`.
QUEUE_LIMIT = 2_000


def open_device(namespace):
    """Makes wire0 in a namespace; it goes when the descriptor is closed."""
    with namespaces.entered(namespace):
        device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", DEVICE, IFF_TUN | IFF_NO_PI))
    return device


class Wire:
    """The devices, the packets on the way, and what is cut."""

    def __init__(self, delay, jitter, loss, seed, places):
        self.delay, self.jitter, self.loss = delay, jitter, loss
        self.random = random.Random(seed)
        self.devices = {socket.inet_aton(address): open_device(name) for name, address in places}
        self.waiting = []
        self.queued = dict.fromkeys(self.devices, 0)
        self.number = 0
        self.cuts = {}
        self.counts = {"carried": 0, "lost": 0, "cut": 0, "overflowed": 0}

    def take(self, device):
        """Reads what a namespace sent and decides when each packet arrives, if at all."""
        while True:
            try:
                packet = os.read(device, PACKET_LIMIT)
            except BlockingIOError:
                return
            if len(packet) < 20 or packet[0] >> 4 != 4:
                continue
            source, target = packet[12:16], packet[16:20]
            if target not in self.devices:
                continue
            if self.is_cut(source, target):
                self.counts["cut"] += 1
            elif self.random.random() < self.loss:
                self.counts["lost"] += 1
            elif self.queued[target] >= QUEUE_LIMIT:
                self.counts["overflowed"] += 1
            else:
                at = time.monotonic() + self.delay + self.random.uniform(-self.jitter, self.jitter)
                self.number += 1
                self.queued[target] += 1
                heapq.heappush(self.waiting, (at, self.number, target, packet))

    def is_cut(self, source, target):
        return self.cuts.get(source) in ("out", "both") or self.cuts.get(target) in ("in", "both")

    def deliver(self):
        """Writes the packets whose time has come; returns the seconds until the next, or None."""
        while self.waiting:
            at, _, target, packet = self.waiting[0]
            left = at - time.monotonic()
            if left > 0:
                return left
            heapq.heappop(self.waiting)
            self.queued[target] -= 1
            # A cut stops what is on the way as well.
            if self.is_cut(packet[12:16], target):
                self.counts["cut"] += 1
                continue
            try:
                os.write(self.devices[target], packet)
                self.counts["carried"] += 1
            except OSError:
                self.counts["overflowed"] += 1
        return None

    def obey(self, line):
        words = line.split()
        if words[0] == "cut":
            self.cuts[socket.inet_aton(words[1])] = words[2]
        elif words[0] == "join":
            self.cuts.pop(socket.inet_aton(words[1]), None)
        print(json.dumps(self.counts), flush=True)

    def run(self):
        poll = select.epoll()
        poll.register(0, select.EPOLLIN)
        for device in self.devices.values():
            poll.register(device, select.EPOLLIN)
        commands = b""
        while True:
            left = self.deliver()
            for ready, _ in poll.poll(-1 if left is None else max(left, 0.001)):
                if ready != 0:
                    self.take(ready)
                    continue
                read = os.read(0, 4096)
                if not read:
                    return
                *lines, commands = (commands + read).split(b"\n")
                for line in lines:
                    self.obey(line.decode())


def main():
    delay, jitter, loss = map(float, sys.argv[1:4])
    places = [argument.split("=") for argument in sys.argv[5:]]
    wire = Wire(delay, jitter, loss, int(sys.argv[4]), places)
    print("ready", flush=True)
    wire.run()


if __name__ == "__main__":
    main()
