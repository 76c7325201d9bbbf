"""What was acknowledged survives kill -9; `python -m tests.kills` does this 25 times."""

import subprocess
import sys


def test_what_was_acknowledged_survives_being_killed() -> None:
    command = [sys.executable, "-m", "tests.kills", "--times", "2"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
