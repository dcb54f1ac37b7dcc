"""Run a command and print the most memory it held, in MB.

A process of its own: on Linux a child begins with its parent's peak (`ru_maxrss` outlives `exec`),
so that a large test run would measure itself.
"""

import os
import subprocess
import sys

child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
_, status, used = os.wait4(child.pid, 0)
if code := os.waitstatus_to_exitcode(status):
    sys.exit(code)
sys.stdout.write(f"{used.ru_maxrss / 1024}\n")
