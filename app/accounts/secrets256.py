"""Secrets handed out once and stored as a hash: refresh tokens, invitations, resets.

256 random bits cannot be guessed, so a plain SHA-256 is enough: there is nothing to slow down.
"""

import hashlib
import secrets

from app.core.errors import NotFound


def new_token() -> tuple[str, bytes]:
    """A new secret as 43 URL-safe letters, for its owner alone, and the hash to store."""
    token = secrets.token_urlsafe(32)
    return token, token_hash(token)


def token_hash(token: str) -> bytes:
    """The 32 bytes by which a secret that was handed out is found again."""
    return hashlib.sha256(token.encode()).digest()


def over() -> NotFound:
    """The refusal of a secret that opens nothing (any more), for whatever reason."""
    return NotFound(
        "accounts.secret_over",
        "This link was used, replaced or is too old. Ask for a new one.",
    )
