"""Run a program on a terminal of its own.

usage: terminal.py COLUMNS ROWS COMMAND...        all that it prints, until it ends
       terminal.py --watch LOG COLUMNS ROWS COMMAND...
exit:  0 all is as it should be, else stderr says what is not

--watch tries gen status --watch on tests/fleets/every-state: LOG is the log of its compile.
"""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

LIMIT_S = 600.0


class Terminal:
    def __init__(self, columns, rows, command):
        self.said = b""
        self.process, self.end = pty.fork()
        if self.process == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execvp(command[0], command)

    def read(self):
        """More of what it says; nothing, when it has ended."""
        ready, _, _ = select.select([self.end], [], [], LIMIT_S)
        if not ready:
            sys.exit("it said nothing for %d s; so far: %r" % (LIMIT_S, self.said[-2000:]))
        try:
            more = os.read(self.end, 65536)
        except OSError:  # how Linux says that nobody has the other end any more
            more = b""
        self.said += more
        return more

    def wait_for(self, text, what):
        before = len(self.said)
        end = time.monotonic() + LIMIT_S
        while text not in self.said[before:]:
            if not self.read() or time.monotonic() > end:
                sys.exit("%s: %r did not come; last: %r" % (what, text, self.said[-2000:]))
        print("ok:", what)

    def status(self):
        while self.read():
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])


def plain(page):
    return re.sub(rb"\x1b\[[0-9;]*[A-Za-z]", b"", page).decode()


def watch(log, columns, rows, command):
    t = Terminal(columns, rows, command)
    t.wait_for(b"] 123/314", "the compile's count is shown")
    with open(log, "a") as f:
        f.write("#12 99.1 [157/314] Building CUDA object csrc/k157.cu.o\n")
    t.wait_for(b"] 157/314", "and goes on with its log")
    t.wait_for(b"\x1b[H", "it is drawn again")
    os.kill(t.process, signal.SIGINT)
    if t.status() != -signal.SIGINT:
        sys.exit("^C did not end it")
    for frame in t.said.split(b"\x1b[H")[1:-1]:
        lines = plain(frame).replace("\r", "").split("\n")
        if len(lines) > rows or max(map(len, lines)) >= columns:
            sys.exit("a frame is larger than the terminal: %r" % frame)
    print("ok: frames fit the terminal, ^C ends it")


if sys.argv[1] == "--watch":
    watch(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5:])
else:
    terminal = Terminal(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
    code = terminal.status()
    sys.stdout.buffer.write(terminal.said.replace(b"\r\n", b"\n"))
    sys.stdout.flush()
    sys.exit(code)
