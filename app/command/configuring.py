"""The settings a command runs with: the environment's, and what its flags say instead."""

import difflib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from app.command.saying import TRACEBACK, Complaint, warn
from app.settings import Environment, Settings

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}


class _OneMachine(Settings):
    """The settings of `praxis up`, with a database of its own or another one."""

    environment: Environment = "development"


def settings_for(
    *,
    data: Path | None = None,
    host: str | None = None,
    port: int | None = None,
    postgres_account: str | None = None,
    on_one_machine: bool = False,
) -> Settings:
    """The settings, folders absolute. Without a public address of its own, the one served at.

    Says which variables of the environment look like settings and are none.
    `on_one_machine`: it is development unless the environment says otherwise.

    Raises pydantic's ValidationError for a setting that is not as it should be, Complaint when
    there is no folder to keep data in.
    """
    for name in unknown_variables(os.environ):
        warn(f"{name} is no setting and changes nothing{_meant(name)}.")
    given: dict[str, Any] = {
        name: value
        for name, value in {
            "data": data,
            "host": host,
            "port": port,
            "postgres_account": postgres_account,
        }.items()
        if value is not None
    }
    try:
        found = (_OneMachine if on_one_machine else Settings)(**given)
    except RuntimeError:
        raise Complaint(
            "This account has no home folder to keep data in: name a folder with --data or"
            " PRAXIS_DATA."
        ) from None
    settled: dict[str, Any] = {"data": absolute(found.data)}
    if found.keys is not None:
        settled["keys"] = absolute(found.keys)
    if "public_url" not in found.model_fields_set:
        settled["public_url"] = served_at(found.host, found.port)
    return found.model_copy(update=settled)


def served_at(host: str, port: int) -> str:
    """The address of a server that listens there, as a browser on this machine writes it."""
    name = EVERYWHERE.get(host, host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def absolute(folder: Path) -> Path:
    """The folder from the root on, with ~ spelled out; links are left as they are."""
    try:
        return Path(os.path.abspath(folder.expanduser()))
    except RuntimeError:
        raise Complaint(f"There is no home folder for {folder}: write the folder out.") from None


def environment_of(settings: Settings, worker_dsn: str) -> dict[str, str]:
    """The environment in which a child process finds these same settings, and its database."""
    unknown = unknown_variables(os.environ)
    changed = {
        "PRAXIS_ENVIRONMENT": settings.environment,
        "PRAXIS_DATA": str(settings.data),
        "PRAXIS_KEYS": str(settings.key_folder),
        "PRAXIS_PUBLIC_URL": settings.public_url,
        "PRAXIS_WORKER_DATABASE_URL": worker_dsn,
    }
    kept = {name: value for name, value in os.environ.items() if name not in unknown}
    return {**kept, **changed}


def unknown_variables(environment: Iterable[str]) -> list[str]:
    """Return the names among these that begin as settings do, and are none."""
    known = _names()
    return sorted(
        name
        for name in environment
        if name.upper().startswith("PRAXIS_") and name.upper() not in known
    )


def _meant(name: str) -> str:
    words = {known.removeprefix("PRAXIS_"): known for known in _names()}
    near = difflib.get_close_matches(name.upper().removeprefix("PRAXIS_"), words, n=1, cutoff=0.75)
    return f": {words[near[0]]} may be meant" if near else ""


def _names() -> set[str]:
    return {TRACEBACK, *(f"PRAXIS_{name.upper()}" for name in Settings.model_fields)}
