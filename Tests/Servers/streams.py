# SPDX-License-Identifier: Apache-2.0
#
# TCP servers of several kinds, and clients for them; they know nothing of telemetry. A request is id, 4 bytes, for how
# many us to work, 4 bytes, and 8 more; the reply is the id, four times or more. A server logs for each request its id and
# CLOCK_TAI in ns before and after the receive call that took its last byte and before and after the send call that
# began its reply; and, as lines that begin with F, the frames that leave its interface.
#
# Usage: KIND ADDRESS PORT LOG, or client-KIND ADDRESS PORT COUNT

import os
import select
import socket
import struct
import sys
import threading
import time

kind, address, port, last = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
SIZE = 16


def now():
    return time.clock_gettime_ns(time.CLOCK_TAI)


class Log:
    def __init__(self, path):
        self.file = open(path, "w", buffering=1)
        self.lock = threading.Lock()

    def line(self, text):
        with self.lock:
            self.file.write(text + "\n")


def sniff(log):
    tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    tap.bind(("eth0", 0))
    while True:
        frame, where = tap.recvfrom(65536)
        if where[2] == socket.PACKET_OUTGOING and frame[12:14] == b"\x12\x12":
            log.line("F " + frame.hex())


class Connection:
    def __init__(self, peer, log):
        self.peer, self.log, self.pending = peer, log, b""
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def receive(self):
        if kind == "read":
            return os.read(self.peer.fileno(), 4096)
        if kind == "recvmsg":
            return self.peer.recvmsg(4096)[0]
        if kind == "pieces":
            return self.peer.recv(5)
        if kind == "shared":
            return self.peer.recv(SIZE)
        return self.peer.recv(4096)

    def send(self, reply):
        if kind == "read":
            os.write(self.peer.fileno(), reply)
        elif kind == "recvmsg":
            self.peer.sendmsg([reply[:4], reply[4:]])
        else:
            self.peer.sendall(reply)

    def step(self):
        begin = now()
        data = self.receive()
        received = now()
        self.pending += data
        while len(self.pending) >= SIZE:
            request, self.pending = self.pending[:SIZE], self.pending[SIZE:]
            self.answer(request, begin, received)
        return bool(data)

    def answer(self, request, begin, received):
        id, work = struct.unpack_from(">II", request)
        time.sleep(work / 1e6)
        reply = request[:4] * (1000 if kind == "large" else 4)
        before = now()
        if kind == "twice":
            self.send(reply[:8])
            after = now()
            self.send(reply[8:])
        else:
            self.send(reply)
            after = now()
        self.log.line("%d %d %d %d %d" % (id, begin, received, before, after))

    def serve(self):
        while self.step():
            pass


def serve(log):
    listener = socket.create_server((address, port))
    threading.Thread(target=sniff, args=(log,), daemon=True).start()
    print("ready", flush=True)
    if kind == "epoll":
        return poll(listener, log)
    while True:
        peer, _ = listener.accept()
        for _ in range(2 if kind == "shared" else 1):
            threading.Thread(target=Connection(peer, log).serve, daemon=True).start()


def poll(listener, log):
    poll, connections = select.epoll(), {}
    poll.register(listener.fileno(), select.EPOLLIN)
    while True:
        for number, _ in poll.poll():
            if number == listener.fileno():
                peer, _ = listener.accept()
                connections[peer.fileno()] = Connection(peer, log)
                poll.register(peer.fileno(), select.EPOLLIN)
            elif not connections[number].step():
                poll.unregister(number)
                del connections[number]


def ask(count, together):
    """On three connections, this many requests at a time on each."""
    connections = [socket.create_connection((address, port)) for _ in range(3)]
    for made in connections:
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    size = 4000 if kind == "client-large" else SIZE
    id = 0
    while id < count:
        asked = [0] * len(connections)
        for number, made in enumerate(connections):
            for _ in range(together):
                made.sendall(struct.pack(">II", id, (id * 2654435761 >> 20) % 3000) + bytes(8))
                id += 1
                asked[number] += 1
        for number, made in enumerate(connections):
            left = asked[number] * size
            while left:
                left -= len(made.recv(min(left, 65536)))


if kind.startswith("client"):
    ask(int(last), 3 if kind == "client-pipelined" else 1)
else:
    threading.Thread(target=serve, args=(Log(last),), daemon=True).start()
    sys.stdin.read()
