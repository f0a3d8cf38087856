"""How the process of a command ends: at once, with its exit code, and with all that was left to be done."""

from __future__ import annotations

import subprocess
import sys

_ENDING = """
import atexit, logging, sys, threading, time
from gurita.cli import main

def command(*_words, **_more):
    atexit.register(print, "registered by the command")
    threading.Thread(target=lambda: (time.sleep(0.2), print("begun in a thread"))).start()
    sys.stdout.write("unfinished line, ")
    return CODE

main.app = command
sys.argv = ["gurita"]
main.main()
"""


def ended(code: str) -> subprocess.CompletedProcess[str]:
    program = _ENDING.replace("CODE", code)
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False
    )


def test_a_command_ends_with_its_code_after_its_threads_and_what_it_left_for_the_end() -> None:
    done = ended("7")
    assert (done.returncode, done.stderr) == (7, "")
    assert done.stdout == "unfinished line, begun in a thread\nregistered by the command\n"


def test_a_command_that_breaks_ends_with_1_and_says_where() -> None:
    done = ended("1 / 0")
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stderr
