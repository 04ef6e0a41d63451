"""Kernels that are forks of a process in which what they need is loaded.

`kernel_in_waiting` forks one; Jupyter starts it through its own plug-in point, a provisioner. The
plain kernel stays the check: a test holds the results of the two alike.
"""

import json
import os
import signal
import sys
from importlib.metadata import EntryPoint
from importlib.util import find_spec

from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

from . import reads

FORKED = "forked"  # the provisioner's name
LAUNCHER = "ipykernel_launcher"  # what a command names that starts a kernel of Python
STARTED_IN = os.getcwd()  # python -m puts it on the path, a kernel's launcher takes it off
waiting = []  # the kernel that was forked and is not yet started


def kernel_in_waiting():
    """Fork the kernel that Jupyter's next start of one becomes; call it while this process has one
    thread and no socket."""
    factory = KernelProvisionerFactory.instance()
    factory.provisioners[FORKED] = EntryPoint(
        FORKED, f"{__name__}:{Forked.__name__}", "jupyter_client.kernel_provisioners")
    factory.default_provisioner_name = FORKED
    waiting.append(Waiting())


class Forked(LocalProvisioner):
    """Starts the kernel that waits; where none does, or another language is asked for, a plain one.
    """

    async def launch_kernel(self, cmd, **kwargs):
        """Launch it with a command: what a client needs to connect."""
        if not waiting or LAUNCHER not in cmd:
            return await super().launch_kernel(cmd, **kwargs)
        self.process, self.cwd = waiting.pop(), kwargs.get("cwd") or os.getcwd()
        self.pid = self.pgid = self.process.pid
        self.process.start(cmd, kwargs["env"], self.cwd)
        return self.connection_info


class Waiting:
    """A fork of this process that waits to become a kernel; the part of Popen that Jupyter needs.
    """

    stdin = stdout = stderr = None

    def __init__(self):
        told, self.tell = os.pipe()
        self.returncode = None
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self.tell)
            os._exit(become_kernel(told))
        os.close(told)

    def start(self, command, env, cwd):
        """Let it become the kernel that a command would start."""
        with os.fdopen(self.tell, "w", encoding="utf-8") as pipe:
            json.dump([command, env, str(cwd)], pipe)

    def poll(self):
        """The exit code, None while it runs."""
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.returncode = os.waitstatus_to_exitcode(status) if pid else None
        return self.returncode

    def wait(self):
        """Wait for its end: the exit code."""
        if self.returncode is None:
            self.returncode = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.returncode

    def send_signal(self, number):
        """Send it a signal, where it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self):
        """End it at once."""
        self.send_signal(signal.SIGKILL)


def become_kernel(told):
    """In a fork: wait for the command of a kernel, then be it, as a plain one would start."""
    os.setsid()  # Ctrl-C of a terminal goes to the step, which asks the kernel
    with os.fdopen(told, encoding="utf-8") as pipe:
        text = pipe.read()
    if not text:  # the step ended before it needed a kernel
        return 0
    command, env, cwd = json.loads(text)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    sys.argv = [find_spec(LAUNCHER).origin, *command[command.index(LAUNCHER) + 1:]]
    sys.path[:] = [place for place in sys.path if place not in ("", STARTED_IN)]
    if reads.NOTES in env:
        reads.watch()
    sys.modules.pop("tqdm.auto", None)  # which asks, when it is imported, where it is
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()  # else each fork would draw the same
    if "pandas" in sys.modules:  # what it chooses where it is imported by a kernel
        sys.modules["pandas"].set_option("display.max_columns", 20)
    from ipykernel import kernelapp
    # the application reads the variable that names its parent when it is imported: too early
    kernelapp.launch_new_instance([*sys.argv[1:], f"--IPKernelApp.parent_handle={os.getppid()}"])
    return 0
