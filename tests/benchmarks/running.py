"""Processes that are given orders as lines of JSON, and answer the same way."""

import json
import subprocess
import sys
from dataclasses import asdict
from typing import Any

from tests.benchmarks.programs import Place


class Process:
    """One `python -m tests.benchmarks.<module>`, ready when this returns."""

    def __init__(self, module: str, first: str, place: Place, *more: str) -> None:
        where = json.dumps({name: str(value) for name, value in asdict(place).items()})
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"tests.benchmarks.{module}", first, where, *more],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.said = self._hear()

    def order(self, **what: Any) -> dict[str, Any]:
        """Give an order and wait for its answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        return self._hear()

    def end(self) -> None:
        """Let it go."""
        self._process.terminate()
        self._process.communicate(timeout=30)

    def _hear(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"a process of the benchmark ended with {self._process.wait()}")
        heard: dict[str, Any] = json.loads(line)
        return heard
