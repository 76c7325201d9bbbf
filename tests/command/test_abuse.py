"""While somebody attacks, everybody else is served; `python -m tests.abuse` looks longer."""

import subprocess
import sys


def test_others_are_served_during_each_attack() -> None:
    command = [sys.executable, "-m", "tests.abuse", "--seconds", "0.6", "--tries", "3"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
