"""The README's first ten minutes, block by block, against a running demo."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.schema import ROOT
from tests.kills import free_port, up

README = (ROOT / "README.md").read_text()
SECTION = README[README.index("## The first ten minutes") : README.index("## How it answers")]
BLOCKS = re.findall(r"^```sh\n(.*?)^```", SECTION, re.DOTALL | re.MULTILINE)
PRINTS = re.compile(r"^# prints: (.*)$", re.MULTILINE)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """`praxis up --demo` on a free port, with a data folder of its own."""
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o711)
    port, data = free_port(), tmp_path / "data"
    with up(data, port, "--demo"):
        yield port, data


def test_it_has_all_of_the_main_job() -> None:
    assert len(BLOCKS) >= 9
    assert len(PRINTS.findall(SECTION)) >= 7


def test_the_blocks_do_what_they_say(running: tuple[int, Path]) -> None:
    port, data = running
    script = "\n".join(f"{block}echo '== end of block'" for block in BLOCKS)
    script = script.replace(":8000", f":{port}").replace(
        ".venv/bin/", f"{Path(sys.executable).parent}/"
    )
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        env={**os.environ, "PRAXIS_DATA": str(data)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = done.stdout.split("== end of block\n")
    for block, output in zip(BLOCKS, said, strict=False):
        for expected in PRINTS.findall(block):
            assert output.splitlines()[-1] == expected, f"{block}\n{output}"
