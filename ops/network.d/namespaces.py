"""Network namespaces: making, entering and removing them; root only."""

import contextlib
import ctypes
import os
import shutil
import subprocess

FOLDER = "/run/netns"
# Source: linux/sched.h.
CLONE_NEWNET = 0x40000000
libc = ctypes.CDLL(None, use_errno=True)


def why_not():
    """Says what is missing for namespaces on this machine; None when nothing is."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    for program in ("ip", "setpriv"):
        if shutil.which(program) is None:
            return f"the program {program} is missing (packages iproute2, util-linux)"
    if not os.path.exists("/dev/net/tun"):
        return "/dev/net/tun is missing, which carries packets between namespaces"
    name = f"reportd-{os.getpid()}-try"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True)
    if made.returncode != 0:
        return f"a network namespace cannot be made here: {made.stderr.strip()}"
    remove(name)
    return None


def remove_left_over():
    """Removes namespaces of tests that were killed: those named for a process that is gone."""
    with contextlib.suppress(FileNotFoundError):
        for name in os.listdir(FOLDER):
            words = name.split("-")
            if words[0] == "reportd" and words[1:2] and not os.path.exists(f"/proc/{words[1]}"):
                remove(name)


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True)


def make(name):
    ip("netns", "add", name)
    ip("-n", name, "link", "set", "lo", "up")


def remove(name):
    """Removes a namespace after ending what still runs in it, which can only be ours."""
    listed = subprocess.run(["ip", "netns", "pids", name], capture_output=True, text=True)
    for process in map(int, listed.stdout.split()):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, 9)
    subprocess.run(["ip", "netns", "delete", name], capture_output=True)


@contextlib.contextmanager
def entered(name):
    """Puts the calling thread into a namespace; sockets and devices made there stay there."""
    own = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    other = os.open(f"{FOLDER}/{name}", os.O_RDONLY)
    try:
        switch(other)
        try:
            yield
        finally:
            switch(own)
    finally:
        os.close(other)
        os.close(own)


def switch(descriptor):
    if libc.setns(descriptor, CLONE_NEWNET) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
