"""One-time codes of the demo's staff, made from the sign-ins that were kept when it was built."""

import json
from pathlib import Path
from typing import Any, Final

import pyotp

from app.command.saying import Complaint
from app.settings import Settings

FILE: Final = "demo-sign-ins.json"
"""In the data folder: they are nobody, and their passwords are no secrets."""


def code_of(settings: Settings, email: str) -> str:
    """The one-time code of that person of the demo just now; each works once, for half a minute.

    Raises Complaint for anybody else.
    """
    for one in _kept(settings.data / FILE):
        if one.get("email") == email.strip().lower() and one.get("secret"):
            return pyotp.TOTP(one["secret"]).now()
    raise Complaint(
        f"Nobody in the demo practice of {settings.data} has codes for {email}: name one of its"
        " staff, or the right data folder with --data."
    )


def _kept(file: Path) -> list[dict[str, Any]]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
