"""The description's examples are what really happened, and happen still.

The story is told again and its calls compared with `openapi/examples.json`. After a change that
means to change them, write the file anew with PRAXIS_WRITE_EXAMPLES=1 in the environment.
"""

import os
import re
from typing import Any

import orjson
from fastapi import FastAPI

from app.description import EXAMPLES
from tests.contract import routes
from tests.house.witness import Story

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
INSTANT = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+\d\d:\d\d)")
SECRETS = {
    "access_token": "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6IjEifQ.e30.c2ln",
    "refresh_token": "Yp0nJ2cQ5m8v1xT4kR7wZ3bF6hL9sD0aG2eU5iO8qVc",
    "token": "kR7wZ3bF6hL9sD0aG2eU5iO8qVcYp0nJ2cQ5m8v1xT4",
    "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
    "provisioning_uri": "otpauth://totp/Praxis:ana@harbour.example?secret=JBSWY3DPEHPK3PXP",
    "otp": "492039",
    "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "cursor": "AAECAwQFBgcICQoLMDE5MmYwYzQtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDA5",
    "next": "AAECAwQFBgcICQoLMDE5MmYwYzQtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDA5",
    "password": "four lanterns along the pier",
}
TODAY = {"on", "local_on", "opened_on", "today", "next_on", "starts_on", "ends_on"}


def plain(kept: dict[str, Any]) -> dict[str, Any]:
    """The calls with what differs from run to run replaced: ids, instants, days, secrets."""
    ids: dict[str, str] = {}

    def steady(value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {key: steady(inner, key) for key, inner in value.items()}
        if name == "recovery_codes":
            return ["7k2m-q9xd-04hv-twcb"] * len(value)
        if isinstance(value, list):
            return [steady(inner, name) for inner in value]
        if not isinstance(value, str):
            return value
        if name in SECRETS:
            return SECRETS[name]
        if name in TODAY:
            return "2026-11-02"
        if ID.fullmatch(value):
            return ids.setdefault(value, f"0192f0c4-0000-7000-8000-{len(ids):012d}")
        return "2026-11-02T09:00:00Z" if INSTANT.fullmatch(value) else value

    return {name: steady(kept[name]) for name in sorted(kept)}


def test_the_examples_happened(app: FastAPI, story: Story) -> None:
    found = plain({k: v for k, v in story.kept.items() if k not in ("get_jwks", "get_metrics")})
    if os.environ.get("PRAXIS_WRITE_EXAMPLES"):
        EXAMPLES.write_bytes(
            orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        )
    assert {r.operation_id for r in routes(app)} - story.kept.keys() == set()
    assert orjson.loads(EXAMPLES.read_bytes()) == found
