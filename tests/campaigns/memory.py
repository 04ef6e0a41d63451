"""How much memory a command takes with all that it starts, over time.

    python tests/campaigns/memory.py OUT.csv COMMAND ...

samples the sum of the proportional sizes (PSS, /proc/*/smaps_rollup) of the command's process and
all below it twice a second, so that what forks share counts once; writes seconds, megabytes
and processes to OUT.csv and prints the highest sum and the means of the run's quarters. Linux
alone. It ends with the command's exit code.
"""

import csv
import re
import subprocess
import sys
import time
from pathlib import Path

import psutil

EVERY = 0.5  # seconds: a sample costs some milliseconds a process


def size(process):
    """The proportional size of a process in bytes; 0 of one that has ended."""
    try:
        text = Path("/proc", str(process.pid), "smaps_rollup").read_text(encoding="utf-8")
    except OSError:
        return 0
    return 1024 * int(re.search(r"^Pss:\s+(\d+)", text, re.M)[1])


def samples(command):
    """Run a command: its exit code, and rows of seconds, megabytes, processes."""
    start, rows = time.monotonic(), []
    with subprocess.Popen(command) as child:
        root = psutil.Process(child.pid)
        while child.poll() is None:
            try:
                tree = [root, *root.children(recursive=True)]
            except psutil.NoSuchProcess:
                break
            sizes = [one for one in map(size, tree) if one]
            rows.append((round(time.monotonic() - start, 2), round(sum(sizes) / 1e6), len(sizes)))
            time.sleep(EVERY)
    return child.returncode, rows


def main(out, *command):
    code, rows = samples(command)
    with open(out, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("seconds", "megabytes", "processes"),
                                                         *rows])
    sums = [megabytes for _, megabytes, _ in rows]
    quarters = [sums[n * len(sums) // 4:(n + 1) * len(sums) // 4] for n in range(4)]
    means = ", ".join(f"{sum(part) / max(len(part), 1):.0f}" for part in quarters)
    print(f"At most {max(sums)} MB; in the quarters of {rows[-1][0]:.0f} s on average {means} MB",
          file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
