# SPDX-License-Identifier: Apache-2.0
#
# A TCP echo server, and a client that compares every byte; they know nothing of telemetry. The client asks on some
# connections at once until its standard input has a line, prints how many requests were answered, and fails if a connection
# did, or if a byte was wrong.
#
# Usage: server ADDRESS PORT, or client ADDRESS PORT CONNECTIONS

import socket
import sys
import threading
import time

role, address, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
PATIENCE = 20


def answer(peer):
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while data := peer.recv(65536):
        peer.sendall(data)


def serve():
    listener = socket.create_server((address, port))
    while True:
        peer, _ = listener.accept()
        threading.Thread(target=answer, args=(peer,), daemon=True).start()


def connect():
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return socket.create_connection((address, port), timeout=PATIENCE)
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def ask(number, stop, counts, failures):
    try:
        with connect() as made:
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while not stop.is_set():
                turn = counts[number]
                first = number * 31 + turn * 7
                request = bytes((first + place) & 255 for place in range(16 + turn % 500))
                made.sendall(request)
                reply = b""
                while len(reply) < len(request):
                    more = made.recv(65536)
                    if not more:
                        raise EOFError("the connection ended")
                    reply += more
                if reply != request:
                    raise ValueError("turn %d: %s for %s" % (turn, reply.hex(), request.hex()))
                counts[number] += 1
    except Exception as error:
        failures.append("connection %d: %r" % (number, error))


def run(connections):
    stop, counts, failures = threading.Event(), [0] * connections, []
    threads = [threading.Thread(target=ask, args=(n, stop, counts, failures)) for n in range(connections)]
    for thread in threads:
        thread.start()
    sys.stdin.readline()
    stop.set()
    for thread in threads:
        thread.join()
    for failure in failures:
        print(failure, file=sys.stderr)
    print(sum(counts), min(counts), flush=True)
    return 1 if failures else 0


if role == "client":
    sys.exit(run(int(sys.argv[4])))
serve()
