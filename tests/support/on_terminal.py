"""Runs a command whose standard error is a terminal, and prints what the terminal was shown.

python3 on_terminal.py OUTPUT COMMAND…

What the command writes to standard output goes to the file OUTPUT. It is held up again and again, each time for as long as a bar of
progress waits before it shows itself, until there is one: so the work need not be long.
"""
import os
import pty
import select
import signal
import subprocess
import sys
import time

SLICE, HELD_UP = 0.1, 0.55
leader, follower = pty.openpty()
with open(sys.argv[1], "wb") as output:
    program = subprocess.Popen(sys.argv[2:], stdout=output, stderr=follower)
os.close(follower)
shown = []


def listen(seconds):
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if not select.select([leader], [], [], left)[0]:
            return
        try:
            shown.append(os.read(leader, 65536))
        except OSError:  # the other end was closed
            time.sleep(max(0, until - time.monotonic()))
            return


while b"%" not in b"".join(shown):
    listen(SLICE)
    if program.poll() is not None:
        break
    program.send_signal(signal.SIGSTOP)
    listen(HELD_UP)
    program.send_signal(signal.SIGCONT)
while program.poll() is None:
    listen(0.05)
listen(0.05)
sys.stdout.buffer.write(b"".join(shown))
sys.exit(program.returncode)
