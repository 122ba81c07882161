#!/usr/bin/env python3
"""A proxy that takes every host for 127.0.0.1 and writes down what it was told.

usage: proxy.py LOG [STATUS]       with a status, it says that to all
"""
import socket
import sys
import threading

log = open(sys.argv[1], "a", buffering=1)
status = sys.argv[2] if len(sys.argv) > 2 else None


def pump(a, b):
    try:
        while data := a.recv(65536):
            b.sendall(data)
        b.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def talk(conn):
    head = b""
    while b"\r\n\r\n" not in head:
        data = conn.recv(65536)
        if not data:
            return
        head += data
    log.write(head.decode("latin-1"))
    method, target, _ = head.decode("latin-1").split(None, 2)
    if status or method != "CONNECT":
        conn.sendall(b"HTTP/1.1 %s X\r\nContent-Length: 0\r\n\r\n" % (status or "502").encode())
        conn.close()
        return
    there = socket.create_connection(("127.0.0.1", int(target.rpartition(":")[2])))
    conn.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    threading.Thread(target=pump, args=(there, conn), daemon=True).start()
    pump(conn, there)


server = socket.create_server(("127.0.0.1", 0))
print("PORT", server.getsockname()[1], flush=True)
while True:
    threading.Thread(target=talk, args=(server.accept()[0],), daemon=True).start()
