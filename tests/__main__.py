"""Everything that must pass before a change lands: `python -m tests`.

Extra arguments go to pytest. Each step prints its name; the first that does not pass ends the run.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
SQL = sorted(
    str(file) for file in (ROOT / "migrations" / "sql").glob("*.sql") if "down" not in file.name
)

STEPS: tuple[tuple[str, list[str]], ...] = (
    ("layout", [str(BIN / "ruff"), "format", "--check", "."]),
    ("lint", [str(BIN / "ruff"), "check", "."]),
    ("types", [str(BIN / "mypy")]),
    ("import order", [str(BIN / "lint-imports"), "--no-cache"]),
    ("migrations' SQL", [str(BIN / "squawk"), "--config", str(ROOT / ".squawk.toml"), *SQL]),
    ("committed API description", [sys.executable, "-m", "app.cli", "openapi", "--check"]),
)


def main() -> int:
    workers = str(min(os.cpu_count() or 1, 8))
    tests = ("tests", [sys.executable, "-m", "pytest", "-q", "-n", workers, *sys.argv[1:]])
    for name, command in (*STEPS, tests):
        print(f"== {name}", flush=True)  # noqa: T201
        done = subprocess.run(command, cwd=ROOT, check=False)
        if done.returncode:
            print(f"== {name}: did not pass", flush=True)  # noqa: T201
            return done.returncode
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
