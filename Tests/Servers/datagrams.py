# SPDX-License-Identifier: Apache-2.0
#
# UDP servers of many kinds, which know nothing of telemetry and keep a log of their own: for each request its id, and
# CLOCK_TAI in ns before and after the receive call and before and after the send call that concern it.
#
# A request is id, 4 bytes, and for how many us to work, 4 bytes; the reply is the same bytes. Usage: KIND ADDRESS PORT LOG

import ctypes
import os
import select
import socket
import struct
import sys
import threading
import time

kind, address, port, path = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
family = socket.AF_INET6 if ":" in address else socket.AF_INET
log = open(path, "w", buffering=1)


def now():
    return time.clock_gettime_ns(time.CLOCK_TAI)


def opened(reuse=False):
    made = socket.socket(family, socket.SOCK_DGRAM)
    if reuse:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    made.bind((address, port))
    return made


def work(data):
    time.sleep(struct.unpack_from(">I", data, 4)[0] / 1e6)


def note(data, begin, received, send, sent):
    log.write("%d %d %d %d %d\n" % (struct.unpack_from(">I", data)[0], begin, received, send, sent))


def answer(data, begin, received, send):
    work(data)
    before = now()
    send(data)
    note(data, begin, received, before, now())


def one_by_one(receive, send):
    while True:
        begin = now()
        data, peer = receive()
        answer(data, begin, now(), lambda bytes: send(bytes, peer))


def recvfrom(server):
    one_by_one(lambda: server.recvfrom(2048), server.sendto)


def recvmsg(server):
    def receive():
        data, _, _, peer = server.recvmsg(2048)
        return data, peer

    one_by_one(receive, lambda data, peer: server.sendmsg([data[:4], data[4:]], [], 0, peer))


def peek(server):
    def receive():
        server.recvfrom(2048, socket.MSG_PEEK)
        time.sleep(0.0005)
        return server.recvfrom(2048)

    one_by_one(receive, server.sendto)


def connected(server):
    _, peer = server.recvfrom(2048, socket.MSG_PEEK)
    server.connect(peer)
    one_by_one(lambda: (os.read(server.fileno(), 2048), None), lambda data, _: os.write(server.fileno(), data))


def epoll(server):
    server.setblocking(False)
    poll = select.epoll()
    poll.register(server.fileno(), select.EPOLLIN)
    while True:
        poll.poll()
        while True:
            begin = now()
            try:
                data, peer = server.recvfrom(2048)
            except BlockingIOError:
                break
            answer(data, begin, now(), lambda bytes: server.sendto(bytes, peer))


def batch(server):
    while True:
        taken = []
        server.settimeout(None)
        while len(taken) < 4:
            begin = now()
            try:
                data, peer = server.recvfrom(2048)
            except TimeoutError:
                break
            taken.append((data, peer, begin, now()))
            server.settimeout(0.01)
        for data, peer, begin, received in reversed(taken):
            answer(data, begin, received, lambda bytes: server.sendto(bytes, peer))


class Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


class Header(ctypes.Structure):
    _fields_ = [
        ("name", ctypes.c_void_p), ("name_length", ctypes.c_uint32), ("vector", ctypes.POINTER(Vector)),
        ("vectors", ctypes.c_size_t), ("control", ctypes.c_void_p), ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_uint64), ("length", ctypes.c_uint32),
    ]


class Messages:
    """Room for several datagrams, as recvmmsg and sendmmsg take it."""

    def __init__(self, count):
        self.buffers = [ctypes.create_string_buffer(2048) for _ in range(count)]
        self.names = [ctypes.create_string_buffer(32) for _ in range(count)]
        self.vectors = (Vector * count)()
        self.headers = (Header * count)()
        for i in range(count):
            self.reset(i, 2048, 32)

    def reset(self, i, length, name_length):
        self.vectors[i] = Vector(ctypes.addressof(self.buffers[i]), length)
        self.headers[i] = Header(
            ctypes.addressof(self.names[i]), name_length, ctypes.pointer(self.vectors[i]), 1, None, 0, 0, 0)


library = ctypes.CDLL(None, use_errno=True)
WAIT_FOR_ONE = 0x10000


def mmsg(server, sends_many):
    room = 8
    messages = Messages(room)
    while True:
        for i in range(room):
            messages.reset(i, 2048, 32)
        begin = now()
        count = library.recvmmsg(server.fileno(), messages.headers, room, WAIT_FOR_ONE, None)
        received = now()
        datas = [messages.buffers[i].raw[: messages.headers[i].length] for i in range(count)]
        if sends_many:
            for data in datas:
                work(data)
            for i in range(count):
                messages.reset(i, len(datas[i]), messages.headers[i].name_length)
            before = now()
            library.sendmmsg(server.fileno(), messages.headers, count, 0)
            for data in datas:
                note(data, begin, received, before, now())
            continue
        for i, data in enumerate(datas):
            peer = socket.inet_ntoa(messages.names[i].raw[4:8]), struct.unpack(">H", messages.names[i].raw[2:4])[0]
            answer(data, begin, received, lambda bytes: server.sendto(bytes, peer))


def threads(serve, servers):
    for server in servers:
        threading.Thread(target=serve, args=(server,), daemon=True).start()


if kind == "threads":
    shared = opened()
    threads(recvfrom, [shared] * 4)
elif kind == "reuseport":
    threads(recvfrom, [opened(True) for _ in range(3)])
elif kind in ("recvmmsg", "sendmmsg"):
    server = opened()
    threads(lambda server: mmsg(server, kind == "sendmmsg"), [server])
else:
    threads(globals()[kind], [opened()])
print("ready", flush=True)
sys.stdin.read()
