"""One warm process whose forks are the steps of a study: each starts with all that it needs.

A plain step imports for some seconds what this process has imported once. `Server` starts it and
asks it for forks, `serve` is what it runs. Systems whose libraries do not bear a fork (all but
Linux) do without.
"""

import gc
import json
import os
import signal
import socket
import subprocess
import sys
import threading

from .files import refusal

AVAILABLE = sys.platform == "linux"
LONGEST = 65536  # bytes of a call
KILLED = -signal.SIGKILL


class Server:
    """A warm process, and calls that it runs in forks of itself, several at once.

    command: what starts it; the file descriptor of its socket is added as the last word. options:
    of `subprocess.Popen`, such as the folder and the environment.
    """

    def __init__(self, command, **options):
        self.channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen([*command, str(theirs.fileno())],
                                            pass_fds=[theirs.fileno()], **options)
        self.sending = threading.Lock()

    def run(self, words, stdout=None):
        """Run one call in a fork: its exit code, what it said on stderr.

        stdout: a file descriptor, by default that of this process. The fork's stdin is a pipe that
        closes when this process dies, however it dies. Raises OSError where the process is gone.
        """
        stdin, held = os.pipe()
        errors, stderr = os.pipe()
        answer, reply = os.pipe()
        given = [stdin, 1 if stdout is None else stdout, stderr, reply]
        try:
            with self.sending:
                socket.send_fds(self.channel, [json.dumps(words).encode()], given)
        finally:
            for end in (stdin, stderr, reply):
                os.close(end)
        with os.fdopen(errors, encoding="utf-8", errors="replace") as told, \
                os.fdopen(answer, "rb") as code, os.fdopen(held, "wb"):
            said = told.read()
            code = code.read()
        return (int(code) if code else KILLED), said


def serve(channel, run, load, load_ahead=lambda words: None):
    """Fork for each call that comes on a socket, until its other end closes.

    channel: the socket's file descriptor; run(words): runs a call and gives its exit code;
    load(words): called before the fork, for what all forks should have; load_ahead(words): called
    while the fork runs, for what later ones should have.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal it reaches the forks too
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who asked hears of an end; none is left over
    with socket.socket(fileno=channel) as calls:
        while True:
            message, given, *_ = socket.recv_fds(calls, LONGEST, 4)
            if not message:
                return
            words = json.loads(message)
            load(words)
            gc.freeze()  # what is loaded stays shared: a collection would write to it
            try:
                child = os.fork()
            except OSError as error:  # too many processes
                child = None
                os.write(given[2], refusal(error).encode())
                os.write(given[3], b"1")
            if child == 0:
                calls.close()
                os._exit(answered(words, given, run))
            for end in given:
                os.close(end)
            load_ahead(words)


def answered(words, given, run):
    """Run a call in this fork, with the ends of pipes that came with it; 0 once it was answered."""
    *standard, reply = given
    for number, end in enumerate(standard):
        os.dup2(end, number)
        os.close(end)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        code = run(words)
    except SystemExit as end:
        code = end.code
    except BaseException:
        import traceback
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os.write(reply, str(int(code or 0)).encode())
    return 0
