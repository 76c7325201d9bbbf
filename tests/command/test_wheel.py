"""Praxis installed from its wheel: it needs nothing of the checkout."""

import os
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import fastapi
import httpx
import pytest

from tests.command.conftest import REPOSITORY, Up, until

OTHERS = Path(fastapi.__file__).parents[1]
"""Where the libraries are installed; of what stands there in .pth files, nothing is read."""


@pytest.fixture
def installed(temporary: Path) -> Path:
    """The wheel's own `praxis`, in an environment that holds it and shares the libraries."""
    wheels, environment = temporary / "wheels", temporary / "environment"
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels)]
    subprocess.run(build, cwd=REPOSITORY, check=True, capture_output=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(environment)}))
    (site / "libraries.pth").write_text(f"{OTHERS}\n")
    python = environment / "bin" / "python"
    install = ["install", "--quiet", "--no-deps", "--no-index", str(next(wheels.glob("*.whl")))]
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
    subprocess.run([*pip, *install], check=True)
    return environment / "bin" / "praxis"


def test_praxis_up_from_a_wheel_serves_what_the_checkout_serves(
    installed: Path, temporary: Path, start: Callable[..., Up]
) -> None:
    elsewhere = temporary / "elsewhere"
    elsewhere.mkdir()
    os.environ.pop("PYTHONPATH", None)
    up = start("up", "--data", temporary / "data", command=[str(installed)], cwd=elsewhere).ready()
    until(lambda: len(up.workers()) == 1)
    served = httpx.get(f"{up.url}/openapi.json").json()
    shown = served["paths"]["/v1/auth/sign-in"]["post"]["requestBody"]["content"]
    assert "example" in shown["application/json"]
    origin = subprocess.run(
        [installed.with_name("python"), "-c", "import app; print(app.__file__)"],
        cwd=elsewhere, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert str(temporary) in origin.stdout
