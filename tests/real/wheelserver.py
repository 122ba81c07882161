"""Answer for wheels as a file says: wheelserver.py ANSWERS REQUESTS

ANSWERS has lines "COMMIT STATUS [HEADER: VALUE]", COMMIT the first digits, read anew each time;
status 0: no answer until the client goes.  REQUESTS gets a line for each request, with how many
were open at a time.  Prints "WHEELS port".
"""
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

answers, requests = sys.argv[1:]
lock = threading.Lock()
busy = 0


def answer_for(path):
    with open(answers, encoding="ascii") as lines:
        for line in lines:
            commit, status, *header = line.rstrip("\n").split(" ", 2)
            if commit in path:
                return int(status), header
    return 404, []


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_HEAD(self):
        global busy
        with lock:
            busy += 1
            with open(requests, "a", encoding="ascii") as log:
                log.write(f"{busy} {self.command} {self.path}\n")
        time.sleep(0.2)    # so that those asked for at once are open at once
        status, header = answer_for(self.path)
        while not status and self.connection.recv(1):
            pass
        with lock:
            busy -= 1
        if not status:
            return
        self.send_response(status)
        for line in header:
            name, value = line.split(": ", 1)
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print("WHEELS", server.server_port, flush=True)
server.serve_forever()
